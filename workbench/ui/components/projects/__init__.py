"""Projects for other programs and from them."""
