"""Projects from and for other programs: rows read, written, and taken back."""
