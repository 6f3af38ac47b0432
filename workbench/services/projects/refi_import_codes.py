"""Bringing in a project: its codes.

In: the code tree of a file. Out: new codes, and what each code of the file stands for. Codes that
are there stay as they are: their definitions are the study's.
"""

from __future__ import annotations

from typing import Any

from workbench.domain.codebook import MAX_NAME, PATH_SEPARATOR, format_path
from workbench.domain.codings import Code
from workbench.domain.refi import RefiCode
from workbench.domain.refi_descriptions import read_code
from workbench.services.codebooks.code_tree import free_colour
from workbench.services.projects.refi_import_run import Run, flat_codes, free_name
from workbench.store.codebooks import blind_codes, codebook
from workbench.store.projects.project_rows import Known, by_guid
from workbench.store.tables import code
from workbench.store.team.people import one_line

Siblings = dict[int | None, dict[str, Code]]


class CodebookBefore:
    """The codebook before: which codes were hidden, and its newest version."""

    def __init__(self, run: Run) -> None:
        self._hidden = blind_codes.hidden_codes(run.connection, run.study_id)
        self._version = self._newest(run)

    def note_changes(self, run: Run) -> None:
        """Note the versions that were written, and the codes that everybody sees now."""
        hidden = blind_codes.hidden_codes(run.connection, run.study_id)
        run.made.published += [one for one in self._hidden.items() if one[0] not in hidden]
        made = codebook.versions_since(run.connection, run.study_id, self._version)
        run.made.note("codebook_version", made)

    def _newest(self, run: Run) -> int:
        found = codebook.current_version(run.connection, run.study_id)
        return found[0] if found is not None else 0


def bring_codes(run: Run) -> None:
    """Find the codes of a file by GUID, else by their path; make those that are not there."""
    if not run.project.codes:
        return
    tree = _Tree(run)
    waiting: list[tuple[RefiCode, int | None, tuple[str, ...]]] = [
        (one, None, ()) for one in reversed(run.project.codes)
    ]
    while waiting:
        item, parent, above = waiting.pop()
        key, path = tree.bring(item, parent, above)
        waiting += [(child, key, path) for child in reversed(item.children)]
    if run.report.codes.new and not run.rehearses:
        codebook.rebuild_closure(run.connection, run.study_id)
        codebook.refuse_broken_tree(run.connection, run.study_id)
        codebook.add_version(run.connection, run.study_id, run.actor.id)


class _Tree:
    """The study's codes that the actor sees, as the file's are laid beside them."""

    def __init__(self, run: Run) -> None:
        self._run = run
        listed = codebook.list_codes(run.connection, run.study_id, run.actor.id, with_retired=True)
        guids = {one.guid for one in flat_codes(run.project.codes)}
        self._guids = guids
        self._by_guid = {item.guid: item for item in listed}
        self._by_key = {item.id: item for item in listed}
        self._taken: dict[str, Known] = by_guid(run.connection, code, guids)
        self._siblings: Siblings = {}
        for item in listed:
            self._siblings.setdefault(item.parent_id, {})[item.name.casefold()] = item
        self._names = {parent: set(names) for parent, names in self._siblings.items()}
        self._claimed: set[int] = set()
        self._colours = [item.colour for item in listed if item.parent_id is None]
        self._colours += [one.colour for one in run.project.codes if one.colour]

    def bring(
        self, item: RefiCode, parent: int | None, above: tuple[str, ...]
    ) -> tuple[int, tuple[str, ...]]:
        """Find or make one code; give its key and its path."""
        run = self._run
        name = _name(item.name)
        found = self._find(item, parent, name)
        if found is not None:
            self._claimed.add(found.id)
            run.codes[item.guid] = found.id
            run.report.codes.matched += 1
            if found.status != "active":
                run.closed_codes[found.id] = format_path(found.path)
            if found.guid != item.guid:
                run.keep("code", item.guid, found.id, _content(item))
            return found.id, found.path
        return self._make(item, parent, (*above, name))

    def _find(self, item: RefiCode, parent: int | None, name: str) -> Code | None:
        before = self._run.stands_for("code", item.guid)
        namesake = self._siblings.get(parent, {}).get(name.casefold())
        if namesake is not None and namesake.guid in self._guids:
            namesake = None  # another code of the file is this one
        for found in (
            self._by_guid.get(item.guid),
            self._by_key.get(before) if before is not None else None,
            namesake,
        ):
            if found is not None and found.id not in self._claimed:
                return found
        return None

    def _make(
        self, item: RefiCode, parent: int | None, path: tuple[str, ...]
    ) -> tuple[int, tuple[str, ...]]:
        run = self._run
        name = free_name(path[-1], self._names.setdefault(parent, set()), "Code", MAX_NAME)
        if name != one_line(item.name):
            run.remarks.add("Codes got another name", f"{name[:60]}")
        guid, is_other = run.own_guid("code", item.guid, self._taken)
        values = _values(item, name, parent)
        if parent is None and not values["colour"]:
            values["colour"] = free_colour(self._colours)
            self._colours.append(values["colour"])
        key = codebook.add_code(run.connection, run.study_id, values, guid=guid)
        path = (*path[:-1], name)
        run.codes[item.guid] = key
        run.made.note("code", [key])
        run.report.codes.new.append(format_path(path))
        if is_other or not item.is_codable:
            run.keep("code", item.guid, key, _content(item))
        return key, path


def _content(item: RefiCode) -> dict[str, bool] | None:
    return None if item.is_codable else {"is_codable": False}


def _values(item: RefiCode, name: str, parent: int | None) -> dict[str, Any]:
    words = read_code(item.description)
    return {
        "name": name,
        "parent_id": parent,
        "colour": item.colour,
        "definition": words.definition,
        "include": words.include,
        "exclude": words.exclude,
        "examples": list(words.examples),
        "cues": list(words.cues),
        "rests_on": list(words.rests_on),
        "status": "retired" if words.retired else "active",
    }


def _name(name: str) -> str:
    """Write a code's name as a codebook takes it: on one line, without what parts a path."""
    return one_line(name).replace(PATH_SEPARATOR, " - ")
