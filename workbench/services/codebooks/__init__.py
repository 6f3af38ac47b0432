"""The codebook: its codes and files, how it is refined, its versions, what to review again."""
