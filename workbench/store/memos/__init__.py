"""Memos: written, found, and seen only by those who may."""
