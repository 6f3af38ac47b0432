"""Surveys and respondents: answers, attributes, and imports with the way back."""
