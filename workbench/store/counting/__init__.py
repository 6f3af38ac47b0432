"""Themes and progress, counted by groups of people, discussions and units."""
