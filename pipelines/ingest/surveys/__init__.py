"""From a table of texts to a survey: what its columns and cells mean."""
