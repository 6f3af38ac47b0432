"""Lists and rules as a person writes them into one cell of a table.

In: the text of a cell, such as `Yes | No` or `region = London | Leeds; age = 18`. Out: lists of
values and conditions; and the way back. A value that holds one of the signs stands in double
quotation marks, a mark inside it doubled: `"a | b"`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workbench.errors import SurveyError

OR = "|"
AND = ";"
IS = "="
MARK = '"'


def format_list(values: Iterable[str]) -> str:
    """Write values as `A | B`; `parse_list` reads them back."""
    return f" {OR} ".join(_quoted(value) for value in values)


def parse_list(text: str) -> tuple[str, ...]:
    """Read values that are parted by a bar; a cell without text has none.

    Raises
    ------
    SurveyError
        When a quotation mark is not closed.
    """
    if not text.strip():
        return ()
    return tuple(_plain(part) for part in _split(text, OR))


def format_rule(conditions: Mapping[str, Iterable[str]]) -> str:
    """Write conditions as `COLUMN = A | B; OTHER = C`; `parse_rule` reads them back."""
    return f"{AND} ".join(
        f"{_quoted(column)} {IS} {format_list(values)}" for column, values in conditions.items()
    )


def parse_rule(text: str) -> dict[str, tuple[str, ...]]:
    """Read conditions on columns, all of which must hold.

    Raises
    ------
    SurveyError
        When a condition is not of the form `COLUMN = VALUE | VALUE`, or a column is there twice.
    """
    found: dict[str, tuple[str, ...]] = {}
    for part in _split(text, AND):
        if not part.strip():
            continue
        sides = _split(part, IS, at_most=1)
        column = _plain(sides[0])
        values = parse_list(sides[1]) if len(sides) == 2 else ()
        if not column or not values:
            raise SurveyError(
                f"{part.strip()!r} is not a rule.", hint="Write COLUMN = VALUE | OTHER VALUE."
            )
        if column in found:
            raise SurveyError(
                f"the column {column!r} is in the rule twice.", hint="Put a bar between its values."
            )
        found[column] = values
    return found


def _quoted(value: str) -> str:
    plain = value and value == value.strip() and not any(sign in value for sign in '|;="')
    return value if plain else MARK + value.replace(MARK, MARK * 2) + MARK


def _plain(part: str) -> str:
    text = part.strip()
    if not text.startswith(MARK):
        return text
    return text[1:-1].replace(MARK * 2, MARK)


def _split(text: str, sign: str, at_most: int = -1) -> list[str]:
    """Split at a sign, except between quotation marks that open a value."""
    parts = [""]
    at = 0
    while at < len(text):
        if text[at] == MARK and _opens(parts[-1]):
            end = _closing(text, at)
            parts[-1] += text[at:end]
            at = end
            continue
        if text[at] == sign and len(parts) - 1 != at_most:
            parts.append("")
        else:
            parts[-1] += text[at]
        at += 1
    return parts


def _opens(before: str) -> bool:
    """Tell whether a quotation mark after this text opens a value."""
    return not before.strip() or before.rstrip()[-1] in (OR, IS, AND)


def _closing(text: str, opening: int) -> int:
    at = opening + 1
    while at < len(text):
        if text[at] == MARK:
            if text[at + 1 : at + 2] != MARK:
                break
            at += 1
        at += 1
    rest = text[at + 1 :].lstrip()
    if at >= len(text) or (rest and rest[0] not in (OR, IS, AND)):
        raise SurveyError(
            f"a quotation mark is not closed: {text[opening:].strip()!r}.",
            hint="Put a mark at both ends, and double those within.",
        )
    return at + 1
