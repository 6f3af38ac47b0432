"""The codebook: its tree and versions, and what refining it asks of codings."""
