"""The methods appendix as Markdown.

In: an appendix. Out: text with headings, paragraphs and tables, every name as it is.
"""

from __future__ import annotations

from pipelines.export.neutralise import encodable
from workbench.domain.methods import Appendix, Section, Table

_SPECIAL = str.maketrans({character: f"\\{character}" for character in r"\`*_{}[]<>#|$~"})


def methods_markdown(appendix: Appendix) -> str:
    """Write the appendix; no text in it is taken for markup."""
    parts = [f"# {_text(appendix.title)}"]
    for section in appendix.sections:
        parts += _section(section)
    return encodable("\n\n".join(parts)) + "\n"


def _section(section: Section) -> list[str]:
    parts = [f"## {_text(section.title)}", *map(_text, section.paragraphs)]
    return parts if section.table is None else [*parts, _table(section.table)]


def _table(table: Table) -> str:
    lines = [table.header, ("---",) * len(table.header), *table.rows]
    written = [[cell if line[0] == "---" else _text(cell) for cell in line] for line in lines]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in written)


def _text(text: str) -> str:
    """Write a text on one line, so that Markdown shows it as it is."""
    return " ".join(text.split()).translate(_SPECIAL)
