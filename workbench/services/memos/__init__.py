"""Memos: written, listed, prompted, and taken away as files."""
