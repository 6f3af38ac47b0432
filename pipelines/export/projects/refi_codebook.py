"""Write codes as REFI-QDA has them: inside a project, or as a codebook file of their own (.qdc).

In: a `RefiProject`. Out: the codes with their definitions and colours; in a .qdc sets of codes too.
The two are different types in the standard: a .qdc has no notes, and calls its members otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import BinaryIO

from pipelines.export.projects.refi_layout import walk_codes
from pipelines.export.projects.refi_xml import RefiReport, Xml, colour, xml_into
from workbench.domain.refi import RefiCode, RefiProject
from workbench.domain.refi_reasons import Reasons
from workbench.errors import ExportError

NAMESPACE = "urn:QDA-XML:codebook:1.0"
SCHEMA = "http://schema.qdasoftware.org/versions/Codebook/v1.0/Codebook.xsd"


def write_codebook(stream: BinaryIO, project: RefiProject) -> RefiReport:
    """Write a codebook file (.qdc).

    Raises
    ------
    ExportError
        When there is no code, since the format allows no empty codebook, or codes lie too deep.
    """
    if not project.codes:
        raise ExportError("The codebook has no codes, and a .qdc file needs one. Add a code first.")
    left_out, remarks = Reasons(), Reasons()
    known = {code.guid for code in walk_codes(project.codes)}
    for code in walk_codes(project.codes):
        if code.notes:
            left_out.add("Memos on codes, which a .qdc file cannot hold", code.name)
    origin = {"origin": project.origin or None}
    with xml_into(stream, NAMESPACE, remarks) as xml, xml.root("CodeBook", origin, SCHEMA):
        write_codes(xml, project.codes, left_out)
        _write_sets(xml, project, known, left_out)
    return RefiReport(left_out=left_out.sentences(), remarks=remarks.sentences())


def write_codes(
    xml: Xml,
    codes: Iterable[RefiCode],
    left_out: Reasons,
    notes: Callable[[Iterable[str]], None] | None = None,
) -> None:
    """Write the element `Codes`. `notes` writes references to notes, where these are allowed."""
    with xml.element("Codes"):
        xml.line()
        for code in codes:
            _write_code(xml, code, left_out, notes)
    xml.line()


def _write_code(
    xml: Xml,
    code: RefiCode,
    left_out: Reasons,
    notes: Callable[[Iterable[str]], None] | None,
) -> None:
    shown = colour(code.colour) if code.colour else None
    if code.colour and shown is None:
        left_out.add("Colours that are not #RRGGBB", code.colour)
    attributes = {
        "guid": code.guid,
        "name": code.name,
        "isCodable": "true" if code.is_codable else "false",
        "color": shown,
    }
    with xml.element("Code", attributes):
        xml.optional("Description", code.description)
        if notes is not None:
            notes(code.notes)
        for child in code.children:  # at most MAX_CODE_DEPTH deep: walk_codes has looked
            _write_code(xml, child, left_out, notes)
    xml.line()


def _write_sets(xml: Xml, project: RefiProject, known: set[str], left_out: Reasons) -> None:
    sets = [one for one in project.sets if any(code in known for code in one.codes)]
    for one in project.sets:
        if one.sources or one.notes:
            left_out.add("Sets of other things than codes", one.name)
    if not sets:
        return
    with xml.element("Sets"):
        for one in sets:
            with xml.element("Set", {"guid": one.guid, "name": one.name}):
                xml.optional("Description", one.description)
                for code in one.codes:
                    if code in known:
                        xml.leaf("MemberCode", {"guid": code})
            xml.line()
    xml.line()
