"""One thin file per page."""
