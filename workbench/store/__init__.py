"""The database. SQL lives here and nowhere else; functions take a connection and never commit."""
