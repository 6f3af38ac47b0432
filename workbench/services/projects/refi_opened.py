"""A project file that a person has chosen: what is in it, and how it was read.

In: a file of any format that `project_files` knows. Out: its content, and what to say of it before
anything is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from pipelines.ingest.projects import flat_names, project_files
from workbench.domain.refi import Reading, RefiFile
from workbench.domain.words import count
from workbench.errors import RefiError
from workbench.services.projects.refi_import_run import flat_codes
from workbench.store.team import people

PART = 1 << 20
suffixes = project_files.suffixes


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """A project file that was read: what is in it, and how its text positions were read.

    `flat_names` counts the codes whose names are paths, such as `Access::Waiting`. `chosen` is the
    name of the project, where a file that may hold several was asked for it.
    """

    stream: BinaryIO
    name: str
    sha256: str
    file: RefiFile
    flat_names: int
    chosen: str = ""

    @property
    def study_name(self) -> str:
        """What the project is called."""
        return people.one_line(self.file.project.name)[:180] or "Project"

    @property
    def origin(self) -> str:
        """Which program wrote it, as it says."""
        return self.file.project.origin

    @property
    def reading(self) -> str:
        """How text positions were read, in words."""
        return reading_words(self.file.reading)

    @property
    def others(self) -> tuple[tuple[Reading, str, float], ...]:
        """The other ways that would give other words: the reading, in words, and its share."""
        return tuple((one, reading_words(one), score) for one, score in self.file.others)

    def contents_in_words(self) -> str:
        """Say what is in it."""
        return ", ".join(
            count(n, name.removesuffix("s"), name) for name, n in self.contents().items()
        ) or "nothing"  # fmt: skip

    def contents(self) -> Mapping[str, int]:
        """Count what is in it."""
        project = self.file.project
        on_words = [
            coding
            for source in project.sources
            for one in (*source.selections, *source.time_selections)
            for coding in one.codings
        ]
        found = {
            "coders": len(project.users),
            "codes": len(flat_codes(project.codes)),
            "attributes": len(project.variables),
            "cases": len(project.cases),
            "texts": sum(bool(one.text) for one in project.sources),
            "other sources": sum(not one.text for one in project.sources),
            "codings": len(on_words) + sum(len(one.codings) for one in project.sources),
            "memos": len(project.notes),
            "sets": len(project.sets),
            "links": len(project.links),
        }
        return {name: n for name, n in found.items() if n}


_ENDS = {"exclusive": "not included", "inclusive": "included"}


def reading_words(reading: Reading) -> str:
    """Say how positions are read."""
    unit = "characters" if reading.unit == "code points" else "UTF-16 units"
    parts = [f"counted in {unit}", f"the last position {_ENDS[reading.end]}"]
    if reading.crlf == 2:
        parts.append("a line end of CR and LF counts two")
    if reading.bom_counts:
        parts.append("the byte order mark counts")
    return ", ".join(parts)


def look_into(
    stream: BinaryIO, name: str, *, reading: Reading | None = None, project: str = ""
) -> ProjectFile:
    """Read a project file; nothing is written.

    Parameters
    ----------
    stream
        The file, seekable. It stays open: recordings are read from it when it is brought in.
    reading
        How text positions are to be read, where a person has settled it.
    project
        Which of several projects of one file, by name.

    Raises
    ------
    SeveralProjects
        When there are several, and none is named.
    InputError
        When it cannot be read, is damaged, or must not be read; the message says what to do.
    """
    file = project_files.read_project(stream, name, reading=reading, project=project)
    stream.seek(0)
    digest = hashlib.sha256()
    while block := stream.read(PART):
        digest.update(block)
    return ProjectFile(
        stream, name, digest.hexdigest(), file, flat_names.count_flat(file.project.codes), project
    )


def chosen_reading(opened: ProjectFile, wanted: str) -> Reading:
    """Give the reading of a file that a person names: its number among the others, from 1.

    Raises
    ------
    RefiError
        When there is none of that number.
    """
    numbers = {str(at): one for at, (one, _, _) in enumerate(opened.others, 1)}
    if wanted not in numbers:
        told = "; ".join(f"{at}: {words}" for at, (_, words, _) in enumerate(opened.others, 1))
        raise RefiError(f"there is no other reading {wanted!r}.", source=opened.name,
                        hint=f"Other readings: {told or 'none'}.")  # fmt: skip
    return numbers[wanted]
