"""Codebooks in many formats. In: a file. Out: a tree of codes."""
