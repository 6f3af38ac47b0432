"""A study goes out by REFI-QDA, comes into an empty database, and goes out the same."""

from __future__ import annotations

import csv
import io
import shutil
import uuid
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from pipelines.ingest.discussions.speech import SpeechFile, Turn
from pipelines.ingest.projects.refi_project import read_refi
from tests import voice_notes
from tests.builders import Bench, read_survey
from tests.conftest import empty_bench
from tests.refi_projects import file_of, projects
from tests.services.projects.test_refi_import import wave
from workbench.domain.codings import DocumentFilter
from workbench.domain.refi import (
    RefiCode,
    RefiCoding,
    RefiNote,
    RefiProject,
    RefiSelection,
    RefiSource,
    derived_guid,
)
from workbench.services import study
from workbench.services.coding import exchange
from workbench.services.counting import summarise
from workbench.services.counting.theme_table import Base
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.services.memos import memos
from workbench.services.opening import Database, open_database
from workbench.services.projects import refi_export, refi_import
from workbench.services.projects.refi_export import RefiChoice
from workbench.services.surveys import ingest
from workbench.services.surveys.ingest_surveys import SharedQuestion
from workbench.services.voice_notes import drafts
from workbench.store.tables import recording, respondent, respondent_survey

TURNS = (
    Turn("Lin", "Who did you ask first?", 0, 4_000),
    Turn("P1", "I rang 😬 the school: nobody.", 4_000, 9_000),
    Turn("", "(laughter)"),
    Turn("P2", "Nobody rang\n\nP1: back.", 9_000, 12_000),
    Turn("P1", "P1"),
)
PLANS = (
    SpeakerPlan("Moderator", ("Lin",), "facilitator"),
    SpeakerPlan("P1", ("P1",), respondent="R1"),
    SpeakerPlan("P2", ("P2",)),
)


BASES = get_args(Base)
"""Whom shares are of."""
MAPPING_OF_Q1 = """
respondent_id: id
attributes: []
questions:
  - {column: q1, ref: q1, text: "What happened?"}
"""


class Seen:
    """A project without the GUIDs that are derived from a study's own: everything by name."""

    def __init__(self, project: RefiProject) -> None:
        self.project = project
        self.users = {one.guid: one.name for one in project.users}
        self.variables = {one.guid: one.name for one in project.variables}
        self.sources = {one.guid: one.name for one in project.sources}
        self.places = {
            one.guid: (source.name, one.start, one.end)
            for source in project.sources
            for one in source.selections
        }

    def everything(self) -> dict[str, Any]:
        project = self.project
        return {
            "name": project.name,
            "description": project.description,
            "users": sorted(self.users.values()),
            "codes": [self.code(one) for one in project.codes],
            "variables": [(one.name, one.type, one.description) for one in project.variables],
            "cases": sorted(
                (
                    one.name, one.description, one.codes,
                    sorted((self.variables[key], value) for key, value in one.values),
                    sorted(self.sources[key] for key in one.sources),
                    sorted(self.places[key] for key in one.selections), sorted(one.notes),
                )
                for one in project.cases
            ),
            "sources": sorted(self.source(one) for one in project.sources),
            "notes": sorted(
                (one.guid, one.text, self.users.get(one.user), one.made_at, sorted(one.notes))
                for one in project.notes
            ),
            "sets": sorted(
                (one.name, one.description, sorted(self.sources[key] for key in one.sources))
                for one in project.sets
            ),
            "project notes": sorted(project.project_notes),
        }  # fmt: skip

    def code(self, one: RefiCode) -> Any:
        below = [self.code(child) for child in one.children]
        return (one.guid, one.name, one.is_codable, one.colour, one.description,
                sorted(one.notes), below)  # fmt: skip

    def codings(self, codings: tuple[RefiCoding, ...]) -> Any:
        return sorted(
            (one.guid, one.code, self.users.get(one.user), one.made_at, sorted(one.notes))
            for one in codings
        )

    def selection(self, one: RefiSelection) -> Any:
        return (one.start, one.end, one.name, one.description, self.codings(one.codings),
                sorted(one.notes))  # fmt: skip

    def source(self, one: RefiSource) -> Any:
        return (
            one.name, one.kind, "" if one.kind == "audio" else one.guid, one.description, one.text,
            "" if one.kind == "audio" else one.made_at,
            sorted(map(self.selection, one.selections)), self.codings(one.codings),
            sorted(one.notes), sorted((t.text, t.sync, t.name) for t in one.transcripts),
        )  # fmt: skip


def exported(bench: Bench, *, by_respondent: bool = False) -> bytes:
    choice = RefiChoice(by_respondent=by_respondent)
    return refi_export.project_file(
        bench.actor, bench.database, bench.study_id, choice=choice
    ).content


def seen(content: bytes) -> tuple[dict[str, Any], RefiProject]:
    """Give a project by names, which tells plainly what differs, and as it is.

    When a study and its recordings came into a database is that database's own matter.
    """
    project = read_refi(io.BytesIO(content), "a.qdpx").project
    sources = (replace(one, made_at="") if one.kind == "audio" else one for one in project.sources)
    return Seen(project).everything(), replace(project, made_at="", sources=tuple(sources))


def there_and_back(
    bench: Bench, second: Database, *, by_respondent: bool = False, exact: bool = True
) -> tuple[Any, Any]:
    """Export, bring into another database, and export that: both, without derived GUIDs.

    In either form, whichever was brought in. Not `exact`: in which order several memos stand on
    one thing may differ, and so which of two alike is named "(2)".
    """
    first = exported(bench, by_respondent=by_respondent)
    actor = study.sign_in(second, "Somebody else")
    opened = refi_import.look_into(io.BytesIO(first), "first.qdpx")
    report = refi_import.import_project(actor, second, bench.name, opened, new_study=True)
    assert report.left_out == []
    again = Bench(second, actor, report.study_id)
    assert refi_import.import_project(actor, second, bench.name, opened).unchanged
    other = refi_import.look_into(
        io.BytesIO(exported(bench, by_respondent=not by_respondent)), "other.qdpx"
    )
    assert not refi_import.import_project(actor, second, bench.name, other).has_news
    before = [seen(exported(bench, by_respondent=form)) for form in (False, True)]
    after = [seen(exported(again, by_respondent=form)) for form in (False, True)]
    if not exact:
        return ([one[0] for one in before], tables(bench)[1]), (
            [one[0] for one in after], tables(again)[1],
        )  # fmt: skip
    for (names, first_form), (names_after, second_form) in zip(before, after, strict=True):
        assert names == names_after
        for part in fields(RefiProject):
            assert getattr(first_form, part.name) == getattr(second_form, part.name)
    return (before, tables(bench)), (after, tables(again))


def tables(bench: Bench) -> Any:
    """Give all codings with their words, and who mentions what in each survey."""
    where = (bench.actor, bench.database, bench.study_id)
    surveys = {None: "all", **summarise.list_surveys(*where)}
    counted = {
        (name, base, layer): summarise.summarise(
            *where, where=DocumentFilter(survey_id=key), level="code", base=base, layer=layer
        ).rows
        for key, name in surveys.items()
        for base in BASES
        for layer in ("any", "consensus")
    }
    codings = [{**row, "document": ""} for row in exchange.export_codings(*where)]
    asked = [(item.ref, item.text) for item in study.list_questions(*where)]
    return sorted(map(repr, codings)), [*counted.items(), asked, *people(bench)]


def people(bench: Bench) -> Any:
    """Give what attributes are, who sent answers when, and who has finished what."""
    known = [
        (item.name, item.label, item.kind, item.grouping, item.ordered_values)
        for item in study.list_attributes(bench.actor, bench.database, bench.study_id)
        if not item.identifying
    ]
    sent = (
        select(respondent.c.ref, respondent.c.submitted_at, respondent_survey.c.submitted_at)
        .join(respondent_survey, respondent_survey.c.respondent_id == respondent.c.id)
        .where(respondent.c.study_id == bench.study_id)
    )
    with bench.database.read() as connection:
        return known, sorted(map(repr, connection.execute(sent)))


@pytest.mark.parametrize("by_respondent", [False, True])
def test_a_whole_study_comes_back_the_same(
    sqlite: Database, tmp_path: Path, sqlite_template: Path, by_respondent: bool
) -> None:
    bench = empty_bench(sqlite)
    bench.ingest()
    bench.load()
    ben, codes = bench.person("Ben"), bench.codes()
    one, two = bench.document("R1"), bench.document("R2")
    where = (bench.actor, sqlite, bench.study_id)
    coding = bench.code(one, "School", "She listened")
    bench.code(one, "Phone", "listened to me")
    bench.code(one, "School", "She listened", actor=ben)
    bench.code(two, "Waiting", "😀 at all")
    bench.code(two, "Access", None)
    bench.code(bench.document("R3"), "Waiting", "تین بار")
    thread = memos.write(*where, "code", codes["School"].id, "Why 😀?")
    memos.write(ben, sqlite, bench.study_id, "code", codes["School"].id, "Since.",
                reply_to=thread)  # fmt: skip
    bench.send({"kind": "memo", "coding": coding, "document": one, "text": "On words"})
    memos.write(*where, "document", two, "On a text")
    memos.write_on_respondent(*where, bench.open(one).document.respondent_id, "On R1")
    memos.write(*where, "study", bench.study_id, "I am from here.", purpose="positionality")
    with sqlite.write() as connection:
        connection.execute(
            update(respondent).where(respondent.c.ref == "R2").values(may_be_quoted=False)
        )
    group = focus_groups.ingest_transcript(
        *where, SpeechFile("fg.vtt", TURNS, "voices"), PLANS, name="FG1", series="Parents",
        held_on="2024-03-01",
    ).document_id  # fmt: skip
    bench.code(group, "Phone", "school: nobody")
    bench.code(group, "Waiting", "nobody.\n\n(laughter)\n\nNobody", actor=ben)
    note = voice_notes.record(where, "fatima.wav", "R1", "q2")
    voice_notes.hear(where, note, "She listened 😀 twice.\nThen not.")
    with sqlite.read() as connection:
        uri = connection.execute(select(recording.c.uri)).scalar_one()
    assert sqlite.path is not None
    (sqlite.path.parent / "media").mkdir()
    (sqlite.path.parent / "media" / uri).write_bytes(wave())
    spoken = next(item.id for item in bench.documents() if item.kind == "voice_note")
    drafts.accept(*where, [spoken])
    bench.code(spoken, "Phone", "listened 😀")
    for document in (one, two, group):
        bench.send({"kind": "done", "document": document})
    for document in (one, spoken):
        bench.send({"kind": "done", "document": document}, actor=bench.person("Cy"))
    path = tmp_path / "second.sqlite3"
    shutil.copyfile(sqlite_template, path)
    second = open_database(f"sqlite:///{path}")
    before, after = there_and_back(bench, second, by_respondent=by_respondent)
    second.close()
    assert before == after


def test_a_copy_that_was_coded_elsewhere_comes_back_into_its_study(
    sqlite: Database, tmp_path: Path, sqlite_template: Path
) -> None:
    bench = empty_bench(sqlite)
    bench.ingest()
    bench.load()
    where = (bench.actor, sqlite, bench.study_id)
    group = focus_groups.ingest_transcript(
        *where, SpeechFile("fg.vtt", TURNS, "voices"), PLANS, name="FG1"
    ).document_id
    bench.code(bench.document("R1"), "School", "She listened")
    gone = bench.code(bench.document("R2"), "Phone", "rang")
    path = tmp_path / "second.sqlite3"
    shutil.copyfile(sqlite_template, path)
    second = open_database(f"sqlite:///{path}")
    zoe = study.sign_in(second, "Zoe")
    opened = refi_import.look_into(io.BytesIO(exported(bench)), "to-zoe.qdpx")
    report = refi_import.import_project(zoe, second, "Test", opened, new_study=True)
    hers = Bench(second, zoe, report.study_id)
    hers.code(hers.document("R1"), "Waiting", "Then she left")
    talk = focus_groups.list_focus_groups(zoe, second, report.study_id)[0]
    hers.code(talk.id, "Phone", "Nobody rang")
    # In the meantime somebody has thought better of one coding here.
    bench.send({"kind": "remove", "document": bench.document("R2"), "coding": gone})
    back = refi_import.look_into(io.BytesIO(exported(hers)), "from-zoe.qdpx")
    merged = refi_import.import_project(bench.actor, sqlite, "Test", back)
    second.close()
    assert {name: (new, there) for name, new, there in merged.figures() if new} == {
        "coders": (1, 1), "codings": (2, 2),
    }  # fmt: skip
    assert {(row["code"], row["coder"], row["quote"]) for row in bench.export()} == {
        ("Access / Waiting", "Zoe", "Then she left"), ("Access / Phone", "Zoe", "Nobody rang"),
        ("School", "Asha", "She listened"),
    }  # fmt: skip
    assert bench.open(group).document is not None


def test_a_memo_on_a_text_and_on_words_of_another_stands_the_same(
    sqlite: Database, sqlite_template: Path, tmp_path: Path
) -> None:
    one, two, memo, words = (derived_guid("test", name) for name in ["1", "2", "memo", "words"])
    project = RefiProject(
        "Theirs",
        origin="Another program",
        sources=(
            RefiSource(one, "text", "Z", text="Late.", notes=(memo,)),
            RefiSource(two, "text", "A", text="Early.",
                       selections=(RefiSelection(words, 0, 5, notes=(memo,)),)),
        ),
        notes=(RefiNote(memo, "Compare these."),),
    )  # fmt: skip
    actor = study.sign_in(sqlite, "Asha")
    file = refi_import.look_into(file_of(project)[0], "theirs.qdpx")
    report = refi_import.import_project(actor, sqlite, "Theirs", file, new_study=True)
    shutil.copyfile(sqlite_template, tmp_path / "second.sqlite3")
    second = open_database(f"sqlite:///{tmp_path / 'second.sqlite3'}")
    before, after = there_and_back(Bench(sqlite, actor, report.study_id, "Theirs"), second)
    second.close()
    assert before == after


@settings(deadline=None, max_examples=8, suppress_health_check=list(HealthCheck))
@given(project=projects("Another program", timed=True))
def test_whatever_came_in_goes_out_and_comes_back_the_same(
    project: RefiProject, sqlite_template: Path, tmp_path: Path
) -> None:
    opened = []
    for _ in range(2):
        path = tmp_path / f"{uuid.uuid4().hex}.sqlite3"
        shutil.copyfile(sqlite_template, path)
        opened.append(open_database(f"sqlite:///{path}"))
    media = {source.path: b"RIFF" for source in project.sources if source.path}
    actor = study.sign_in(opened[0], "Asha")
    file = refi_import.look_into(file_of(project, media=media)[0], "theirs.qdpx")
    assume(project.codes or project.variables or any(source.text for source in project.sources))
    report = refi_import.import_project(actor, opened[0], "Theirs", file, new_study=True)
    before, after = there_and_back(
        Bench(opened[0], actor, report.study_id, "Theirs"), opened[1], exact=False
    )
    for database in opened:
        database.close()
    assert before == after


WAVE = """id,group,when,w2,w3
R1,Roma,2024-03-02,Much better now,
R5,Irish,2024-03-04,,
"""
WAVE_MAPPING = """
respondent_id: id
submitted_at: when
attributes:
  - {column: group, grouping: false}
questions:
  - {column: w2, ref: w2, text: "And now?"}
  - {column: w3, ref: w3, text: "And later?"}
"""


def in_wave(bench: Bench, name: str, text: str, mapping: str) -> None:
    survey = replace(read_survey(text, mapping), name=name)
    ingest.ingest_survey(bench.actor, bench.database, bench.name, survey)


@pytest.mark.parametrize("by_respondent", [False, True])
def test_who_and_what_is_in_which_survey_comes_back(
    sqlite: Database, tmp_path: Path, sqlite_template: Path, by_respondent: bool
) -> None:
    bench = empty_bench(sqlite)
    bench.ingest()
    in_wave(bench, "Wave 2", WAVE, WAVE_MAPPING)
    bench.load()
    bench.code(bench.document("R1", "w2"), "School", "better")
    bench.code(bench.document("R3"), "Waiting", None)
    shutil.copyfile(sqlite_template, tmp_path / "second.sqlite3")
    second = open_database(f"sqlite:///{tmp_path / 'second.sqlite3'}")
    before, after = there_and_back(bench, second, by_respondent=by_respondent)
    again = Bench(second, study.sign_in(second, "Somebody else"), 1)
    where = (again.actor, second, again.study_id)
    keys = {name: key for key, name in summarise.list_surveys(*where).items()}
    assert list(keys) == ["Survey", "Wave 2"]
    assert [item.label for item in again.documents(survey_id=keys["Wave 2"])] == ["R1"]
    # R5, who answered nothing, is in the wave, and an answer of one wave is safe from another.
    with pytest.raises(SharedQuestion, match="would overwrite"):
        in_wave(again, "Wave 3", "id,q1\nR1,Something else\n", MAPPING_OF_Q1)
    second.close()
    assert before == after


def test_speakers_keep_the_identities_that_another_program_gave(
    sqlite: Database, tmp_path: Path, sqlite_template: Path
) -> None:
    bench = empty_bench(sqlite)
    bench.ingest()
    where = (bench.actor, sqlite, bench.study_id)
    focus_groups.ingest_transcript(
        *where, SpeechFile("fg.vtt", TURNS, "voices"), PLANS, name="FG1"
    )  # fmt: skip
    project = read_refi(io.BytesIO(exported(bench)), "a.qdpx").project
    given = {one.guid: derived_guid("given", one.guid) for one in project.cases
             if one.name.startswith("FG1")}  # fmt: skip
    cases = tuple(replace(one, guid=given.get(one.guid, one.guid)) for one in project.cases)
    shutil.copyfile(sqlite_template, tmp_path / "second.sqlite3")
    second = open_database(f"sqlite:///{tmp_path / 'second.sqlite3'}")
    actor = study.sign_in(second, "Zoe")
    file = refi_import.look_into(file_of(replace(project, cases=cases))[0], "theirs.qdpx")
    report = refi_import.import_project(actor, second, "Theirs", file, new_study=True)
    again = exported(Bench(second, actor, report.study_id, "Theirs"))
    second.close()
    assert len(given) == 2
    found = {one.guid for one in read_refi(io.BytesIO(again), "b.qdpx").project.cases}
    assert set(given.values()) <= found


WORDS = st.text("ab é😬\n.,", min_size=1, max_size=12).map(lambda text: f"w{text}w")


@st.composite
def waves(draw: Any) -> tuple[list[dict[str, dict[str, str]]], list[Any], list[Any]]:
    """Draw what people answer in one to three surveys, what of it is coded, and is done by whom."""
    found: list[dict[str, dict[str, str]]] = []
    cell = st.sampled_from(["", "n/a"]) | WORDS
    for number in range(draw(st.integers(1, 3))):
        refs = draw(st.lists(st.sampled_from(["A/1", "B 2", "c-3"]), min_size=1, unique=True))
        asked = [f"w{number}a", f"w{number}b"]
        found.append({ref: {name: draw(cell) for name in asked} for ref in sorted(refs)})
    few = st.integers(0, 12)
    coded = draw(st.lists(st.tuples(few, few, few, st.booleans()), max_size=6))
    return found, coded, draw(st.lists(st.tuples(few, st.sampled_from(["Asha", "Cy"])), max_size=6))


@settings(deadline=None, max_examples=3, suppress_health_check=list(HealthCheck))
@given(drawn=waves(), by_respondent=st.booleans())
def test_whatever_surveys_ask_comes_back_the_same(
    drawn: Any, by_respondent: bool, sqlite_template: Path, tmp_path: Path
) -> None:
    opened = []
    for _ in range(2):
        path = tmp_path / f"{uuid.uuid4().hex}.sqlite3"
        shutil.copyfile(sqlite_template, path)
        opened.append(open_database(f"sqlite:///{path}"))
    bench = empty_bench(opened[0])
    for number, people in enumerate(drawn[0]):
        asked = list(next(iter(people.values())))
        rows = [{"id": ref, **answers} for ref, answers in people.items()]
        spoken = sorted(people)[0]
        rows = [{**row, "note": "a.m4a" if row["id"] == spoken else ""} for row in rows]
        questions = "".join(
            f"  - {{column: {one}, ref: {one}, text: 'On {one}', not_asked_values: [n/a]}}\n"
            for one in asked
        )
        mapping = (
            f"respondent_id: id\nattributes: []\nquestions:\n{questions}"
            f"voice_notes:\n  - {{column: note, question: {asked[1]}}}\n"
        )
        table = io.StringIO()
        writer = csv.DictWriter(table, ["id", *asked, "note"])
        writer.writeheader()
        writer.writerows(rows)
        in_wave(bench, f"Wave {number}", table.getvalue(), mapping)
    bench.load()
    documents = [item.id for item in bench.documents()]
    codes = sorted(bench.codes())
    for which, start, code, whole in drawn[1] if documents else ():
        document = bench.open(documents[which % len(documents)]).document
        assert document is not None
        quote = document.text[start % len(document.text) :].strip()
        if whole or quote:
            bench.send(
                bench.adding(document.id, codes[code % len(codes)], None if whole else quote)
            )
    for which, name in drawn[2] if documents else ():
        done = {"kind": "done", "document": documents[which % len(documents)]}
        bench.send(done, actor=bench.person(name))
    before, after = there_and_back(bench, opened[1], by_respondent=by_respondent)
    for database in opened:
        database.close()
    assert before == after
