"""The codebook: its tree, its versions, what refines it, and codings to review again."""
