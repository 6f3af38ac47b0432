"""Memos: threads, a box for one, and what to write down."""
