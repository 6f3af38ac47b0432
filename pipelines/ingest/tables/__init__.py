"""From a file of any known format to a table of texts."""
