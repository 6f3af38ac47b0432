"""Codebooks as files. In: a tree of codes. Out: one module for each format."""
