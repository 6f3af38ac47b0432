"""The methods appendix in sentences: how a study was coded, as its trail tells it.

In: facts. Out: sections of paragraphs and tables that a report can take over.
"""

from __future__ import annotations

from workbench.domain.methods import (
    Appendix,
    Discussions,
    Doubles,
    Facts,
    Machine,
    NamedVersion,
    Section,
    Settled,
    Table,
)
from workbench.domain.words import agree, count, readable_date

DOCUMENT_KINDS = {
    "answer": ("written answer", "written answers"),
    "voice_note": ("transcribed voice note", "transcribed voice notes"),
    "focus_group": ("focus group transcript", "focus group transcripts"),
    "note": ("note", "notes"),
}

CHOICES = {
    "agreed": "{was|were} confirmed where the coders agreed",
    "taken": "took over what coders had coded",
    "edited": "{was|were} settled with a new coding",
    "neither": "{was|were} settled by taking no coding",
}

EXPORTS = {
    "export extracts": "coded extracts",
    "export transcripts": "transcripts",
    "export trail": "the trail",
    "export methods": "this appendix",
    "export project": "the project for another program",
}


def appendix(facts: Facts) -> Appendix:
    """Write the appendix; parts that the study has nothing for are left out."""
    sections = (
        _material(facts),
        _machine(facts.machine),
        _coders(facts),
        _doubles(facts.doubles),
        *facts.agreement,
        _settled(facts.settled),
        _codebook(facts),
        _review(facts),
        _definitions(facts),
        _exports(facts),
        _about(facts),
    )
    return Appendix(
        f"{facts.study}: methods appendix",
        facts.study,
        readable_date(facts.written_at),
        tuple(section for section in sections if section is not None),
    )


def period(first: str, last: str) -> str:
    """Say when something was done.

    Examples
    --------
    >>> period("2022-02-14T09:30:00.000Z", "2022-03-01T10:00:00.000Z")
    'between 14 Feb 2022 and 1 Mar 2022'
    >>> period("2022-02-14T09:30:00.000Z", "2022-02-14T10:00:00.000Z")
    'on 14 Feb 2022'
    """
    begin, end = readable_date(first), readable_date(last)
    return f"on {begin}" if begin == end else f"between {begin} and {end}"


def listed(words: list[str] | tuple[str, ...]) -> str:
    """Join words with commas and an "and".

    Examples
    --------
    >>> listed(["Ana", "Ben", "Cy"])
    'Ana, Ben and Cy'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _share(part: int, whole: int, what: str = "") -> str:
    told = f"{part:,} of {whole:,}" + (f" {what}" if what else "")
    return f"{told} ({round(100 * part / whole)} %)" if whole else told


def _material(facts: Facts) -> Section:
    kinds = [
        count(n, *DOCUMENT_KINDS.get(kind, (kind, kind)))
        for kind, n in facts.documents.items()
        if n
    ]
    total = sum(facts.documents.values())
    said = [
        f"The study {facts.study} holds the words of {count(facts.respondents, 'respondent')}, "
        f"asked {count(facts.questions, 'question')}: {count(total, 'document')}"
        + (f" ({listed(kinds)})." if kinds else ".")
    ]
    if len(facts.surveys) > 1:
        said.append(f"They took part in {len(facts.surveys)} surveys: {listed(facts.surveys)}.")
    said += _discussions(facts.discussions)
    if facts.facilitators:
        said.append(agree("{n} {facilitator is|facilitators are} not counted.", facts.facilitators))
    if facts.withdrawn:
        said.append(
            agree(
                "{n} {respondent|respondents} withdrew and {is|are} not counted.", facts.withdrawn
            )
        )
    return Section("Material", tuple(said))


def _discussions(found: Discussions) -> list[str]:
    """Say what was said in focus groups, by how many, and what of it counts for nobody."""
    if not found.groups:
        return []
    said = [
        f"In {count(found.groups, 'focus group')} with {count(found.words, 'word')}, "
        f"{count(found.speakers, 'respondent')} spoke."
    ]
    if found.facilitators:
        said.append(
            agree("What {n} {facilitator|facilitators} said is not counted.", found.facilitators)
        )
    if found.turns_of_nobody:
        said.append(
            agree(
                "{n} {turn is|turns are} linked to no respondent: mentions there stand apart, in "
                "no share.",
                found.turns_of_nobody,
            )
        )
    return said


def _machine(machine: Machine) -> Section | None:
    total = machine.checked + machine.drafts
    if not machine.models and not total:
        return None
    models = listed([f"{name} ({count(n, 'recording')})" for name, n in machine.models])
    said = f"Recordings were transcribed by machine, with {models}. " if models else ""
    said += f"People checked {_share(machine.checked, total, 'transcripts')} by ear."
    if machine.drafts:
        said += agree(
            " {n} {transcript remains|transcripts remain} as the machine left {it|them}.",
            machine.drafts,
        )
    return Section("Machine transcription", (said,))


def _coders(facts: Facts) -> Section:
    total = sum(facts.documents.values())
    if not facts.coders:
        return Section("Coding", ("Nobody has coded yet.",))
    n = sum(item.codings for item in facts.coders)
    who = f"{count(len(facts.coders), 'person', 'people')} coded: {listed(_names(facts))}."
    times = [(item.first, item.last) for item in facts.coders if item.first]
    when = ""
    if times:
        first, last = min(begin for begin, _ in times), max(end for _, end in times)
        when = f" They made {count(n, 'coding')} {period(first, last)}."
    rows = tuple(
        (
            item.name,
            f"{item.begun + item.done:,}",
            f"{item.done:,} of {total:,}",
            f"{item.codings:,}",
            period(item.first, item.last) if item.first else "\u2013",
        )
        for item in facts.coders
    )
    header = ("Coder", "Documents read", "Marked as done", "Codings", "Coded")
    return Section("Coding", (who + when,), Table(header, rows))


def _names(facts: Facts) -> list[str]:
    return [item.name for item in facts.coders]


def _doubles(found: Doubles) -> Section | None:
    if not found.done_by_several and not found.assigned:
        return None
    read = found.done_by_one + found.done_by_several
    verb = "was" if found.done_by_several == 1 else "were"
    said = [
        f"{_share(found.done_by_several, found.documents, 'documents')} {verb} read to the end by "
        f"two or more coders, {_share(found.done_by_one, found.documents)} by one."
    ]
    if read == 0:
        said = ["No document has been marked as done yet."]
    if found.assigned:
        how = agree("{n} {document was|documents were} given out to coders, ", found.assigned)
        how += f"{found.assigned_several:,} of them to two or more."
        if found.assigned_blind:
            how += agree(
                " {n} {was|were} coded blind: nobody saw what others had coded until all who had "
                "the document had marked it as done.",
                found.assigned_blind,
            )
        else:
            how += " Coders could see each other's codings."
        said.append(how)
    return Section("Double coding", tuple(said))


def _settled(found: Settled) -> Section | None:
    n = sum(found.by_choice.values())
    if not n and not found.documents:
        return None
    parts = [
        agree(f"{{n}} {how}", found.by_choice[choice])
        for choice, how in CHOICES.items()
        if found.by_choice.get(choice)
    ]
    said = f"The codings of {count(found.documents, 'document')} were adjudicated"
    said += f" by {listed(found.people)}" if found.people else ""
    said += f" {period(found.first, found.last)}" if found.first else ""
    said += f". Of {count(n, 'decision')}, {listed(parts)}." if parts else "."
    return Section("Settling differences", (said,))


def _codebook(facts: Facts) -> Section:
    n = sum(facts.changes.values())
    said = [
        f"The codebook went through {count(facts.versions, 'version')}; it ends with "
        f"{count(len(facts.definitions), 'code')} in use."
    ]
    if n:
        kinds = [f"{verb}: {times:,}" for verb, times in facts.changes.items()]
        said.append(f"The trail holds {count(n, 'change')} to it ({'; '.join(kinds)}).")
    if not facts.named:
        return Section("The codebook", tuple(said))
    said.append("These versions were named:")
    rows = tuple(
        (
            item.name,
            readable_date(item.at),
            item.by,
            f"{item.n_codes:,}",
            _difference(item),
            item.note,
        )
        for item in facts.named
    )
    header = ("Version", "Date", "By", "Codes", "Since the named one before", "Note")
    return Section("The codebook", tuple(said), Table(header, rows))


def _difference(item: NamedVersion) -> str:
    parts = [
        f"{n:,} {what}"
        for n, what in ((item.added, "added"), (item.removed, "removed"), (item.changed, "changed"))
        if n
    ]
    return ", ".join(parts) or "no difference"


def _review(facts: Facts) -> Section | None:
    if not facts.redefined:
        return None
    said = agree(
        "The {definition|definitions} of {n} {code|codes} changed after {it was|they were} made.",
        facts.redefined,
    )
    if facts.outdated:
        said += agree(
            " {n} {coding has|codings have} not been looked at again since.", facts.outdated
        )
    else:
        said += agree(
            " All codings with {it|them} were made or looked at again under the last definition.",
            facts.redefined,
        )
    return Section("Looking again after definitions changed", (said,))


def _definitions(facts: Facts) -> Section | None:
    if not facts.definitions:
        return None
    rows = tuple(
        (item.path, item.definition, item.include, item.exclude) for item in facts.definitions
    )
    return Section(
        "Definitions in force at the end",
        (f"{count(len(rows), 'code')}, as defined on {readable_date(facts.written_at)}.",),
        Table(("Code", "Definition", "Use it for", "Do not use it for"), rows),
    )


def _exports(facts: Facts) -> Section | None:
    if not facts.exports:
        return None
    parts = [
        f"{EXPORTS.get(verb, verb)} {count(n, 'time')} (last on {readable_date(last)})"
        for verb, n, last in facts.exports
    ]
    return Section("Exports", (f"Taken out of the workbench: {listed(parts)}.",))


def _about(facts: Facts) -> Section:
    said = [
        f"This appendix was written on {readable_date(facts.written_at)} from the study's trail, "
        "which keeps who did what and when."
    ]
    if facts.trail.taken_back:
        said.append(
            agree(
                "{n} {step was|steps were} taken back and {stays|stay} in the trail as such.",
                facts.trail.taken_back,
            )
        )
    if facts.trail.head:
        said.append(
            f"The trail held {count(facts.trail.n_events or 0, 'event')} then, the last with the "
            f"hash {facts.trail.head}: with it, a later change to what is told here can be found."
        )
    if facts.doubles.closed:
        what = count(facts.doubles.closed, "document was", "documents were")
        said.append(
            f"{what} still being coded blind. What others than the writer of this appendix coded "
            "there is not counted here."
        )
    return Section("About this appendix", tuple(said))
