"""Pictures of themes by group.

In: cells of a table that has been counted already. Out: charts, PNG and SVG.
"""
