"""Which answers are read and in which order, and extracts as a list."""
