"""XML that means harm, and XML that is only unusual."""

from __future__ import annotations

import io
import time

import pytest

from pipelines.ingest.projects import refi_xml
from pipelines.ingest.projects.refi_project import read_refi
from pipelines.ingest.projects.refi_xml import Element, read_xml
from workbench.domain.refi import MAX_CODE_DEPTH
from workbench.errors import RefiError

TEN = "".join(
    f"<!ENTITY a{n} '{(f'&a{n - 1};' if n else 'ha') * 10}'>" for n in range(10)
)  # fmt: skip


def codebook(inside: str) -> io.BytesIO:
    return io.BytesIO(f"<CodeBook><Codes>{inside}</Codes></CodeBook>".encode())


def refusal(data: bytes) -> str:
    with pytest.raises(RefiError) as caught:
        read_refi(io.BytesIO(data), "theirs.qdc")
    return str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><CodeBook>&x;</CodeBook>',
        f"<!DOCTYPE a [{TEN}]><CodeBook origin='&a9;'/>".encode(),
        b'<!DOCTYPE CodeBook SYSTEM "http://127.0.0.1:9/x.dtd"><CodeBook/>',
        b"<!--" + b" x " * 50_000 + b"--><!DOCTYPE a><CodeBook/>",
        "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE a [<!ENTITY b 'c'>]><CodeBook/>".encode(
            "utf-16"
        ),
        b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]><CodeBook/>',
    ],
    ids=["outside", "laughs", "fetched", "late", "utf-16", "parameter"],
)
def test_document_types_are_refused(data: bytes) -> None:
    start = time.process_time()
    assert "the XML declares a document type, which REFI-QDA never has" in refusal(data)
    assert time.process_time() - start < 5


def test_a_hundred_thousand_codes_inside_each_other_are_refused() -> None:
    n = 100_000
    data = '<Code name="x">' * n + "</Code>" * n
    with pytest.raises(RefiError) as caught:
        read_refi(codebook(data), "deep.qdc")
    assert str(caught.value) == (
        "deep.qdc: codes lie more than 100 deep. Put them higher up in the other program, and "
        "export again."
    )


def test_codes_as_deep_as_allowed_are_read() -> None:
    data = '<Code name="x">' * MAX_CODE_DEPTH + "</Code>" * MAX_CODE_DEPTH
    code = read_refi(codebook(data), "deep.qdc").project.codes[0]
    depth = 1
    while code.children:
        code, depth = code.children[0], depth + 1
    assert depth == MAX_CODE_DEPTH


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "no element found"),
        (b"<CodeBook>", "damaged at line 1"),
        (b"<CodeBook>\n<Codes></CodeBook>", "damaged at line 2"),
        (b"<CodeBook>&unknown;</CodeBook>", "Entity 'unknown' not defined"),
        (b"<CodeBook origin='\xff'/>", "damaged at line 1"),
        (b"<html><body/></html>", "it begins with <html>, not with a project or a codebook"),
        (b"code,definition\nA,B\n", "damaged at line 1"),
        (b"<Project name='x'/>", "this is the inner file of a project, without its texts"),
    ],
)
def test_what_is_no_refi_file(data: bytes, found: str) -> None:
    told = refusal(data)
    assert told.startswith("theirs.qdc: ")
    assert found in told


@pytest.mark.parametrize("namespace", ["1.0", "0:4", "1:0", "0:10"])
def test_every_version_of_the_namespace_is_read(namespace: str) -> None:
    data = (
        f'\ufeff<q:CodeBook xmlns:q="urn:QDA-XML:codebook:{namespace}" origin="O">'
        '<q:Sets/><q:Codes><q:Code guid="{AAAAAAAA-0000-4000-8000-000000000000}" name="A &amp; B" '
        'isCodable="true"><q:Description/></q:Code></q:Codes></q:CodeBook>'
    )
    project = read_refi(io.BytesIO(data.encode()), "x.qdc").project
    assert [(one.guid, one.name) for one in project.codes] == [
        ("aaaaaaaa-0000-4000-8000-000000000000", "A & B")
    ]


def test_elements_that_nobody_knows_are_told_and_what_is_in_them_is_left() -> None:
    found = read_refi(codebook('<Code name="A"><Weight>1</Weight></Code><Code name="B"/>'), "x.qdc")
    assert [code.name for code in found.project.codes] == ["A", "B"]
    assert found.left_out == ("Elements that REFI-QDA does not know (1): Weight.",)


def test_words_are_kept_whole_whatever_the_pieces_they_come_in() -> None:
    data = "<A><Description>á 😬 &amp; \n b</Description><!-- c --></A>".encode()

    def words(element: Element) -> str:
        return element.text

    pieces = [data[at : at + 1] for at in range(len(data))]
    builders = {"A": lambda element: element.first("Description"), "Description": words}
    tag, made, unknown = read_xml(pieces, builders, "x")
    assert (tag, made, dict(unknown)) == ("A", "á 😬 & \n b", {})


def test_masses_of_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refi_xml, "MAX_ELEMENTS", 10)
    with pytest.raises(RefiError, match=r"the XML has more than 10 elements\. Export parts of the"):
        read_refi(codebook('<Code name="x"/>' * 9), "many.qdc")
