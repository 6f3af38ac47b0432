"""Extracts in the order of a report: themes, their codes, and the quotes of each.

In: extracts and options. Out: headings with counts and quotes with their attribution, the same for
every format that people read rather than sort.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipelines.export.options import ExtractOptions
from workbench.domain.codebook import PATH_SEPARATOR
from workbench.domain.extracts import Extract

PART_SEPARATOR = " · "
ON_THE_THEME = "On the theme as a whole"
"""Heading of the quotes that are coded with a theme itself, where the theme has codes below it."""


@dataclass(slots=True)
class CodeSection:
    """The extracts of one code. `name` is its path below the theme, empty for the theme itself."""

    name: str
    colour: str = ""
    extracts: list[Extract] = field(default_factory=list)

    @property
    def counts(self) -> str:
        """How many extracts from how many people, in words."""
        return count_in_words(self.extracts)


@dataclass(slots=True)
class ThemeSection:
    """The codes of one theme, in the order in which they came."""

    name: str
    codes: list[CodeSection] = field(default_factory=list)

    @property
    def counts(self) -> str:
        """How many extracts from how many people, in words; a person counts once."""
        return count_in_words(extract for code in self.codes for extract in code.extracts)


def sections(extracts: Iterable[Extract], options: ExtractOptions) -> list[ThemeSection]:
    """Put extracts under their theme and code, each in the order of its first extract.

    Without `options.group_by_theme` there is one section without a name, in the order given.
    """
    if not options.group_by_theme:
        everything = CodeSection(name="", extracts=list(extracts))
        return [ThemeSection(name="", codes=[everything])] if everything.extracts else []
    themes: dict[str, dict[tuple[str, ...], CodeSection]] = {}
    for extract in extracts:
        codes = themes.setdefault(extract.theme, {})
        below = extract.code_path[1:]
        if below not in codes:
            codes[below] = CodeSection(PATH_SEPARATOR.join(below), extract.colour)
        codes[below].extracts.append(extract)
    return [ThemeSection(name, _named(codes)) for name, codes in themes.items()]


def _named(codes: dict[tuple[str, ...], CodeSection]) -> list[CodeSection]:
    if () in codes and len(codes) > 1:
        codes[()].name = ON_THE_THEME
    return list(codes.values())


def count_in_words(extracts: Iterable[Extract]) -> str:
    """Say "4 extracts from 3 respondents"; extracts of no known respondent count as extracts."""
    n_extracts = 0
    respondents: set[str] = set()
    for extract in extracts:
        n_extracts += 1
        respondents.update(extract.people or filter(None, [extract.respondent]))
    text = "1 extract" if n_extracts == 1 else f"{n_extracts:,} extracts"
    if not respondents:
        return text
    n = len(respondents)
    return f"{text} from {'1 respondent' if n == 1 else f'{n:,} respondents'}"


def attribution(extract: Extract, options: ExtractOptions) -> str:
    """Say whose words these are: who speaks, attributes, question or document, time; and stars."""
    parts = [extract.respondent]
    if extract.speaker != extract.respondent:
        parts.append(extract.speaker)
    parts += [extract.attributes.get(name, "") for name in options.attributes]
    parts += [extract.question or extract.question_ref or extract.document, extract.time]
    if not options.group_by_theme:
        parts.append(PATH_SEPARATOR.join(extract.code_path))
    if extract.starred_by:
        parts.append(f"starred by {', '.join(extract.starred_by)}")
    return PART_SEPARATOR.join(part for part in parts if part)
