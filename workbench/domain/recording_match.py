"""To whom a recording belongs: by the survey's own file names, a manifest, or a naming pattern.

In: a file's name and what the study knows. Out: a respondent and a question, or why that is in
doubt. Nothing is guessed in silence: a guess is doubtful until a person settles it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from workbench.domain.recordings import ENDINGS, Matching
from workbench.errors import InputError

Answer = tuple[int, int]
"""(respondent, question), as keys."""

Path = tuple[str, ...]
"""Folders and name of a file, as `path_key` gives them."""

FIELDS = ("respondent", "question", "ext")
QUESTION = "(?P<question>.+?)"


@dataclass(frozen=True, slots=True)
class Match:
    """To whom a recording belongs. `by` says how that was found, `note` why it is in doubt."""

    matching: Matching = "unmatched"
    by: str = ""
    note: str = ""
    respondent_id: int | None = None
    question_id: int | None = None


@dataclass
class Matcher:
    """What the study knows, to match names with.

    Parameters
    ----------
    people, questions
        Keys by ref.
    named
        Which answers the study's surveys give a file name for, by `name_key`.
    manifest
        Which respondent and question a person has listed for a file, by `path_key`.
    pattern
        A naming pattern, from `read_pattern`.
    taken
        Answers that have a recording already.
    written
        Answers whose words came without a recording.
    """

    people: Mapping[str, int]
    questions: Mapping[str, int]
    named: Mapping[str, tuple[Answer, ...]] = field(default_factory=dict)
    manifest: Mapping[Path, Answer] = field(default_factory=dict)
    pattern: re.Pattern[str] | None = None
    taken: set[Answer] = field(default_factory=set)
    written: set[Answer] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Prepare to find refs whatever their capitals."""
        self._people = _by_folded(self.people)
        self._questions = _by_folded(self.questions)
        self._listed: dict[str, list[Path]] = {}
        for path in self.manifest:
            self._listed.setdefault(path[-1], []).append(path)
        self._exact = self._with_known_questions()

    def _with_known_questions(self) -> re.Pattern[str] | None:
        """Give the pattern that takes the study's questions only, so that `*` may follow one."""
        if self.pattern is None or not self.questions:
            return None
        refs = sorted(self.questions, key=len, reverse=True)
        known = "|".join(map(re.escape, refs))
        made = self.pattern.pattern.replace(QUESTION, f"(?P<question>{known})")
        return re.compile(made, re.IGNORECASE)

    def match(self, file_name: str) -> Match:
        """Find to whom a file belongs, and note that its answer has a recording now."""
        found = self.find(file_name)
        if found.respondent_id is None or found.question_id is None:
            return found
        answer = (found.respondent_id, found.question_id)
        if answer in self.taken:
            return _doubt(found, "There is another recording of the same answer.")
        if answer in self.written:
            return _doubt(found, "The answer has a transcript that came without a recording.")
        if found.matching == "matched":
            self.taken.add(answer)
        return found

    def find(self, file_name: str) -> Match:
        """Find to whom a file belongs by its name alone."""
        listed = self._by_manifest(path_key(file_name))
        if listed is not None:
            return listed
        key = name_key(file_name)
        answers = self.named.get(key, ())
        if len(answers) == 1:
            return Match("matched", "file name", "", *answers[0])
        if len(answers) > 1:
            note = f"The survey names this file for {len(answers)} answers."
            return Match("doubtful", "file name", note)
        if self.pattern is not None:
            found = self._by_pattern(file_name)
            if found is not None:
                return found
        return self._guess(file_name)

    def _by_manifest(self, path: Path) -> Match | None:
        """Look a file up in the manifest: where both name a folder, the folders must agree."""
        listed = self._listed.get(path[-1], [])
        if not listed:
            return None
        shared = {other: _n_shared(path, other) for other in listed}
        best = [other for other in listed if shared[other] == max(shared.values())]
        sure = shared[best[0]] > 1 or min(len(path), len(best[0])) == 1
        if len(best) > 1:
            note = f"The manifest lists {len(best)} files of this name, in different folders."
            return Match("doubtful", "manifest", note)
        if not sure:
            note = "The manifest lists a file of this name in another folder."
            return Match("doubtful", "manifest", note, *self.manifest[best[0]])
        return Match("matched", "manifest", "", *self.manifest[best[0]])

    def _by_pattern(self, file_name: str) -> Match | None:
        assert self.pattern is not None
        name = base_name(file_name)
        parts = self._exact.fullmatch(name) if self._exact else None
        parts = parts or self.pattern.fullmatch(name)
        if parts is None:
            return None
        groups = parts.groupdict()
        person = _key(self.people, self._people, groups.get("respondent", ""))
        asked = self._question(groups)
        if person is None:
            return Match(note=f"There is no respondent {groups.get('respondent', '')!r}.")
        if asked is None:
            return Match(note=f"There is no question {groups.get('question', '')!r}.")
        return Match("matched", "pattern", "", person, asked)

    def _question(self, groups: Mapping[str, str]) -> int | None:
        if "question" in groups:
            return _key(self.questions, self._questions, groups["question"])
        return next(iter(self.questions.values())) if len(self.questions) == 1 else None

    def _guess(self, file_name: str) -> Match:
        """Look for a respondent's and a question's ref among the parts of a name."""
        stem = base_name(file_name).rpartition(".")[0] or base_name(file_name)
        parts = {_folded(part) for part in re.split(r"[\s_\-.,()\[\]]+", stem) if part}
        people = {self._people[part] for part in parts if part in self._people}
        asked = {self._questions[part] for part in parts if part in self._questions}
        if len(people) != 1:
            return Match()
        if len(asked) == 1:
            note = "The name looks like this respondent's and question's."
            return Match("doubtful", "", note, people.pop(), asked.pop())
        note = "The name looks like this respondent's; which question is not known."
        return Match("doubtful", "", note, people.pop(), None)


def _doubt(found: Match, note: str) -> Match:
    return replace(found, matching="doubtful", note=note)


def _folded(ref: str) -> str:
    return unicodedata.normalize("NFC", ref).casefold()


def _by_folded(keys: Mapping[str, int]) -> dict[str, int]:
    """Give keys by refs without capitals, but not those that only capitals tell apart."""
    found: dict[str, list[int]] = {}
    for ref, key in keys.items():
        found.setdefault(_folded(ref), []).append(key)
    return {ref: alike[0] for ref, alike in found.items() if len(alike) == 1}


def _key(exact: Mapping[str, int], folded: Mapping[str, int], ref: str) -> int | None:
    return exact.get(ref, folded.get(_folded(ref)))


def _n_shared(one: Path, other: Path) -> int:
    """Count the parts, from the end, that two paths share."""
    n = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        n += 1
    return n


def path_key(file_name: str) -> Path:
    """Give folders and `name_key` of a file; an archive that it came in is no folder.

    Examples
    --------
    >>> path_key("all.zip/R1/Q2.m4a") == path_key("R1/q2.wav") == ("r1", "q2")
    True
    """
    name = _plain(file_name)
    folders = [_folded(part.strip()) for part in re.split(r"[\\/]", name)[:-1]]
    kept = [part for part in folders if part not in ("", ".") and not part.endswith(".zip")]
    return (*kept, name_key(file_name))


def name_key(file_name: str) -> str:
    """Give what two ways to write a file's name share: no folders, no ending, no capitals.

    Surveys hand out names as parts of addresses, and recordings are often saved as another kind.

    Examples
    --------
    >>> name_key("https://example.org/files/R014%20Q2.M4A?token=1") == name_key("r014 q2.opus")
    True
    """
    name = base_name(file_name)
    stem, dot, ending = name.rpartition(".")
    short = stem if dot and stem and ending.lower() in ENDINGS else name
    return " ".join(_folded(short).split())


def base_name(file_name: str) -> str:
    """Give a file's name without folders or the rest of an address, its letters composed."""
    return re.split(r"[\\/]", _plain(file_name))[-1].strip()


def _plain(file_name: str) -> str:
    name = file_name.strip()
    if "://" in name:
        name = name.partition("?")[0].partition("#")[0]
    if re.search(r"%[0-9A-Fa-f]{2}", name):
        name = unquote(name)
    return unicodedata.normalize("NFC", name)


def read_pattern(pattern: str) -> re.Pattern[str]:
    """Read a naming pattern such as `{respondent}_{question}.{ext}`.

    `*` stands for anything. Without `{question}` the study must have one question only.

    Raises
    ------
    InputError
        When it has no `{respondent}`, unknown fields, or a field twice.
    """
    hint = "Example: {respondent}_{question}.{ext}"
    fields = re.findall(r"\{([^{}]*)\}", pattern)
    if "respondent" not in fields:
        raise InputError(f"the pattern {pattern!r} has no {{respondent}}.", hint=hint)
    unknown = [name for name in fields if name not in FIELDS]
    if unknown or len(set(fields)) < len(fields):
        wrong = unknown[0] if unknown else next(f for f in fields if fields.count(f) > 1)
        raise InputError(
            f"the pattern {pattern!r} cannot hold {{{wrong}}}{'' if unknown else ' twice'}.",
            hint=hint,
        )
    made = ""
    for part in re.split(r"(\{[^{}]*\}|\*)", pattern):
        if part == "*":
            made += ".*?"
        elif part.startswith("{") and part.endswith("}"):
            made += r"(?P<ext>[A-Za-z0-9]+)" if part == "{ext}" else f"(?P<{part[1:-1]}>.+?)"
        else:
            made += re.escape(part)
    if "{ext}" not in pattern and not re.search(r"\.[A-Za-z0-9]{2,5}$", pattern):
        made += r"(?:\.[A-Za-z0-9]+)?"
    return re.compile(made, re.IGNORECASE)
