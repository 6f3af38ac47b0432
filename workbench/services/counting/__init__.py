"""Themes by group: tables, comparisons, figures, and how far the coding has come."""
