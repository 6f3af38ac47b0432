"""Files in, values of a study out: tables, surveys, discussions, codebooks, projects."""
