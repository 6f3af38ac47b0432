"""A whole study to a file of another program and back: REFI-QDA, Taguette, QualCoder."""
