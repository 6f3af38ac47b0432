"""Recordings: brought in, transcribed, listened to, checked, and given out as transcripts."""
