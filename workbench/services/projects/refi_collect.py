"""Collect a study into a REFI-QDA project: everything that the format has a place for.

In: a study, who asks, and choices. Out: a project, the recordings that go with it, and sentences
about what stays behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, BinaryIO, cast

from pipelines.export.projects.refi_graphs import graph_within, shown_names
from pipelines.export.projects.refi_layout import RefiMedia
from workbench.domain.codings import Actor
from workbench.domain.refi import (
    Direction,
    RefiCode,
    RefiLink,
    RefiProject,
    RefiSet,
    RefiSource,
    RefiTranscript,
)
from workbench.domain.refi_descriptions import SurveyWords, describe_survey
from workbench.domain.refi_terms import SetKind, answer_name, recording_name, set_name
from workbench.services.counting.summarise import FIRST_SURVEY
from workbench.services.projects.refi_codes import code_tree, guids_of_codes
from workbench.services.projects.refi_finished import add_finished
from workbench.services.projects.refi_joined import is_joined, join_answers
from workbench.services.projects.refi_notes import Notes
from workbench.services.projects.refi_people import cases_of, variables_of
from workbench.services.projects.refi_sources import Belongs, Part, Sources
from workbench.services.projects.refi_withheld import Withheld
from workbench.services.projects.refi_work import (
    ORIGIN,
    Progress,
    RefiChoice,
    Users,
    Work,
    read_identities,
    strings,
)
from workbench.store import studies
from workbench.store.codebooks import codebook
from workbench.store.engine import Connection
from workbench.store.projects import refi_recordings, refi_rows, refi_surveys
from workbench.store.projects.refi_recordings import RecordingRow
from workbench.store.visibility import sight_of
from workbench.store.voice_notes.media import MediaStore


@dataclass(frozen=True, slots=True)
class Collected:
    """A study as a project, with the files that its sources name, and what to say about it."""

    project: RefiProject
    media: Mapping[str, RefiMedia]
    work: Work


@dataclass
class _Gathered:
    """Sources as they are made."""

    sources: list[RefiSource] = field(default_factory=list)
    answers: dict[int, list[Part]] = field(default_factory=dict)
    transcripts: dict[int, list[RefiTranscript]] = field(default_factory=dict)
    by_question: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    by_series: dict[str, list[str]] = field(default_factory=dict)


def collect(
    connection: Connection,
    actor: Actor,
    study_id: int,
    choice: RefiChoice,
    store: MediaStore,
    progress: Progress | None = None,
) -> Collected:
    """Collect a study, as far as the actor may see it."""
    work = _work(connection, actor, study_id, choice, progress)
    study = refi_rows.read_study(connection, study_id)
    people = refi_rows.list_people(connection, study_id)
    notes = Notes(work)
    codes = codebook.list_codes(connection, study_id, actor.id, with_retired=True)
    guids = guids_of_codes(codes, work.ids)
    notes.keep("code", set(guids))
    maker = Sources(work, notes, guids, {item.id: item.ref for item in people})
    gathered = _gather(work, maker)
    belongs = maker.belongs
    notes.keep("document", set(belongs.guids))
    media: dict[str, RefiMedia] = {}
    if choice.audio:
        gathered.sources += _recordings(work, store, gathered, belongs, media)
    variables = variables_of(work, people)
    cases = tuple(
        cases_of(
            work, people, variables, notes,
            sources=belongs.sources, selections=belongs.selections,
            code_guids=frozenset(guids.values()),
        )
    )  # fmt: skip
    tree = code_tree(codes, guids, work.ids, lambda key, guid: notes.on("code", key, guid))
    written = notes.written()
    withheld = Withheld(refi_rows.withdrawn_names(connection, study_id), work.left_out)
    sets = tuple(_sets(work, gathered, belongs, notes, withheld))
    project = RefiProject(
        study.name,
        ORIGIN,
        study.description,
        made_at=study.created_at,
        users=work.users.listed(),
        codes=tree,
        variables=variables.listed,
        cases=(*cases, *belongs.speakers),
        sources=tuple(gathered.sources),
        notes=written,
        sets=sets,
        links=tuple(_links(work, notes, withheld)),
        project_notes=notes.on("study", study_id),
    )
    return Collected(replace(project, graphs=tuple(_graphs(work, project, withheld))), media, work)


def _work(
    connection: Connection,
    actor: Actor,
    study_id: int,
    choice: RefiChoice,
    progress: Progress | None,
) -> Work:
    study = refi_rows.read_study(connection, study_id)
    ids = read_identities(connection, study_id, study.guid)
    users = Users(refi_rows.list_coders(connection), ids)
    sight = sight_of(connection, study_id, actor.id)
    return Work(connection, actor, study_id, choice, ids, users, sight, progress)


# ---------------------------------------------------------------- sources


def _gather(work: Work, maker: Sources) -> _Gathered:
    """Make all sources of documents, and sort them by what they belong to."""
    found = _Gathered()
    for part in maker.parts():
        row, source = part.row, part.source
        if part.transcript is not None and row.recording_id is not None:
            found.transcripts.setdefault(row.recording_id, []).append(part.transcript)
        if work.choice.by_respondent and is_joined(part):
            found.answers.setdefault(row.respondent_id or 0, []).append(part)
            continue
        found.sources.append(source)
        if row.question:
            found.by_question.setdefault(row.question, (row.question_text, []))[1].append(
                source.guid
            )
        if row.series:
            found.by_series.setdefault(row.series, []).append(source.guid)
    whole = []
    for person, parts in sorted(found.answers.items()):
        joined = join_answers(work, parts)
        whole.append(joined)
        gone = {part.source.guid for part in parts}
        others = [one for one in maker.belongs.sources.get(person, ()) if one not in gone]
        maker.belongs.sources[person] = [joined.guid, *others]
        maker.belongs.guids.update((part.row.id, joined.guid) for part in parts)
    found.sources = [*whole, *found.sources]
    return found


def _recordings(
    work: Work,
    store: MediaStore,
    gathered: _Gathered,
    belongs: Belongs,
    media: dict[str, RefiMedia],
) -> list[RefiSource]:
    """Make the sources of recordings; what is not in the media folder goes without its sound."""
    found = []
    for row in refi_recordings.list_recordings(work.connection, work.study_id):
        transcripts = gathered.transcripts.get(row.id, [])
        stem, _, ending = row.uri.rpartition("/")[2].partition(".")
        guid = work.ids.claim(work.ids.of("recording", row.id, work.ids.derived("recording", stem)))
        path = f"{guid}.{ending or 'm4a'}"
        if store.exists(row.uri):
            media[path] = RefiMedia(row.size_bytes, partial(_open, store, row.uri))
        if row.respondent_id is not None:
            belongs.sources.setdefault(row.respondent_id, []).append(guid)
        found.append(
            RefiSource(
                guid,
                "audio",
                _recording_name(row, transcripts, path.rpartition(".")[2]),
                path=path,
                made_at=row.created_at,
                transcripts=tuple(transcripts),
            )
        )
    return found


def _open(store: MediaStore, uri: str) -> BinaryIO:
    return cast(BinaryIO, store.open(uri))


def _recording_name(row: RecordingRow, transcripts: Sequence[RefiTranscript], ending: str) -> str:
    """Name a recording like its document: the file may have been named after a person."""
    if transcripts:
        return recording_name(transcripts[0].name, ending)
    if row.respondent and row.question:
        return recording_name(answer_name(row.respondent, row.question, "spoken"), ending)
    return recording_name(row.respondent or f"Recording {row.id}", ending)


# ---------------------------------------------------------------- sets, links and graphs


def _sets(
    work: Work, gathered: _Gathered, belongs: Belongs, notes: Notes, withheld: Withheld
) -> list[RefiSet]:
    found = []

    def add(kind: SetKind, name: str, description: str, sources: Sequence[str]) -> None:
        title = set_name(kind, name)
        guid = work.ids.claim(work.ids.of_named("set", title))
        found.append(RefiSet(guid, title, description, sources=tuple(sources),
                             notes=tuple(notes.also(guid))))  # fmt: skip

    for item in studies.list_questions(work.connection, work.study_id):
        wording, sources = gathered.by_question.get(item.ref, (item.text, []))
        add("question", item.ref, wording, sources)
    for name, sources in gathered.by_series.items():
        add("series", name, "", sources)
    answered = refi_surveys.documents_by_survey(work.connection, work.study_id)
    for row in refi_surveys.list_surveys(work.connection, work.study_id):
        here = [pair for pair in answered.get(row.id, ()) if pair[0] in belongs.guids]
        told = {person for _, person in here}
        also = tuple(ref for key, ref in row.people if key not in told)
        members = dict.fromkeys(belongs.guids[key] for key, _ in here)
        words = describe_survey(SurveyWords(row.questions, also))
        add("survey", row.name or FIRST_SURVEY, words, list(members))
    add_finished(work, belongs.guids, belongs.names, add)
    for record in work.ids.kept:
        if record.kind == "kept set":
            found += _kept_set(work, record.guid, record.content or {}, withheld)
    return found


def _kept_set(
    work: Work, guid: str, content: Mapping[str, Any], withheld: Withheld
) -> list[RefiSet]:
    """Write a set of another program again, with those of its members that are in the file.

    One that has lost them all goes with them: its name may tell who or what they were.
    """
    lists = {name: strings(content.get(name)) for name in ("codes", "sources", "notes")}
    codes, sources, notes = (
        tuple(one for one in listed if work.ids.is_given(one)) for listed in lists.values()
    )
    if any(lists.values()) and not (codes or sources or notes):
        if work.sight.hides_nothing:
            work.left_out.add("Sets of another program with nothing in them that is in the file")
        return []
    name = withheld(str(content.get("name") or "")) or "Set"
    description = withheld(str(content.get("description") or ""))
    return [RefiSet(work.ids.claim(guid), name, description, codes, sources, notes)]


def _links(work: Work, notes: Notes, withheld: Withheld) -> list[RefiLink]:
    """Write the links of another program again, where both their ends are in the file."""
    found = []
    for record in work.ids.kept:
        if record.kind != "link":
            continue
        content = record.content or {}
        link = _kept_link(record.guid, {name: str(value) for name, value in content.items()})
        if work.ids.is_given(link.origin) and work.ids.is_given(link.target):
            listed = notes.known(strings(content.get("notes")))
            guid, name = work.ids.claim(link.guid), withheld(link.name)
            found.append(replace(link, guid=guid, name=name, notes=listed))
        elif work.sight.hides_nothing:
            work.left_out.add("Links of another program to what is not in the file")
    return found


def _kept_link(guid: str, content: Mapping[str, str]) -> RefiLink:
    return RefiLink(
        guid,
        content.get("origin", ""),
        content.get("target", ""),
        content.get("name", ""),
        cast(Direction, content.get("direction", "OneWay")),
        content.get("colour", ""),
    )


def _graphs(work: Work, project: RefiProject, withheld: Withheld) -> list[str]:
    """Write the graphs of another program again, without what is not in the file."""
    names = shown_names(project)
    found = []
    for record in work.ids.kept:
        if record.kind == "graph":
            text = str((record.content or {}).get("xml", ""))
            graph, n_gone = graph_within(text, names, work.ids.is_given, withheld)
            found.append(graph)
            for _ in range(n_gone if work.sight.hides_nothing else 0):
                work.left_out.add("Parts of graphs that show what is not in the file")
    return found


def all_codes(codes: Sequence[RefiCode]) -> int:
    """Count codes with all below them."""
    return sum(1 + all_codes(code.children) for code in codes)
