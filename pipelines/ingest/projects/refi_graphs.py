"""Graphs of REFI-QDA, which are kept as XML and not looked into, and the numbers of attributes.

In: elements. Out: XML with nothing in it but what the schema knows; whole numbers.
"""

from __future__ import annotations

import re
from typing import cast

from lxml import etree

from pipelines.ingest.projects.refi_xml import Element

_INTEGER = re.compile(r"\s*[+-]?\d{1,12}\s*")
_GRAPH_PARTS = {
    "Vertex": ("guid", "representedGUID", "name", "firstX", "firstY", "secondX", "secondY",
               "shape", "color"),
    "Edge": ("guid", "representedGUID", "name", "sourceVertex", "targetVertex", "color",
             "direction", "lineStyle"),
}  # fmt: skip


def whole_number(text: str) -> int | None:
    """Return a whole number, None where it is none or has no sense as one."""
    return int(text) if text.isascii() and _INTEGER.fullmatch(text) else None


def graph_text(element: Element) -> str:
    """Return a graph as XML without a namespace, its attributes in the schema's order."""
    root = etree.Element("Graph")
    for name in ("guid", "name"):
        if element.get(name):
            root.set(name, element.get(name))
    for tag, attributes in element.children:
        part = etree.SubElement(root, tag) if tag in _GRAPH_PARTS else None
        for name in _GRAPH_PARTS.get(tag, ()):
            if part is not None and attributes.get(name):
                part.set(name, attributes[name])
    return cast(str, etree.tostring(root, encoding="unicode"))
