"""Transcribe: recordings to transcripts, many voice notes through one model at a time."""
