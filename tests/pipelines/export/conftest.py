"""Extracts to export, from harmless to hostile."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from pipelines.export.extracts import format_of
from pipelines.export.options import ExtractOptions
from workbench.domain.extracts import Extract

OPTIONS = ExtractOptions(
    title="Relationships and access",
    study="SpeakOut 2022",
    attributes=("role", "ethnic group"),
    generated_at="14 Feb 2022, 10:30",
    notes=("3 answers are not read yet.",),
)
URDU = "میں نے تین بار فون کیا"
FAMILY = "👩‍👧‍👦 é é"
HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</style></blockquote>{{ 7 * 7 }}{% raw %}&amp;",
    "=HYPERLINK(\"http://example.org\",\"x\")",
    "  +1+1",
    "-2",
    "@SUM(A1)",
    "\uff1d1+1",
    "\u200b\ufeff=1",
    "\t=1",
    "\r=1",
    "'=1",
    "''",
    "#N/A",
    "TRUE",
    "007",
    "_x0041_",
    "a\x00b\x07c\x0b\x1f",
    "lone \ud800 surrogate",
    "noncharacter \ufffe",
    'comma, "quotes"; and\nlines\r\nof\rall\u2028kinds',
    "]]>",
    URDU,
    FAMILY,
    "",
    " ",
]  # fmt: skip


def extracts_bytes(extracts: Iterable[Extract], *, format: str, options: ExtractOptions) -> bytes:
    """Give the bytes of a file of extracts."""
    stream = io.BytesIO()
    format_of(format).write(stream, extracts, options)
    return stream.getvalue()


def make(
    number: int = 14, code: str = "Relationships / Judged", quote: str = "Q", **more: Any
) -> Extract:
    fields: dict[str, Any] = {
        "guid": f"guid-{number}",
        "code_path": tuple(code.split(" / ")),
        "quote": quote,
        "document_id": number,
        "document": f"R{number:03}/q2",
        "coder": "Amina",
        "created_at": "2022-02-14T10:30:00Z",
        "respondent": f"R{number:03}",
        "question_ref": "q2",
        "question": "Who worked with you?",
        "start": 5,
        "end": 5 + len(quote),
        "attributes": {"role": "Parent", "ethnic group": "Pakistani", "region": "London"},
    }
    return Extract(**(fields | more))


@pytest.fixture()
def options() -> ExtractOptions:
    return OPTIONS


@pytest.fixture()
def extract() -> Callable[..., Extract]:
    return make


@pytest.fixture()
def hostile() -> list[Extract]:
    """One extract per hostile text, which stands in every field that holds somebody's words."""
    return [
        make(
            number,
            quote=text,
            before=text,
            after=text,
            memo=text,
            respondent=text,
            question=text,
            speaker=text,
            coder=text,
            document=text,
            marks=(text,),
            attributes={"role": text},
            colour=text,
            code_path=("Theme " + text, "Code " + text),
        )
        for number, text in enumerate(HOSTILE)
    ]


@pytest.fixture()
def few() -> list[Extract]:
    """Three codes of two themes, a theme's own code, Urdu, a memo, a mark."""
    return [
        make(14, "Relationships", "They were human.", colour="#0072B2"),
        make(
            14,
            "Relationships / Judged",
            "looked at my scarf",
            before="But the next one ",
            after=". I left.",
            memo="cf. R003\nagain",
            colour="#0072B2",
        ),
        make(15, "Relationships / Judged", URDU, marks=("machine draft",), speaker="R015"),
        make(17, "Access / Waiting / Months", "Fourteen months.", start=None, end=None),
    ]
