"""Graphs of another program as a file may hold them: what they show is in the file too.

In: a graph as XML and what is in a project. Out: the graph without the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from lxml import etree

from pipelines.export.projects.refi_layout import walk_codes
from workbench.domain.refi import RefiProject


def read_graph(text: str) -> Any:
    """Read a graph; None where it is no XML."""
    parser = etree.XMLParser(resolve_entities="internal", no_network=True, load_dtd=False)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def shown_names(project: RefiProject) -> dict[str, str]:
    """Give what the things of a project are called, by GUID."""
    named = (project.users, project.variables, project.cases, project.sources, project.notes,
             project.sets, project.links)  # fmt: skip
    found = {one.guid: one.name for things in named for one in things}
    found.update((code.guid, code.name) for code in walk_codes(project.codes))
    return found


def graph_within(
    text: str,
    names: dict[str, str],
    is_given: Callable[[str], bool],
    label: Callable[[str], str] = str,
) -> tuple[str, int]:
    """Take out of a graph what stands for things that are not in the file.

    Parameters
    ----------
    names
        What things are called now, by GUID: a graph may still have what they were called once.
    is_given
        Tells whether something in the file has a GUID.
    label
        Gives what may be shown of a name that is of nothing in the file.

    Returns
    -------
    tuple
        The graph, and how many of its parts it lost. A line goes with either of its ends.
    """
    root = read_graph(text)
    if root is None:
        return text, 0
    gone: set[str] = set()
    n_gone = 0
    for part in [*root.iterchildren("Vertex"), *root.iterchildren("Edge")]:
        about = part.get("representedGUID", "").lower()
        ends = {part.get("sourceVertex", "").lower(), part.get("targetVertex", "").lower()}
        if (about and not is_given(about)) or ends & gone:
            gone |= {part.get("guid", "").lower()} - {""}
            n_gone += 1
            root.remove(part)
        elif about and names.get(about):
            part.set("name", names[about])
        elif about or not label(part.get("name", "")):
            part.attrib.pop("name", None)
    if not label(root.get("name", "")):
        root.attrib.pop("name", None)
    return cast(str, etree.tostring(root, encoding="unicode")), n_gone
