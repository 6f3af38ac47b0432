"""Focus groups: who speaks when, whose words they are, and their sessions."""
