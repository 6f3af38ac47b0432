"""What the columns of a survey file mean, as a person wrote it down.

In: YAML text, or a proposal that a person has corrected. Out: a `Mapping`, checked against the
header of a file. Every scalar of the YAML is taken as text: `yes` and `007` stay as written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from pipelines.ingest.surveys.mapping_model import (
    AttributeMapping,
    Mapping,
    QuestionMapping,
    QuotedMapping,
    VoiceNoteMapping,
    nearest,
    similar,
)
from pipelines.ingest.tables.records import shorten
from pipelines.ingest.text_yaml import load_text
from workbench.domain.words import agree
from workbench.errors import SurveyError

__all__ = [
    "AttributeMapping",
    "Mapping",
    "QuestionMapping",
    "VoiceNoteMapping",
    "build_mapping",
    "check_mapping",
    "dump_mapping",
    "load_mapping",
]

MAX_PROBLEMS = 5
"""Problems of a mapping that one message lists."""
MAX_LISTED_COLUMNS = 30


class _TextDumper(yaml.SafeDumper):
    """Quotes texts with any sign that YAML takes for the end of a line."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    breaks = any(sign in text for sign in "\r\x85\u2028\u2029")
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if breaks else None)


_TextDumper.add_representer(str, _represent_text)


def load_mapping(text: str, source: str = "the mapping") -> Mapping:
    """Read a mapping from YAML.

    Raises
    ------
    SurveyError
        When it is not YAML, names an unknown field, or contradicts itself.
    """
    try:
        data = load_text(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise SurveyError(
            f"this is not YAML: {getattr(error, 'problem', None) or error}.",
            source=source,
            line=mark.line + 1 if mark else None,
            hint="Check the indentation and the colons there.",
        ) from error
    except (RecursionError, ValueError, TypeError) as error:
        raise SurveyError("this is not a mapping of columns.", source=source) from error
    if not isinstance(data, dict):
        raise SurveyError(
            "this is not a mapping of columns.",
            source=source,
            hint="Begin with `respondent_id: COLUMN`.",
        )
    return build_mapping(_without_nothing(data), source)


def build_mapping(data: dict[str, Any], source: str = "the mapping") -> Mapping:
    """Make a mapping from plain values, such as the rows that a person has edited on a page.

    Raises
    ------
    SurveyError
        When a field is missing, unknown or of the wrong form, or the parts contradict each other.
    """
    try:
        return Mapping.model_validate(data)
    except ValidationError as error:
        problems = [_problem(dict(problem)) for problem in error.errors(include_url=False)]
        more = len(problems) - MAX_PROBLEMS
        listed = "; ".join(problems[:MAX_PROBLEMS]) + (f"; and {more} more" if more > 0 else "")
        raise SurveyError(
            f"{listed}.", source=source, hint="The fields are described in the documentation."
        ) from error


def _without_nothing(data: dict[str, Any]) -> dict[str, Any]:
    """Leave out the keys that have nothing after the colon."""
    return {key: value for key, value in data.items() if value != ""}


def _problem(problem: dict[str, Any]) -> str:
    where = ""
    for part in problem["loc"]:
        where += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if where else str(part)
    if problem["type"] == "missing":
        return f"`{where}` is missing"
    if problem["type"] == "extra_forbidden":
        field = str(problem["loc"][-1])
        return f"there is no field `{shorten(where)}`{_known_field(problem['loc'], field)}"
    message = str(problem["msg"]).removeprefix("Value error, ").rstrip(".")
    if problem["type"] == "value_error":
        return f"{where}: {message}" if where else message
    return f"`{shorten(where)}`: {message}, not {shorten(str(problem.get('input')))!r}"


def _known_field(loc: Sequence[Any], field: str) -> str:
    models: dict[Any, type[BaseModel]] = {
        "attributes": AttributeMapping,
        "questions": QuestionMapping,
        "voice_notes": VoiceNoteMapping,
        "may_be_quoted": QuotedMapping,
    }
    model = models.get(loc[0], Mapping) if len(loc) > 1 else Mapping
    known = list(model.model_fields)
    return f" ({nearest(field, known).strip() or 'known: ' + ', '.join(known)})"


def dump_mapping(mapping: Mapping) -> str:
    """Write a mapping as YAML that `load_mapping` reads back as the same mapping."""
    data = mapping.model_dump(mode="json", exclude_defaults=True)
    return yaml.dump(data, Dumper=_TextDumper, sort_keys=False, allow_unicode=True, width=1000)


def check_mapping(
    mapping: Mapping, header: Sequence[str], source: str = "the file"
) -> tuple[str, ...]:
    """Hold a mapping against the columns that a file has.

    A question that a file lacks altogether was not asked there, which is a warning. It is an error
    if the file has a column of a similar name that the mapping does not use: a slip of the pen
    would otherwise silence all answers.

    Returns
    -------
    tuple of str
        Warnings: questions that this file does not have, columns that the mapping does not name.

    Raises
    ------
    SurveyError
        When a column that is needed is not in the file.
    """
    known = set(header)
    needed = [*mapping.used_columns(), *mapping.conditions(known)]
    for where, column in needed:
        if column not in known:
            raise _unknown(source, where, column, header, header)
    named = {column for _, column in (*needed, *mapping.answer_columns())}
    named |= {*mapping.identifying, *mapping.ignore}
    unnamed = [column for column in header if column not in named]
    answers = list(mapping.answer_columns())
    absent = [(where, column) for where, column in answers if column not in known]
    for where, column in absent:
        if similar(column, unnamed) or len(absent) == len(answers):
            raise _unknown(source, where, column, header, unnamed)
    warnings = [
        f"there is no column {column!r} ({where}): taken as not asked in this file."
        for where, column in absent
    ]
    warnings += _not_found_warnings(mapping, known)
    if unnamed:
        warnings.append(
            agree("{n} {column is|columns are} not in the mapping and left out: ", len(unnamed))
            + f"{_list_columns(unnamed)}."
        )
    return tuple(warnings)


def _not_found_warnings(mapping: Mapping, known: set[str]) -> list[str]:
    return [
        f"there is no column {column!r} ({role}) in this file."
        for role, columns in (("identifying", mapping.identifying), ("ignore", mapping.ignore))
        for column in columns
        if column not in known
    ]


def _unknown(
    source: str, where: str, column: str, header: Sequence[str], candidates: Sequence[str]
) -> SurveyError:
    close = nearest(column, candidates).strip()
    return SurveyError(
        f"there is no column {shorten(column)!r} ({where}). Columns: {_list_columns(header)}.",
        source=source,
        line=1,
        hint=f"{close} Choose another column in the mapping.".strip(),
    )


def _list_columns(columns: Sequence[str]) -> str:
    listed = ", ".join(shorten(column) for column in columns[:MAX_LISTED_COLUMNS])
    more = len(columns) - MAX_LISTED_COLUMNS
    return f"{listed} and {more} more" if more > 0 else listed
