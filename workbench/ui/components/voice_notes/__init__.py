"""Recordings brought in and transcribed, and their transcripts as files."""
