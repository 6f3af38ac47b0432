"""Recordings, the queue that transcribes them, and their transcripts and translations."""
