"""One way for what programs say in several: memos, attributes and membership of cases.

In: a project as a file has it. Out: the same, with memos as references to notes, attributes as
values of cases, and without wrappers that a program puts around codes and names. What one of our
own files holds comes out as it went in.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from pipelines.ingest.projects.refi_answers import take_apart
from workbench.domain.refi import (
    PRODUCT,
    RefiCase,
    RefiCode,
    RefiCoding,
    RefiLink,
    RefiNote,
    RefiProject,
    RefiSelection,
    RefiSet,
    RefiSource,
    RefiVariable,
    derived_guid,
)
from workbench.domain.refi_reasons import Reasons

_KEY_AND_VALUE = re.compile(r"([^:]{1,60}):(.{1,120})")
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NVIVO_PREFIX = "Cases:"
_WRAPPERS = frozenset(("nodes", "codes"))


def settle(
    project: RefiProject, aliases: dict[str, str], left_out: Reasons, remarks: Reasons
) -> RefiProject:
    """Bring what programs say differently into one shape; `aliases` name merged selections."""
    project = _follow(project, aliases)
    if "nvivo" in project.origin.lower():
        project = _without_nvivo_wrappers(project)
    project = _codes_that_are_cases(project, remarks)
    project = _memos_by_links(project)
    if not project.origin.startswith(PRODUCT):
        project = _named_cases(project, remarks)
        project = values_of_sources(project, remarks)
        project = _sets_that_are_values(project, remarks)
    return _known_only(take_apart(project, remarks), left_out)


def _follow(project: RefiProject, aliases: dict[str, str]) -> RefiProject:
    if not aliases:
        return project

    def now(guid: str) -> str:
        return aliases.get(guid, guid)

    cases = tuple(
        replace(case, selections=tuple(dict.fromkeys(map(now, case.selections))))
        for case in project.cases
    )
    links = tuple(
        replace(link, origin=now(link.origin), target=now(link.target)) for link in project.links
    )
    return replace(project, cases=cases, links=links)


# ---------------------------------------------------------------- NVivo


def _without_nvivo_wrappers(project: RefiProject) -> RefiProject:
    codes: list[RefiCode] = []
    for code in project.codes:
        is_wrapper = not code.is_codable and code.name.strip().lower() in _WRAPPERS
        codes.extend(code.children if is_wrapper and code.children else (code,))
    variables = tuple(
        replace(one, name=one.name.removeprefix(_NVIVO_PREFIX).strip() or one.name)
        for one in project.variables
    )
    return replace(project, codes=tuple(codes), variables=variables)


def _codes_that_are_cases(project: RefiProject, remarks: Reasons) -> RefiProject:
    """Take codes with the GUID of a case as the case: what was coded with them belongs to it."""
    cases = {case.guid for case in project.cases}
    same = {code.guid: code.name for code in _all_codes(project.codes) if code.guid in cases}
    if not same:
        return project
    for name in same.values():
        remarks.add("Codes that are cases were taken as the cases", name)
    selections: dict[str, list[str]] = defaultdict(list)
    sources: dict[str, list[str]] = defaultdict(list)

    def without(codings: tuple[RefiCoding, ...], guid: str, members: Any) -> Any:
        for coding in codings:
            if coding.code in same:
                members[coding.code].append(guid)
        return tuple(coding for coding in codings if coding.code not in same)

    def stripped(one: RefiSelection) -> RefiSelection:
        return replace(one, codings=without(one.codings, one.guid, selections))

    settled = _map_selections(project, stripped)
    settled = replace(
        settled,
        sources=tuple(
            replace(source, codings=without(source.codings, source.guid, sources))
            for source in settled.sources
        ),
        codes=_without_codes(project.codes, set(same)),
        sets=tuple(
            replace(one, codes=tuple(c for c in one.codes if c not in same)) for one in project.sets
        ),
    )
    return replace(
        settled,
        cases=tuple(
            replace(
                case,
                codes=tuple(code for code in case.codes if code not in same),
                sources=_union(case.sources, sources[case.guid]),
                selections=_union(case.selections, selections[case.guid]),
            )
            for case in settled.cases
        ),
    )


def _without_codes(codes: Iterable[RefiCode], gone: set[str]) -> tuple[RefiCode, ...]:
    """Drop codes; what lay below them moves up. Codes are at most MAX_CODE_DEPTH deep."""
    kept: list[RefiCode] = []
    for code in codes:
        children = _without_codes(code.children, gone)
        kept.extend(children if code.guid in gone else (replace(code, children=children),))
    return tuple(kept)


def _all_codes(codes: Iterable[RefiCode]) -> list[RefiCode]:
    found: list[RefiCode] = []
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        found.append(code)
        waiting.extend(code.children)
    return found


# ---------------------------------------------------------------- memos


def _memos_by_links(project: RefiProject) -> RefiProject:
    """Turn links from a note to what it is about into references to the note."""
    notes = {note.guid for note in project.notes}
    targets = _takes_notes(project)
    in_graphs = {guid for graph in project.graphs for guid in _GUID.findall(graph.lower())}
    found: dict[str, list[str]] = defaultdict(list)
    links: list[RefiLink] = []
    for link in project.links:
        is_memo = link.origin in notes and link.target in targets
        if is_memo:
            found[link.target].append(link.origin)
        if not is_memo or link.notes or link.guid in in_graphs:
            links.append(link)
    return _with_notes(replace(project, links=tuple(links)), found) if found else project


def _takes_notes(project: RefiProject) -> set[str]:
    found = {code.guid for code in _all_codes(project.codes)}
    found |= {case.guid for case in project.cases}
    for source in project.sources:
        found.add(source.guid)
        found |= {coding.guid for coding in source.codings}
        for one in (*source.selections, *source.time_selections):
            found.add(one.guid)
            found |= {coding.guid for coding in one.codings}
    return found


def _with_notes(project: RefiProject, found: dict[str, list[str]]) -> RefiProject:
    def noted(one: Any) -> Any:
        return replace(one, notes=_union(one.notes, found[one.guid])) if one.guid in found else one

    def code(one: RefiCode) -> RefiCode:
        children = tuple(code(child) for child in one.children)
        return replace(one, notes=_union(one.notes, found.get(one.guid, ())), children=children)

    def selection(one: RefiSelection) -> RefiSelection:
        touched = any(coding.guid in found for coding in one.codings)
        return noted(replace(one, codings=tuple(map(noted, one.codings))) if touched else one)  # type: ignore[no-any-return]

    settled = _map_selections(project, selection)
    sources = (replace(one, codings=tuple(map(noted, one.codings))) for one in settled.sources)
    return replace(
        settled,
        sources=tuple(noted(source) for source in sources),
        cases=tuple(map(noted, settled.cases)),
        codes=tuple(map(code, settled.codes)),
    )


# ---------------------------------------------------------------- attributes


def _named_cases(project: RefiProject, remarks: Reasons) -> RefiProject:
    """Give nameless cases with one source the source's name, as Quirkos and MAXQDA mean it."""
    names = {source.guid: source.name for source in project.sources}
    cases = []
    for case in project.cases:
        name = names.get(case.sources[0], "") if len(case.sources) == 1 else ""
        if not case.name and name:
            remarks.add("Cases without a name were called as their source", name)
            case = replace(case, name=name)
        cases.append(case)
    return replace(project, cases=tuple(cases))


class _Cases:
    """The cases of a project, which get further values; sources without one get one."""

    def __init__(self, project: RefiProject) -> None:
        self._cases = {case.guid: case for case in project.cases}
        self._own = {case.guid: {pair[0] for pair in case.values} for case in project.cases}
        self._given: dict[str, dict[str, str]] = defaultdict(dict)
        self._owners: dict[str, list[str]] = defaultdict(list)
        for case in project.cases:
            for guid in case.sources:
                self._owners[guid].append(case.guid)

    def give(self, source: RefiSource, values: Iterable[tuple[str, str]]) -> bool:
        """Give values to the case of a source, never over its own; False where several have it."""
        owners = self._owners[source.guid]
        if len(owners) > 1:
            return False
        if not owners:
            case = RefiCase(derived_guid("case of", source.guid), source.name,
                            sources=(source.guid,))  # fmt: skip
            owners.append(case.guid)
            self._cases[case.guid] = case
            self._own[case.guid] = set()
        own, given = self._own[owners[0]], self._given[owners[0]]
        for variable, value in values:
            if variable not in own:
                given.setdefault(variable, value)
        return True

    def settled(self) -> tuple[RefiCase, ...]:
        """Return all cases with all their values."""
        return tuple(
            replace(case, values=(*case.values, *self._given[guid].items()))
            for guid, case in self._cases.items()
        )


def values_of_sources(project: RefiProject, remarks: Reasons) -> RefiProject:
    """Give values that stand on sources to the case of the source, which is made if needed."""
    cases = _Cases(project)
    sources = []
    for source in project.sources:
        if source.values and cases.give(source, source.values):
            remarks.add("Values that stood on sources were given to their cases", source.name)
            source = replace(source, values=())
        sources.append(source)
    return replace(project, sources=tuple(sources), cases=cases.settled())


def _sets_that_are_values(project: RefiProject, remarks: Reasons) -> RefiProject:
    """Read sets of sources called `age: 67` as values, where several share the key `age`.

    A set whose sources belong to several cases stays a set.
    """
    alone = "atlas" in project.origin.lower()
    by_guid = {source.guid: source for source in project.sources}
    known = {one.name.casefold(): one.guid for one in project.variables if one.type == "Text"}
    variables = list(project.variables)
    gone: set[str] = set()
    cases = _Cases(project)
    for key, members in _keyed_sets(project.sets).items():
        sources = [guid for one, _ in members for guid in one.sources]
        if len(sources) != len(set(sources)) or (len(members) == 1 and not alone):
            continue
        guid = known.get(key.casefold()) or derived_guid("variable", key)
        taken = set()
        for one, value in members:
            owned = [by_guid[source] for source in one.sources if source in by_guid]
            if owned and all([cases.give(source, ((guid, value),)) for source in owned]):
                taken.add(one.guid)
                remarks.add("Sets that are values were given to cases", one.name)
        if taken and key.casefold() not in known:
            variables.append(RefiVariable(guid, key))
        gone |= taken
    return replace(
        project,
        variables=tuple(variables),
        cases=cases.settled(),
        sets=tuple(one for one in project.sets if one.guid not in gone),
    )


def _keyed_sets(sets: Iterable[RefiSet]) -> dict[str, list[tuple[RefiSet, str]]]:
    by_key: dict[str, list[tuple[RefiSet, str]]] = defaultdict(list)
    for one in sets:
        match = _KEY_AND_VALUE.fullmatch(one.name.strip())
        key, value = (match[1].strip(), match[2].strip()) if match else ("", "")
        if key and value and one.sources and not one.codes and not one.notes:
            by_key[key].append((one, value))
    return by_key


# ---------------------------------------------------------------- references


def _known_only(project: RefiProject, left_out: Reasons) -> RefiProject:
    """Drop codings with codes that are not there: nobody could say what they mean."""
    codes = {code.guid for code in _all_codes(project.codes)}

    def known(codings: tuple[RefiCoding, ...]) -> tuple[RefiCoding, ...]:
        if all(coding.code in codes for coding in codings):
            return codings
        for coding in codings:
            if coding.code not in codes:
                left_out.add("Codings with codes that the file does not hold", coding.code)
        return tuple(coding for coding in codings if coding.code in codes)

    def selection(one: RefiSelection) -> RefiSelection:
        codings = known(one.codings)
        return one if codings is one.codings else replace(one, codings=codings)

    settled = _map_selections(project, selection)
    return replace(
        settled,
        sources=tuple(replace(one, codings=known(one.codings)) for one in settled.sources),
        notes=tuple(replace(one, codings=known(one.codings)) for one in settled.notes),
    )


def _map_selections(
    project: RefiProject, change: Callable[[RefiSelection], RefiSelection]
) -> RefiProject:
    def note(one: RefiNote) -> RefiNote:
        return replace(one, selections=tuple(map(change, one.selections)))

    sources = tuple(
        replace(
            source,
            selections=tuple(map(change, source.selections)),
            time_selections=tuple(map(change, source.time_selections)),
        )
        for source in project.sources
    )
    return replace(project, sources=sources, notes=tuple(map(note, project.notes)))


def _union(first: tuple[str, ...], second: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
