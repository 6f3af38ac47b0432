"""Members, who codes what, and how far they agree."""
