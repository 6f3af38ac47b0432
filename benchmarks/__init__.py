"""Benchmarks: how quick the workbench is, measured on the machine at hand.

In: nothing but the program itself; every benchmark makes its own texts and its own database in a
temporary folder. Out: `RESULTS.md`.
"""
