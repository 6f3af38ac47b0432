"""Projects for REFI-QDA, as hypothesis makes them: all of them come back as they went."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from pipelines.export.projects.refi_archive import write_archive
from pipelines.export.projects.refi_layout import RefiMedia
from pipelines.export.projects.refi_xml import RefiOptions, RefiReport
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
    RefiTranscript,
    RefiUser,
    RefiVariable,
    VariableType,
    derived_guid,
)
from workbench.domain.text import normalise

ODD = "a bc\x07\n.,é\u0301שלמ\u200fا👍🏽😬🇵🇰\t漢\u2028\x85\x0b-&<>\"']"
"""Letters, emoji of several code points, right-to-left, line ends that are none, signs of XML."""
PLAIN = ODD.replace("\x0b", "").replace("\x07", "")
VALUES: dict[VariableType, st.SearchStrategy[str]] = {
    "Text": st.sampled_from(["", "North", "a & <b>", "👍", " kept "]),
    "Boolean": st.sampled_from(["true", "false"]),
    "Integer": st.integers().map(str),
    "Float": st.decimals(allow_nan=False, allow_infinity=False, places=3).map(
        lambda number: format(number, "f")
    ),
    "Date": st.dates().map(str),
    "DateTime": st.datetimes().map(lambda when: when.isoformat(timespec="seconds") + "Z"),
}
TIMES = st.sampled_from(["", "2024-05-01T09:00:00Z", "2024-05-01T09:00:00.250+05:00"])


def file_of(
    project: RefiProject,
    options: RefiOptions | None = None,
    media: dict[str, bytes] | None = None,
) -> tuple[io.BytesIO, RefiReport]:
    """Write a project into memory."""

    def at_hand(data: bytes) -> RefiMedia:
        return RefiMedia(len(data), lambda: io.BytesIO(data))

    stream = io.BytesIO()
    files = {name: at_hand(data) for name, data in (media or {}).items()}
    report = write_archive(stream, project, media=files, options=options)
    stream.seek(0)
    return stream, report


def names(limit: int = 12) -> st.SearchStrategy[str]:
    """Names: anything that XML can hold, with something to see in it."""
    plain = st.text(PLAIN, max_size=limit).map(normalise)
    return plain.map(lambda text: f"N{text}".rstrip() or "N")


def descriptions() -> st.SearchStrategy[str]:
    return st.just("") | names(20)


class Maker:
    """Draws projects, each thing with a GUID of its own."""

    def __init__(self, draw: Any, timed: bool = False) -> None:
        self.draw = draw
        self.timed = timed
        self.n = 0

    def guid(self) -> str:
        self.n += 1
        return derived_guid("test", str(self.n))

    def some(self, things: Iterable[str], most: int = 2) -> tuple[str, ...]:
        known = list(things)
        if not known:
            return ()
        return tuple(self.draw(st.lists(st.sampled_from(known), max_size=most, unique=True)))

    def code(self, depth: int) -> RefiCode:
        n = self.draw(st.integers(0, 2)) if depth < 3 else 0
        return RefiCode(
            self.guid(),
            self.draw(names()),
            self.draw(st.booleans()),
            self.draw(st.sampled_from(["", "#1B7837", "#5aae61"])),
            self.draw(descriptions()),
            self.some(self.notes, 1),
            tuple(self.code(depth + 1) for _ in range(n)),
        )

    def codings(self, most: int = 3) -> tuple[RefiCoding, ...]:
        if not self.codes:
            return ()
        pairs = st.tuples(st.sampled_from(self.codes), st.sampled_from(["", *self.users]))
        return tuple(
            RefiCoding(self.guid(), code, user, self.draw(TIMES), self.some(self.notes, 1))
            for code, user in self.draw(st.lists(pairs, max_size=most, unique=True))
        )

    def made(self) -> dict[str, str]:
        return {
            "user": self.draw(st.sampled_from(["", *self.users])),
            "made_at": self.draw(TIMES),
        }

    def selections(self, text: str) -> tuple[RefiSelection, ...]:
        """Overlapping selections; coded ones have spans of their own."""
        if not text:
            return ()
        at = st.integers(0, len(text))
        spans = st.tuples(at, at).filter(lambda pair: pair[0] < pair[1])
        drawn = self.draw(st.lists(spans, max_size=5, unique=True)) if len(text) > 1 else [(0, 1)]
        found = []
        for start, end in drawn:
            label = self.draw(st.sampled_from(["", "Speaker ZZ", "Moderator XX"]))
            one = RefiSelection(
                self.guid(), start, end, label, self.draw(descriptions()),
                codings=self.codings(), notes=self.some(self.notes, 1), **self.made(),
            )  # fmt: skip
            found.append(one)
            self.selected.append(one.guid)
        return tuple(found)

    def text_source(self) -> RefiSource:
        text = normalise(self.draw(st.text(ODD, max_size=40)))
        guid = self.guid()
        return RefiSource(
            guid, "text", self.draw(names()), self.draw(descriptions()), text, f"{guid}.txt",
            selections=self.selections(text), codings=self.codings(1),
            notes=self.some(self.notes, 1), **self.made(),
        )  # fmt: skip

    def recording(self, twin: RefiSource) -> RefiSource:
        positions = self.draw(st.lists(st.integers(0, len(twin.text)), max_size=4, unique=True))
        sync = tuple((1000 * at, place) for at, place in enumerate(sorted(positions)))
        transcript = RefiTranscript(
            self.guid(), twin.text, sync, twin.text_path, self.draw(names()),
            self.draw(descriptions()), notes=self.some(self.notes, 1), **self.made(),
        )  # fmt: skip
        start = self.draw(st.integers(0, 6000))
        end = start + self.draw(st.integers(0, 3000))
        # what has words is read as a coding of these: it comes back elsewhere
        codings = self.codings(1) if self.timed or not sync else ()
        stretch = RefiSelection(self.guid(), start, end, "00:01", codings=codings)
        guid = self.guid()
        return RefiSource(
            guid, self.draw(st.sampled_from(["audio", "video"])), self.draw(names()),
            path=f"{guid}.wav", transcripts=(transcript,), time_selections=(stretch,),
            **self.made(),
        )  # fmt: skip

    def value(self, variable: RefiVariable) -> tuple[str, str]:
        return variable.guid, self.draw(VALUES[variable.type])

    def case(self) -> RefiCase:
        values = tuple(self.value(one) for one in self.variables if self.draw(st.booleans()))
        return RefiCase(
            self.guid(), self.draw(names()), self.draw(descriptions()), self.some(self.codes, 1),
            values, self.some(one.guid for one in self.sources), self.some(self.selected),
            self.some(self.notes, 1),
        )  # fmt: skip

    def note(self, guid: str) -> RefiNote:
        # the words of notes are inline, in XML, which has no control characters
        text = normalise(self.draw(st.text(PLAIN, max_size=20)))
        return RefiNote(guid, text, self.draw(names()), self.draw(descriptions()), **self.made())

    def project(self, origin: str) -> RefiProject:
        few = st.integers(0, 3)
        self.notes = [self.guid() for _ in range(self.draw(few))]
        self.users = [self.guid() for _ in range(self.draw(few))]
        self.codes: list[str] = []
        self.selected: list[str] = []
        tree = tuple(self.code(0) for _ in range(self.draw(few)))
        waiting = list(tree)
        while waiting:
            code = waiting.pop()
            self.codes.append(code.guid)
            waiting.extend(code.children)
        known: list[VariableType] = sorted(VALUES)
        types = self.draw(st.lists(st.sampled_from(known), max_size=6))
        self.variables = tuple(
            RefiVariable(self.guid(), self.draw(names()), kind, self.draw(descriptions()))
            for kind in types
        )
        texts = tuple(self.text_source() for _ in range(self.draw(few)))
        spoken = tuple(self.recording(one) for one in texts if self.draw(st.booleans()))
        self.sources = (*texts, *spoken)
        cases = tuple(self.case() for _ in range(self.draw(few)))
        return RefiProject(
            self.draw(names()), origin, self.draw(descriptions()),
            *self.made().values(), *self.made().values(),
            tuple(RefiUser(guid, self.draw(names()), "AB") for guid in self.users),
            tree, self.variables, cases, self.sources,
            tuple(self.note(guid) for guid in self.notes), self.links(cases), self.sets(), (),
            self.some(self.notes),
        )  # fmt: skip

    def links(self, cases: tuple[RefiCase, ...]) -> tuple[RefiLink, ...]:
        ends = [*self.codes, *(case.guid for case in cases), *self.selected]
        pairs = (
            self.draw(st.lists(st.tuples(*[st.sampled_from(ends)] * 2), max_size=2)) if ends else []
        )
        direction = st.sampled_from(["Associative", "OneWay", "Bidirectional"])
        return tuple(
            RefiLink(
                self.guid(), origin, target, self.draw(names()), self.draw(direction), "#000000",
                self.some(self.notes, 1),
            )
            for origin, target in pairs
        )  # fmt: skip

    def sets(self) -> tuple[RefiSet, ...]:
        return tuple(
            RefiSet(
                self.guid(), self.draw(names()), self.draw(descriptions()), self.some(self.codes),
                self.some(one.guid for one in self.sources), self.some(self.notes),
            )
            for _ in range(self.draw(st.integers(0, 2)))
        )  # fmt: skip


@st.composite
def projects(draw: Any, origin: str = f"{PRODUCT} 0.1.0", timed: bool = False) -> RefiProject:
    return Maker(draw, timed).project(origin)
