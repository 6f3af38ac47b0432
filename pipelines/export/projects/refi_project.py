"""Write a project as the XML of REFI-QDA, `project.qde`, in the order of its schema.

In: a `RefiProject`. Out: UTF-8 in a stream, written a piece at a time, and what was left out.
Source: REFI-QDA standard 1.5, Project.xsd 1.0 (www.qdasoftware.org).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from pipelines.export.projects.refi_codebook import write_codes
from pipelines.export.projects.refi_graphs import read_graph
from pipelines.export.projects.refi_layout import Layout
from pipelines.export.projects.refi_sources import SourceWriter
from pipelines.export.projects.refi_xml import RefiOptions, RefiReport, Xml, colour, xml_into
from workbench.domain.refi import UTF16_MARK, RefiCase, RefiLink, RefiProject, derived_guid
from workbench.domain.refi_reasons import Reasons

NAMESPACE = "urn:QDA-XML:project:1.0"
SCHEMA = "http://schema.qdasoftware.org/versions/Project/v1.0/Project.xsd"
_GRAPH_PARTS = {
    "Vertex": (("guid", "firstX", "firstY"),
               ("representedGUID", "name", "secondX", "secondY", "shape", "color")),
    "Edge": (("guid", "sourceVertex", "targetVertex"),
             ("representedGUID", "name", "color", "direction", "lineStyle")),
}  # fmt: skip
"""What the schema requires of a part, and what it allows."""


def write_project(
    stream: BinaryIO,
    project: RefiProject,
    layout: Layout,
    options: RefiOptions,
    left_out: Reasons,
) -> RefiReport:
    """Write `project.qde`.

    Parameters
    ----------
    layout
        Names and identities of this project; files that it does not name are not referred to.
    left_out
        Gathers what could not be carried; what is in it already comes first in the report.

    Returns
    -------
    RefiReport
        How many sources and codings were written, and what was not or was written otherwise.
    """
    remarks = Reasons()
    with xml_into(stream, NAMESPACE, remarks) as xml:
        writer = SourceWriter(xml, layout, options, left_out)
        with xml.root("Project", _attributes(project, options, writer), SCHEMA):
            _before_sources(project, xml, writer)
            _section(xml, "Sources", project.sources, writer.source)
            _section(xml, "Notes", project.notes, writer.note)
            _section(xml, "Links", _links(project, writer), lambda link: _link(link, writer))
            _section(xml, "Sets", project.sets, lambda one: _set(one, writer))
            _section(xml, "Graphs", _graphs(project, writer), lambda graph: _graph(graph, writer))
            xml.optional("Description", project.description)
            writer.notes(project.project_notes)
    return RefiReport(
        n_sources=len(project.sources),
        n_codings=writer.n_codings,
        left_out=left_out.sentences(),
        remarks=remarks.sentences(),
        astral=tuple(dict.fromkeys(writer.astral)),
    )


def _attributes(
    project: RefiProject, options: RefiOptions, writer: SourceWriter
) -> dict[str, str | None]:
    mark = UTF16_MARK if options.profile == "utf16" else ""
    created = writer.made(project.user, project.made_at)
    changed = writer.made(project.changed_by, project.changed_at)
    return {
        "name": project.name,
        "origin": f"{project.origin}{mark}" or None,
        "creatingUserGUID": created["creatingUser"],
        "creationDateTime": created["creationDateTime"],
        "modifyingUserGUID": changed["creatingUser"],
        "modifiedDateTime": changed["creationDateTime"],
    }


def _section(xml: Xml, tag: str, things: Sequence[Any], write: Callable[[Any], None]) -> None:
    """Write a list with its wrapper; no wrapper where there is nothing in it."""
    if not things:
        return
    with xml.element(tag):
        xml.line()
        for thing in things:
            write(thing)
    xml.line()


def _before_sources(project: RefiProject, xml: Xml, writer: SourceWriter) -> None:
    def user(one: Any) -> None:
        xml.leaf("User", {"guid": one.guid, "name": one.name or None, "id": one.id or None})

    def variable(one: Any) -> None:
        attributes = {"guid": one.guid, "name": one.name, "typeOfVariable": one.type}
        with xml.element("Variable", attributes):
            xml.optional("Description", one.description)

    _section(xml, "Users", project.users, user)
    if project.codes:
        with xml.element("CodeBook"):
            write_codes(xml, project.codes, writer.left_out, writer.notes)
        xml.line()
    _section(xml, "Variables", project.variables, variable)
    _section(xml, "Cases", project.cases, lambda case: _case(case, writer))


def _case(case: RefiCase, writer: SourceWriter) -> None:
    layout = writer.layout
    with writer.xml.element("Case", {"guid": case.guid, "name": case.name or None}):
        writer.xml.optional("Description", case.description)
        writer.refs("CodeRef", case.codes, layout.codes, "targetGUID")
        writer.values(case.values)
        writer.refs("SourceRef", case.sources, layout.sources, "targetGUID")
        writer.refs("SelectionRef", case.selections, layout.selections, "targetGUID")
    writer.xml.line()


def _memos_of_cases(cases: Sequence[RefiCase]) -> tuple[RefiLink, ...]:
    """Return memos on cases as links, since the schema gives cases no references to notes."""
    return tuple(
        RefiLink(derived_guid("memo on case", note, case.guid), note, case.guid, "memo")
        for case in cases
        for note in case.notes
    )


def _links(project: RefiProject, writer: SourceWriter) -> list[RefiLink]:
    known = writer.layout.everything
    kept = []
    for link in (*project.links, *_memos_of_cases(project.cases)):
        if link.origin in known and link.target in known:
            kept.append(link)
        else:
            writer.left_out.add("Links to what is not in the project", link.name)
    return kept


def _link(link: RefiLink, writer: SourceWriter) -> None:
    attributes = {
        "guid": link.guid,
        "name": link.name or None,
        "direction": link.direction,
        "color": _colour(link.colour, writer.left_out),
        "originGUID": link.origin,
        "targetGUID": link.target,
    }
    with writer.xml.element("Link", attributes):
        writer.notes(link.notes)
    writer.xml.line()


def _set(one: Any, writer: SourceWriter) -> None:
    layout = writer.layout
    with writer.xml.element("Set", {"guid": one.guid, "name": one.name}):
        writer.xml.optional("Description", one.description)
        writer.refs("MemberCode", one.codes, layout.codes, "targetGUID")
        writer.refs("MemberSource", one.sources, layout.sources, "targetGUID")
        writer.refs("MemberNote", one.notes, layout.notes, "targetGUID")
    writer.xml.line()


def _graphs(project: RefiProject, writer: SourceWriter) -> list[Any]:
    """Read the graphs; those without a GUID are told and left out."""
    kept = []
    for graph in project.graphs:
        root = read_graph(graph)
        if root is None or not root.get("guid"):
            writer.left_out.add("Graphs that cannot be written", graph[:40])
        else:
            kept.append(root)
    return kept


def _graph(root: Any, writer: SourceWriter) -> None:
    with writer.xml.element("Graph", {"guid": root.get("guid"), "name": root.get("name")}):
        for tag, (required, allowed) in _GRAPH_PARTS.items():
            for part in root.iterchildren(tag):
                if not all(part.get(name) for name in required):
                    writer.left_out.add("Parts of graphs that miss something", tag)
                    continue
                attributes = {name: part.get(name) for name in (*required, *allowed)}
                attributes["color"] = _colour(part.get("color", ""), writer.left_out)
                writer.xml.leaf(tag, attributes)
    writer.xml.line()


def _colour(text: str, left_out: Reasons) -> str | None:
    found = colour(text) if text else None
    if text and found is None:
        left_out.add("Colours that are not #RRGGBB", text)
    return found
