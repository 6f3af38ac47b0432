"""Files in, values of a study out: survey files with their mapping, and codebooks."""
