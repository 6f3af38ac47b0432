"""Survey files: columns and their roles, what an import changes, and taking one back."""
