"""Files for other people and programs: extracts as CSV, XLSX, DOCX and HTML, codebooks as YAML.

In: domain values, already filtered to what the person may see and what may leave the database.
Out: files, written whole or not at all.
"""
