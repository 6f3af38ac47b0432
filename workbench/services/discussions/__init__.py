"""Focus groups: transcripts in, who speaks, who takes part, who talks to whom."""
