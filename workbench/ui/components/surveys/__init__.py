"""Survey files, their imports, and the attributes of respondents."""
