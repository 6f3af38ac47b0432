"""Projects of other programs: REFI-QDA, Taguette, QualCoder. In: a file. Out: a `Project`."""
