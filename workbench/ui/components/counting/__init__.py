"""Tables of themes and of progress."""
