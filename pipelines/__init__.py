"""Batch work from files to values and back: one package per step, none knows a screen or SQL."""
