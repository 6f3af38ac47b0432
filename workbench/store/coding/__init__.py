"""Codings: where they sit, whose words they cover, and how they are found as extracts."""
