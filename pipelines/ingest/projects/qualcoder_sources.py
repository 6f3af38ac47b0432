"""The files and cases of a QualCoder project, with what is coded and noted in them.

In: its rows. Out: sources with selections, memos on them, and cases with their values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pipelines.ingest.projects.qualcoder_rows import Rows
from pipelines.ingest.projects.refi_text import RefiText
from workbench.domain.refi import (
    Reading,
    RefiCase,
    RefiCoding,
    RefiNote,
    RefiSelection,
    RefiSource,
    RefiTranscript,
    derived_guid,
)
from workbench.domain.refi_reasons import Reasons
from workbench.domain.text import sha

READING = Reading(crlf=2, bom_counts=True)
"""Every character of the database's text counts one."""

TRANSCRIPTS = (".txt", ".transcribed")
"""How the name of a recording's transcript ends where nothing else links the two."""

Span = tuple[int, int]


class Sources:
    """What is in a project besides its codes; `notes` and `media` are filled by `all`."""

    def __init__(self, rows: Rows, inside: dict[str, int], left_out: Reasons) -> None:
        self._rows = rows
        self._inside = {path.casefold(): (path, size) for path, size in inside.items()}
        self._left_out = left_out
        self._files = {row["id"]: row for row in rows.all("source")}
        self._texts = {
            key: RefiText(rows.raw(row, "fulltext"))
            for key, row in self._files.items()
            if row["fulltext"] is not None
        }
        self._guids = {key: self._identity(key) for key in self._files}
        self._transcript_of = self._linked()
        self._values = self._of_attributes()
        self._selections: dict[Any, dict[Span | None, list[RefiSelection]]] = {}
        self._of_cases: dict[Any, list[str]] = defaultdict(list)
        self.notes: list[RefiNote] = []
        self.media: dict[str, int] = {}

    def all(self) -> tuple[RefiSource, ...]:
        """List the texts with their selections, and the recordings with their transcripts."""
        made: dict[Any, list[RefiSelection]] = defaultdict(list)
        for row in self._rows.all("code_text"):
            made[row["fid"]].append(self._coded(row))
        for row in self._rows.all("annotation"):
            made[row["fid"]].append(self._annotated(row))
        for row in self._rows.all("case_text"):
            selection = self._of_case(row)
            if selection is not None:
                made[row["fid"]].append(selection)
        found = [self._text(key, tuple(made.pop(key, ()))) for key in self._texts]
        for key, lost in made.items():
            for _ in lost:
                self._left_out.add("Codings and notes on files without text", self._name(key))
        return (*found, *self._recordings())

    def cases(self) -> tuple[RefiCase, ...]:
        """List the cases; `all` comes first."""
        whole: dict[Any, list[str]] = defaultdict(list)
        for row in self._rows.all("case_text"):
            if row["fid"] in self._texts and self._is_whole(row):
                whole[row["caseid"]].append(self._guid(row["fid"]))
        return tuple(
            RefiCase(
                self._rows.named("cases", row["caseid"]),
                self._rows.text(row, "name"),
                self._rows.text(row, "memo"),
                values=tuple(self._values["case", row["caseid"]]),
                sources=tuple(dict.fromkeys(whole[row["caseid"]])),
                selections=tuple(self._of_cases[row["caseid"]]),
            )
            for row in self._rows.all("cases")
        )

    # ------------------------------------------------------------ parts

    def _text(self, key: Any, selections: tuple[RefiSelection, ...]) -> RefiSource:
        row = self._files[key]
        return RefiSource(
            self._guid(key),
            "text",
            name=self._name(key),
            description=self._rows.text(row, "memo"),
            text=self._texts[key].text,
            text_path=f"{self._guid(key)}.txt",
            user=self._rows.user(row["owner"]),
            made_at=self._rows.time(row),
            selections=selections,
            values=tuple(self._values["file", key]),
        )

    def _linked(self) -> dict[Any, Any]:
        """Give the transcripts of recordings: as the file links them, else by their names."""
        named = {self._rows.text(row, "name"): key for key, row in self._files.items()}
        found = {}
        for key, row in self._files.items():
            text = row["av_text_id"]
            if text not in self._files and self._rows.text(row, "mediapath"):
                name = self._rows.text(row, "name")
                text = next((named[name + end] for end in TRANSCRIPTS if name + end in named), None)
            if text in self._files:
                found[key] = text
        return found

    def _recordings(self) -> Iterator[RefiSource]:
        """Give the recordings that have a transcript; the others and pictures are told."""
        for key, row in self._files.items():
            path = self._rows.text(row, "mediapath").replace("\\", "/")
            kind = next((kind for kind in ("audio", "video") if kind in path[:8]), None)
            if kind is None:
                if key not in self._texts:
                    self._left_out.add("Pictures and files without text", self._name(key))
                continue
            found = self._inside.get(f"{kind}/{path.rpartition('/')[2]}".casefold())
            if found is None:
                self._left_out.add("Recordings that are not in the file", self._name(key))
                continue
            self.media[found[0]] = found[1]
            yield RefiSource(
                derived_guid(self._guid(key), kind),
                "audio" if kind == "audio" else "video",
                name=self._name(key),
                description=self._rows.text(row, "memo"),
                path=found[0],
                user=self._rows.user(row["owner"]),
                made_at=self._rows.time(row),
                transcripts=self._transcripts(self._transcript_of.get(key)),
            )

    def _transcripts(self, text: Any) -> tuple[RefiTranscript, ...]:
        """Give what is said in a recording: the same words as a text, which stays the document."""
        words, guid = self._texts.get(text), self._guid(text)
        if words is None:
            return ()
        own = derived_guid(guid, "transcript")
        return (RefiTranscript(own, words.text, text_path=f"{guid}.txt"),)

    def _coded(self, row: dict[str, Any]) -> RefiSelection:
        code = self._rows.named("code_name", row["cid"])
        own = self._rows.guid("code_text", code, *self._place(row), row["owner"])
        user, at = self._rows.user(row["owner"]), self._rows.time(row)
        noted = self._note(own, row)
        coding = RefiCoding(derived_guid(own, "coding"), code, user, at, noted)
        if row["important"]:
            self._left_out.add("Marks of important codings")
        words = self._rows.text(row, "seltext")
        return self._selection(own, row, words, user, at, codings=(coding,))

    def _annotated(self, row: dict[str, Any]) -> RefiSelection:
        memo = self._rows.text(row, "memo")
        own = self._rows.noted("annotation", *self._place(row), row["owner"], memo)
        user, at = self._rows.user(row["owner"]), self._rows.time(row)
        return self._selection(own, row, "", user, at, notes=self._note(own, row))

    def _of_case(self, row: dict[str, Any]) -> RefiSelection | None:
        if row["fid"] not in self._texts or self._is_whole(row):
            return None
        case = self._rows.named("cases", row["caseid"])
        own = self._rows.guid("case_text", case, *self._place(row))
        self._of_cases[row["caseid"]].append(own)
        return self._selection(own, row, "", self._rows.user(row["owner"]), self._rows.time(row))

    def _selection(
        self,
        guid: str,
        row: dict[str, Any],
        words: str,
        user: str,
        at: str,
        *,
        codings: tuple[RefiCoding, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> RefiSelection:
        span = self._span(row)
        text = self._texts.get(row["fid"])
        if span is not None and words and text is not None:
            stands = "".join(text.text[slice(*span)].split()) == "".join(words.split())
            span = span if stands else None
        if span is None and text is not None:
            self._left_out.add(
                "Codings whose words are not where they should be", self._name(row["fid"])
            )
        return RefiSelection(
            guid,
            start=span[0] if span else None,
            end=span[1] if span else None,
            name=words[:4_000] if span is None else "",
            user=user,
            made_at=at,
            codings=codings,
            notes=notes,
            raw=(str(row["pos0"]), str(row["pos1"])),
        )

    def _span(self, row: dict[str, Any]) -> Span | None:
        text, start, end = self._texts.get(row["fid"]), row["pos0"], row["pos1"]
        if text is None or not isinstance(start, int) or not isinstance(end, int):
            return None
        return text.span(start, end, READING)

    def _is_whole(self, row: dict[str, Any]) -> bool:
        """Tell whether a case has a file as a whole: QualCoder writes its length, or nothing."""
        text = self._texts.get(row["fid"])
        if not row["pos0"] and not row["pos1"]:
            return True
        return text is not None and row["pos0"] == 0 and row["pos1"] >= len(text.raw) - 1

    def _note(self, own: str, row: dict[str, Any]) -> tuple[str, ...]:
        words = self._rows.text(row, "memo")
        if not words.strip():
            return ()
        guid = derived_guid(own, "note", words)
        self.notes.append(
            RefiNote(
                guid, words, user=self._rows.user(row["owner"]), made_at=self._rows.time(row)
            )
        )  # fmt: skip
        return (guid,)

    def _of_attributes(self) -> dict[tuple[str, Any], list[tuple[str, str]]]:
        rows = self._rows
        kinds = rows.all("attribute_type")
        numbers = {rows.text(row, "name"): rows.is_number(row) for row in kinds}
        found: dict[tuple[str, Any], list[tuple[str, str]]] = defaultdict(list)
        for row in rows.all("attribute"):
            name, value = rows.text(row, "name"), rows.text(row, "value").strip()
            if name not in numbers or not value:
                continue
            if numbers[name] and not rows.is_decimal(value):
                self._left_out.add("Values of a number that are none", f"{name}: {value}"[:60])
                continue
            guid = rows.guid("attribute_type", name)
            found[str(row["attr_type"]), row["id"]].append((guid, value))
        return found

    def _guid(self, key: Any) -> str:
        return self._guids.get(key) or self._rows.guid("source", key)

    def _identity(self, key: Any) -> str:
        """Make the identity of a file: its number, its name and its words."""
        words = self._texts[key].text if key in self._texts else ""
        return self._rows.guid("source", key, self._name(key), sha(words))

    def _place(self, row: dict[str, Any]) -> tuple[Any, ...]:
        return self._guid(row["fid"]), row["pos0"], row["pos1"]

    def _name(self, key: Any) -> str:
        row = self._files.get(key)
        return (self._rows.text(row, "name") if row else "")[:200] or f"File {key}"
