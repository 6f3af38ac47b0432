"""Coders, who has which documents, what they agree on and what was settled."""
