"""Codebook files: YAML as a person writes it in, a checked `Codebook` out.

In: the text of a codebook file (`codebooks/*.yaml`). Out: `workbench.domain.codebook.Codebook`, or
one `CodebookError` that names the line and the code at fault. The models below are the one
definition of the format; `codebooks/codebook.schema.json` is written from them:

    python -c "from pipelines.ingest.codebooks.codebook import *; print(schema_text(), end='')"
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from workbench.domain.codebook import (
    MAX_NAME,
    Codebook,
    CodeNode,
    check,
    check_name,
    format_path,
)
from workbench.errors import CodebookError

FORMAT = "speakout-codebook/1"
MAX_BYTES = 5_000_000
"""Of the UTF-8 text. A codebook of a thousand codes has about 500,000."""
MAX_LEVELS = 20
"""Codes within codes. Nobody reads a deeper tree, and other programs cannot hold it."""
MAX_COLLECTIONS = 2 * MAX_LEVELS + 2
"""Lists and mappings within each other: two per level of codes, the file, and its list of codes."""

Place: TypeAlias = tuple[str | int, ...]
"""Keys and positions on the way from the top of the file to a value."""
Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"

BARE_COLOUR = re.compile(r":[ \t]+#[0-9A-Fa-f]{6}\b")
PLAIN_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map")}


class SourceModel(BaseModel):
    """What a theme rests on: a study, a report, a law."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Source")

    id: str = Field(pattern=r"\S", description="Short name that codes refer to in `rests_on`.")
    citation: str = Field(pattern=r"\S", description="The full citation.")


class CodeModel(BaseModel):
    """One code. A code at the top level is a theme."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Code")

    name: str = Field(
        pattern=r"\S", max_length=MAX_NAME, description="Short name, unique among its neighbours."
    )
    colour: str = Field(
        default="",
        pattern=r"^(#[0-9A-Fa-f]{6})?$",
        description="#RRGGBB. Without one, the code takes a tint of its theme's colour.",
    )
    definition: str = Field(default="", description="What the code means, in a sentence or two.")
    include: str = Field(default="", description="When to apply it.")
    exclude: str = Field(default="", description="When not to, and what to apply instead.")
    examples: list[str] = Field(default=[], description="Short quotes that the code fits.")
    cues: list[str] = Field(
        default=[], description="Words and phrases on which the code is suggested, never applied."
    )
    rests_on: list[str] = Field(default=[], description="Ids of the sources behind the code.")
    children: list[CodeModel] = Field(
        default=[], description=f"Sub-codes, at most {MAX_LEVELS} levels in all."
    )


class CodebookModel(BaseModel):
    """A codebook: a named tree of codes, and the sources that it rests on."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="SpeakOut Workbench codebook")

    format: Literal["speakout-codebook/1"] = Field(description="The format and its version.")
    name: str = Field(pattern=r"\S", description="The codebook's name.")
    version: str = Field(default="1", description="The codebook's own version.")
    language: str = Field(default="en", description="BCP 47 tag of the definitions' language.")
    description: str = Field(default="", description="What the codebook is for.")
    sources: list[SourceModel] = Field(default=[], description="What the themes rest on.")
    codes: list[CodeModel] = Field(min_length=1, description="The themes, in order.")


def load_codebook(text: str, source: str) -> Codebook:
    """Read a codebook file.

    Every value is taken as the text that stands there: `No`, `1.10` and `2022-02-14` are not
    turned into a truth value, a number or a date. Names are trimmed.

    Parameters
    ----------
    text
        The file's content.
    source
        The file's name, for messages.

    Raises
    ------
    CodebookError
        When the text is not YAML, not of this format, too large, nested too deeply, or breaks a
        rule of codebooks. `line` is the line at fault; the message names the code at fault.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise CodebookError(
            f"the file has {size:,} bytes; a codebook has at most {MAX_BYTES:,}.", source=source
        )
    document = _read(text, source)
    _check_format(document, source)
    try:
        model = CodebookModel.model_validate(document.value)
    except ValidationError as error:
        raise _first_problem(error, document, source) from error
    _check_rules(model, document, source)
    codebook = _to_domain(model)
    check(codebook, source)
    return codebook


def schema_text() -> str:
    """Write the JSON schema of codebook files, as `codebooks/codebook.schema.json` holds it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **CodebookModel.model_json_schema(),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class _Document:
    """What a file holds, as text, lists and mappings, and on which line each of them begins."""

    value: Value
    lines: dict[Place, int] = field(repr=False)

    def line_of(self, place: Place) -> int:
        """Return the line of a place, or of the nearest thing around it that is in the file."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines[place]


class _Composer(yaml.BaseLoader):
    """YAML to nodes: no aliases (a few lines can stand for gigabytes), no deep nesting."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            raise _refused(f"'*{event.anchor}' stands for another place; write it out.", event)
        self.depth += isinstance(event, yaml.CollectionStartEvent)
        if self.depth > MAX_COLLECTIONS:
            raise _refused(f"codes are nested deeper than {MAX_LEVELS} levels.", event)
        node = super().compose_node(parent, index)
        self.depth -= isinstance(event, yaml.CollectionStartEvent)
        return node


def _refused(problem: str, at: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=at.start_mark)


def _read(text: str, source: str) -> _Document:
    try:
        loader = _Composer(text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
        lines: dict[Place, int] = {(): 1}
        value = None if root is None else _plain(root, (), lines)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        problem = ": ".join(filter(None, [error.context, error.problem]))
        raise CodebookError(_sentence(problem), source=source, line=line) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = "the file holds a character that no YAML file may hold."
        raise CodebookError(what, source=source, line=line) from error
    except (ValueError, OverflowError) as error:  # an escape or a version number out of range
        what = "the file holds a number or a \\U escape that is out of range."
        raise CodebookError(what, source=source) from error
    return _Document(value, lines)


def _sentence(problem: str) -> str:
    return problem if problem.endswith(".") else f"this is not YAML: {problem}."


def _plain(node: yaml.Node, place: Place, lines: dict[Place, int]) -> Value:
    """Turn nodes into text, lists and mappings; note the line of each; refuse double keys."""
    lines.setdefault(place, node.start_mark.line + 1)
    if node.tag not in PLAIN_TAGS:
        raise _refused(f"the tag {node.tag!r} has no meaning here; leave it out.", node)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, number), lines) for number, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _fields(node, place, lines)
    plain = isinstance(node, yaml.ScalarNode) and node.style is None
    return None if plain and node.value in ("", "~", "null") else str(node.value)


def _bare_colour(after: Any) -> bool:
    return BARE_COLOUR.match(after.buffer or "", after.pointer) is not None


def _fields(node: yaml.MappingNode, place: Place, lines: dict[Place, int]) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    for key, item in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _refused("a list or a mapping cannot be the name of a field.", key)
        name = str(key.value)
        if name in fields:
            raise _refused(f"the field {name!r} is there twice.", key)
        lines[(*place, name)] = key.start_mark.line + 1
        fields[name] = _plain(item, (*place, name), lines)
        if fields[name] is None and _bare_colour(key.end_mark):
            raise _refused("'#' begins a comment; put the colour into quotation marks.", key)
    return {name: value for name, value in fields.items() if value is not None}


def _check_format(document: _Document, source: str) -> None:
    value = document.value
    found = value.get("format") if isinstance(value, dict) else None
    if found == FORMAT:
        return
    line = document.line_of(("format",)) if isinstance(value, dict) and found else 1
    what = f"the format is {found!r}" if found else "this is not a codebook of this program"
    raise CodebookError(
        f"{what}; 'format: {FORMAT}' was expected.",
        source=source,
        line=line,
        hint="A newer program may have written it." if found else f"Begin with 'format: {FORMAT}'.",
    )


def _first_problem(error: ValidationError, document: _Document, source: str) -> CodebookError:
    problems = error.errors(include_url=False, include_context=True)
    lined = sorted(problems, key=lambda problem: document.line_of(problem["loc"]))
    first, more = lined[0], len(lined) - 1
    path = _path_at(document.value, first["loc"])
    message = f"{format_path(path)}: {_in_words(first)}" if path else _in_words(first)
    hint = None
    if more:
        hint = (
            f"There {'is 1 more problem' if more == 1 else f'are {more} more problems'} after it."
        )
    return CodebookError(message, source=source, line=document.line_of(first["loc"]), hint=hint)


def _path_at(value: Value, place: Place) -> tuple[str, ...]:
    """Collect the names of the codes that lie on the way to a place in the file."""
    names: list[str] = []
    if place[:1] != ("codes",):
        return ()
    for step in place:
        if isinstance(value, dict):
            value = value.get(str(step))
            continue
        if not isinstance(value, list) or not isinstance(step, int):
            break
        value = value[step]
        if isinstance(value, dict):
            name = value.get("name")
            names.append(name.strip() if isinstance(name, str) else f"code {step + 1}")
    return tuple(names)


def _in_words(problem: ErrorDetails) -> str:
    key = next((step for step in reversed(problem["loc"]) if isinstance(step, str)), "the file")
    found = _shorten(problem["input"])
    match problem["type"]:
        case "missing":
            return f"the field {key!r} is missing."
        case "extra_forbidden":
            return f"there is no field {key!r}.{_did_you_mean(key)}"
        case "string_too_long":
            return f"the field {key!r} has more than {MAX_NAME} characters."
        case "string_pattern_mismatch" if key == "colour":
            return f"the colour {found} is not of the form '#RRGGBB' (in quotation marks)."
        case "string_pattern_mismatch":
            return f"the field {key!r} is empty."
        case "string_type":
            return f"the field {key!r} holds {_kind(problem['input'])}; text was expected."
        case "list_type":
            return f"the field {key!r} holds {_kind(problem['input'])}; a list was expected."
        case "too_short":
            return f"the list {key!r} is empty."
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"{key!r} holds {_kind(problem['input'])}; fields were expected."
    return f"the field {key!r}: {problem['msg']} (found {found})."


def _shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _kind(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    return "fields of its own" if isinstance(value, dict) else f"the text {_shorten(value)}"


def _did_you_mean(key: str) -> str:
    known = list(dict.fromkeys([*CodeModel.model_fields, *CodebookModel.model_fields]))
    near = difflib.get_close_matches(key[:50], known, n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _check_rules(model: CodebookModel, document: _Document, source: str) -> None:
    """Hold the file against the rules that need more than one field, with the line at fault."""
    known: set[str] = set()
    for number, entry in enumerate(model.sources):
        if entry.id in known:
            line = document.line_of(("sources", number, "id"))
            raise CodebookError(
                f"the source {entry.id!r} is there twice.", source=source, line=line
            )
        known.add(entry.id)
    seen: set[tuple[str, ...]] = set()
    for place, path, code in _walk(model.codes, ("codes",), ()):
        problem, at = _problem_of(path, code, known, seen)
        if problem:
            line = document.line_of((*place, *at))
            raise CodebookError(f"{format_path(path)}: {problem}", source=source, line=line)
        seen.add(_key(path))


def _problem_of(
    path: tuple[str, ...], code: CodeModel, sources: set[str], seen: set[tuple[str, ...]]
) -> tuple[str, Place]:
    try:
        check_name(code.name)
    except CodebookError as error:
        return error.message, ("name",)
    if _key(path) in seen:
        return "this code is there twice. Rename one of them.", ("name",)
    for number, cited in enumerate(code.rests_on):
        if cited not in sources:
            return f"it rests on {cited!r}, which is not among the sources.", ("rests_on", number)
    return "", ()


def _key(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.casefold() for name in path)


def _walk(
    codes: list[CodeModel], place: Place, above: tuple[str, ...]
) -> Iterator[tuple[Place, tuple[str, ...], CodeModel]]:
    for number, code in enumerate(codes):
        here, path = (*place, number), (*above, code.name.strip())
        yield here, path, code
        yield from _walk(code.children, (*here, "children"), path)


def _to_domain(model: CodebookModel) -> Codebook:
    return Codebook(
        name=model.name.strip(),
        themes=tuple(_code(code) for code in model.codes),
        version=model.version,
        language=model.language,
        description=model.description,
        sources=tuple((entry.id, entry.citation) for entry in model.sources),
    )


def _code(model: CodeModel) -> CodeNode:
    return CodeNode(
        name=check_name(model.name),
        colour=model.colour,
        definition=model.definition,
        include=model.include,
        exclude=model.exclude,
        examples=tuple(model.examples),
        cues=tuple(model.cues),
        rests_on=tuple(model.rests_on),
        children=tuple(_code(child) for child in model.children),
    )
