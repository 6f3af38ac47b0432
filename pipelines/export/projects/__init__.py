"""REFI-QDA files. In: a `Project`. Out: an archive or a codebook that holds to the schema."""
