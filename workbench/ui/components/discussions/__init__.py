"""Focus groups: transcripts brought in, who speaks, who talks to whom."""
