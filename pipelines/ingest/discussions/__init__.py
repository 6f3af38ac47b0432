"""Transcripts of discussions and tables of who took part. In: a file. Out: turns, people."""
