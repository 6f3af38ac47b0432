"""The trail in words: what is asked of it, and what one thing that was done reads like.

In: verbs and labels as operations keep them. Out: phrases for people, and values for lists.
"""

from __future__ import annotations

from dataclasses import dataclass

KINDS: dict[str, tuple[str, ...]] = {
    "Coding": (
        "code", "remove", "recode", "adjust", "place again", "let go", "import codings", "star",
        "take star", "keep reviewed", "remove reviewed", "recode reviewed",
    ),
    "Reading": ("done", "reopen", "accept draft"),
    "Memos": (
        "memo", "write memo", "reply to memo", "edit memo", "take memo away", "record memo",
    ),
    "Codebook": (
        "add code", "edit code", "move code", "retire code", "revive code", "load codebook",
        "merge codes", "split code", "sort codings", "promote code", "copy codes",
        "name version", "restore codebook",
    ),
    "Groups": (
        "make groups", "change groups", "remove groups", "edit attribute", "set values",
        "release values",
    ),
    "Team": (
        "add member", "set role", "remove member", "set joining", "allocate", "unassign",
        "open blind",
    ),
    "Settling": ("settle", "settle agreed", "open settled"),
    "Imports": (
        "ingest survey", "ingest transcript", "undo import", "ingest recordings",
        "settle recording", "import project",
    ),
    "Transcripts": (
        "request transcripts", "transcribe", "correct transcript", "review segment",
        "check transcript", "reopen transcript", "confirm translation", "set drafts",
        "settle speakers",
    ),
    "Exports": (
        "export extracts", "export transcripts", "export memos", "export trail", "export methods",
        "export project",
    ),
    "Undo and redo": ("undo", "redo"),
}  # fmt: skip
"""What a person may ask for together. Verbs that stand nowhere here are "Other"."""

OTHER = "Other"

PHRASES: dict[str, str] = {
    "accept draft": "Agreed to code machine drafts",
    "add code": "Made a code",
    "add member": "Added somebody to the team",
    "adjust": "Moved the ends of a coding",
    "allocate": "Gave documents out",
    "change groups": "Changed groups",
    "check transcript": "Checked a transcript",
    "code": "Coded",
    "confirm translation": "Confirmed a translation",
    "copy codes": "Copied codes",
    "correct transcript": "Corrected a transcript",
    "create study": "Made the study",
    "delete filter": "Deleted a filter",
    "done": "Marked as done",
    "edit attribute": "Changed an attribute",
    "edit code": "Changed a code",
    "edit memo": "Changed a memo",
    "export extracts": "Exported extracts",
    "export memos": "Exported memos",
    "export methods": "Wrote the methods appendix",
    "export project": "Exported the project for another program",
    "export trail": "Exported the trail",
    "export transcripts": "Exported transcripts",
    "import codings": "Imported codings",
    "import project": "Brought a project in",
    "ingest recordings": "Brought recordings in",
    "ingest survey": "Imported a survey",
    "ingest transcript": "Imported a transcript",
    "keep reviewed": "Kept after review",
    "let go": "Let a coding go",
    "load codebook": "Loaded a codebook",
    "make groups": "Made groups",
    "mark as a sample": "Marked as a sample",
    "memo": "Wrote a memo",
    "merge codes": "Merged codes",
    "move code": "Moved a code",
    "name version": "Named a version of the codebook",
    "open blind": "Ended blind coding",
    "open settled": "Opened a settled document again",
    "place again": "Placed a coding again",
    "promote code": "Promoted a code",
    "recode": "Recoded",
    "recode reviewed": "Recoded after review",
    "record memo": "Recorded a memo",
    "release values": "Gave values back to the file",
    "remove groups": "Removed groups",
    "rename filter": "Renamed a filter",
    "reopen transcript": "Opened a transcript again",
    "request transcripts": "Asked for transcripts",
    "redo": "Did again",
    "remove": "Removed a coding",
    "remove member": "Took somebody off the team",
    "remove reviewed": "Removed after review",
    "reopen": "Marked as not done",
    "reply to memo": "Replied to a memo",
    "restore codebook": "Brought an old codebook back",
    "retire code": "Retired a code",
    "revive code": "Revived a code",
    "review segment": "Heard a part of a transcript",
    "save filter": "Saved a filter",
    "set drafts": "Set how drafts are coded",
    "set joining": "Changed who may join",
    "set role": "Changed a role",
    "set values": "Corrected values",
    "settle recording": "Settled whose a recording is",
    "settle": "Settled a difference",
    "settle speakers": "Said who speaks",
    "settle agreed": "Settled what coders agree on",
    "sort codings": "Sorted codings after a split",
    "split code": "Split a code",
    "star": "Starred a quote",
    "take memo away": "Removed a memo",
    "take star": "Took a star away",
    "transcribe": "Transcribed",
    "unassign": "Took documents back",
    "undo": "Took back",
    "undo import": "Took an import back",
    "write memo": "Wrote a memo",
}
"""Where a verb alone would not say what was done."""

SAID_TWICE: dict[str, str] = {
    "accept draft": "agreeing to code ",
    "add code": "the code ",
    "add member": "adding ",
    "allocate": "giving out ",
    "create study": "the study ",
    "done": "done on ",
    "edit code": "editing ",
    "edit memo": "the memo on ",
    "import codings": "importing ",
    "import project": "the project ",
    "ingest survey": "importing ",
    "ingest transcript": "the transcript ",
    "load codebook": "codebook ",
    "memo": "the memo on ",
    "name version": "naming ",
    "reopen": "not done on ",
    "restore codebook": "restoring ",
    "settle": "settling ",
    "undo import": "taking back the import of ",
    "write memo": "the memo on ",
}
"""How the label of a step begins, where its phrase says the same. Undo names steps by the label."""


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which things that were done are meant. Empty parts do not restrict.

    `kind` is a name of `KINDS` or "Other"; `begin` and `end` are days as `2022-02-14`, both
    included, in UTC; `search` is looked for in labels, whatever its capitals; `standing` leaves out
    what was taken back.
    """

    person_id: int | None = None
    document_id: int | None = None
    code_id: int | None = None
    kind: str = ""
    verb: str = ""
    begin: str = ""
    end: str = ""
    search: str = ""
    standing: bool = False


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that somebody did, as a list shows it.

    `number` is that of its event in the study's chain: None while numbers would tell how much
    others do on documents that are coded blind. `can_undo` says whether whoever asks may try to
    take it back: it may still be refused.
    """

    uuid: str
    number: int | None
    at: str
    actor_id: int
    actor: str
    verb: str
    label: str
    document_id: int | None
    document: str
    codes: tuple[str, ...]
    undone: bool
    can_undo: bool

    @property
    def what(self) -> str:
        """What was done, in words."""
        return in_words(self.verb, self.label)


def in_words(verb: str, label: str) -> str:
    """Say what was done.

    Examples
    --------
    >>> in_words("code", "Phone on R1")
    'Coded: Phone on R1'
    >>> in_words("merge codes", "")
    'Merged codes'
    >>> in_words("done", "done on R1")
    'Marked as done: R1'
    """
    phrase = PHRASES.get(verb, verb[:1].upper() + verb[1:])
    about = label.removeprefix(SAID_TWICE.get(verb, ""))
    return f"{phrase}: {about}" if about else phrase


def verbs_of(kind: str) -> tuple[str, ...]:
    """Give the verbs of a kind; of "Other", those that belong to no kind (to be left out)."""
    if kind == OTHER:
        return tuple(verb for verbs in KINDS.values() for verb in verbs)
    return KINDS.get(kind, ())


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One entry of an exported trail; in a whole one, with its link in the chain of events.

    `payload` is the event's own, as text: what its hash covers.
    """

    entry: AuditEntry
    payload: str | None = None
    previous_hash: str | None = None
    hash: str | None = None


@dataclass(frozen=True, slots=True)
class TrailAbout:
    """What an exported trail is: `why_no_chain` is empty when it can be verified from the file."""

    study: str
    written_at: str
    why_no_chain: str = ""
    head: str = ""
    n_events: int | None = None
