"""Studies that go to other programs as REFI-QDA: all that is in them, and nothing that may not be.

Read back with the reader of files, and held against the official schema.
"""

from __future__ import annotations

import io
import re
import zipfile
from importlib import resources
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
import xmlschema
from lxml import etree
from sqlalchemy import delete, insert, update

from pipelines.export.projects.refi_check import check_archive
from pipelines.ingest.discussions.speech import SpeechFile, Turn
from pipelines.ingest.projects.refi_project import read_refi
from tests import voice_notes
from tests.builders import CODEBOOK, Bench
from workbench.domain.refi import RefiProject, RefiSource
from workbench.domain.refi_descriptions import read_attribute, read_code, read_document
from workbench.domain.refi_labels import take_labels_off, words_of
from workbench.domain.refi_terms import MAY_BE_QUOTED, is_turn, read_turn_times
from workbench.domain.transcripts import Transcript
from workbench.domain.turns import TurnSpan
from workbench.errors import WorkbenchError
from workbench.services.codebooks import codebook
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.services.memos import memos
from workbench.services.projects import refi_export
from workbench.services.projects.refi_export import RefiChoice
from workbench.services.team import adjudicate
from workbench.services.voice_notes import attach, drafts
from workbench.store import tables
from workbench.store.projects import exchanged
from workbench.store.projects.exchanged import Exchanged

SCHEMAS = resources.files("pipelines.export.projects") / "refi_schema"
HOSTILE = "<b>&]]>\x07 \u202eلا \ufffe" + "x" * 150
TURNS = (
    Turn("Lin", "Who did you ask first?", 0, 4_000),
    Turn("P1", "I rang 😬 the school: nobody.", 4_000, 9_000),
    Turn("", "(laughter)"),
    Turn("P2", "Nobody rang\n\nP1: back.", 9_000, 12_000),
)
PLANS = (
    SpeakerPlan("Moderator", ("Lin",), "facilitator"),
    SpeakerPlan("P1", ("P1",), respondent="R1"),
    SpeakerPlan("P2", ("P2",)),
)


def place(bench: Bench) -> Any:
    return bench.actor, bench.database, bench.study_id


def written(
    bench: Bench, actor: Any = None, **choice: Any
) -> tuple[RefiProject, refi_export.RefiExport, bytes]:
    """Export, hold against the schema and our own check, and read back."""
    made = refi_export.project_file(
        actor or bench.actor, bench.database, bench.study_id, choice=RefiChoice(**choice)
    )
    assert check_archive(io.BytesIO(made.content), choice.get("profile", "standard")) == ()
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        schema = xmlschema.XMLSchema((SCHEMAS / "Project.xsd").read_text("utf-8"))
        schema.validate(archive.read("project.qde").decode("utf-8"))
    return read_refi(io.BytesIO(made.content), "ours.qdpx").project, made.report, made.content


def source(project: RefiProject, name: str) -> RefiSource:
    (found,) = [one for one in project.sources if one.name == name]
    return found


def coded(project: RefiProject) -> set[tuple[str, str, str, str]]:
    """Give (source, words, code, coder) of all codings; words are empty where it is the whole."""
    codes: dict[str, str] = {}
    pending = list(project.codes)
    while pending:
        one = pending.pop()
        codes[one.guid] = one.name
        pending += one.children
    users = {one.guid: one.name for one in project.users}
    return {
        (one.name, words, codes[coding.code], users[coding.user])
        for one in project.sources
        for words, codings in [
            ("", one.codings),
            *((one.text[item.start : item.end], item.codings) for item in one.selections),
        ]
        for coding in codings
    }


@pytest.fixture
def group(bench: Bench) -> int:
    """Bring in a focus group of four turns."""
    return focus_groups.ingest_transcript(
        *place(bench), SpeechFile("fg.vtt", TURNS, "voices"), PLANS, name="FG1",
        series="Parents", held_on="2024-03-01",
    ).document_id  # fmt: skip


def test_each_coder_has_a_selection_since_programs_take_its_maker_for_the_coder(
    bench: Bench,
) -> None:
    ben, one = bench.person("Ben"), bench.document("R1")
    for code in ("School", "Waiting"):
        bench.code(one, code, "She listened")
    bench.code(one, "School", "She listened", actor=ben)
    with zipfile.ZipFile(io.BytesIO(written(bench)[2])) as archive:
        root = etree.fromstring(archive.read("project.qde"))
    found = [
        (selection.get("creatingUser"), [item.get("creatingUser") for item in codings])
        for selection in root.iter("{*}PlainTextSelection")
        if (codings := selection.findall("{*}Coding"))
    ]
    users = {user.get("name"): user.get("guid") for user in root.iter("{*}User")}
    assert found == [
        (users["Asha"], [users["Asha"]] * 2), (users["Ben"], [users["Ben"]])
    ]  # fmt: skip


def test_what_other_programs_stop_at_is_never_missing(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """QualCoder needs a name and a date of these; names become names of files there and in qc."""
    monkeypatch.setenv("WORKBENCH_MEDIA_URL", str(tmp_path / "media"))
    key = voice_notes.record(place(bench), "fatima.opus", "R1", "q2")
    voice_notes.record(place(bench), "unknown.opus")
    voice_notes.hear(place(bench), key, "she listened twice")
    one = bench.document("R1")
    for text in ("first", "second"):
        memos.write(*place(bench), "study", bench.study_id, text)
    bench.code(one, "School", "She listened")
    with zipfile.ZipFile(io.BytesIO(written(bench)[2])) as archive:
        root = etree.fromstring(archive.read("project.qde"))
    found: dict[str, list[str]] = {}
    for element in root.iter("{*}TextSource", "{*}AudioSource", "{*}Transcript", "{*}Note"):
        tag = etree.QName(element).localname
        assert element.get("creationDateTime") and element.get("name"), tag
        found.setdefault(tag, []).append(element.get("name"))
    assert all(len(set(names)) == len(names) for names in found.values())
    called = [*found["TextSource"], *found["AudioSource"], *found["Transcript"]]
    assert not any(set(name) & set('/\\:*?"<>|') for name in called)
    assert not set(found["AudioSource"]) & set(found["TextSource"])
    assert len(found["Note"]) == 2 and all(case.get("name") for case in root.iter("{*}Case"))
    assert all(coding.get("creatingUser") for coding in root.iter("{*}Coding"))


def test_codings_of_several_people_come_back_with_their_words(bench: Bench) -> None:
    ben = bench.person("Ben")
    one, two = bench.document("R1"), bench.document("R2")
    bench.code(one, "School", "She listened")
    bench.code(one, "Phone", "listened to me")
    bench.code(one, "School", "She listened", actor=ben)
    bench.code(two, "Waiting", "😀 at all")
    bench.code(two, "Access", None)
    bench.code(bench.document("R3"), "Waiting", "تین بار")
    gone = bench.code(one, "Waiting", "left")
    bench.send({"kind": "remove", "document": one, "coding": gone})
    for profile in ("standard", "utf16"):
        project, report, _ = written(bench, profile=profile)
        assert coded(project) == {
            ("R1 - q1 - typed", "She listened", "School", "Asha"),
            ("R1 - q1 - typed", "listened to me", "Phone", "Asha"),
            ("R1 - q1 - typed", "She listened", "School", "Ben"),
            ("R2 - q1 - typed", "😀 at all", "Waiting", "Asha"),
            ("R2 - q1 - typed", "", "Access", "Asha"),
            ("R3 - q1 - typed", "تین بار", "Waiting", "Asha"),
        }
        assert report.n_codings == 6 and report.n_users == 2
        assert report.astral == ("R2 - q1 - typed",)
        assert report.remarks[0].startswith(
            "1 text has emoji or rare scripts: R2 - q1 - typed. NVivo"
        )
    assert len(source(project, "R1 - q1 - typed").selections) == 2


def test_respondents_are_cases_and_identifying_attributes_stay(bench: Bench) -> None:
    with bench.database.write() as connection:
        connection.execute(
            update(tables.respondent)
            .where(tables.respondent.c.ref == "R2")
            .values(may_be_quoted=False)
        )
    project, report, content = written(bench)
    names = {one.guid: one.name for one in project.variables}
    values = {one.name: {names[key]: value for key, value in one.values} for one in project.cases}
    assert values["R1"] == {
        "group": "Roma", "age": "young", "needs: money": "true", "needs: sleep": "true",
    }  # fmt: skip
    assert values["R2"] == {
        "group": "Roma", "age": "old", "needs: money": "true", "needs: sleep": "false",
        MAY_BE_QUOTED: "false", "No answer: q2 - typed": "left blank",
    }  # fmt: skip
    assert values["R4"] == {"age": "young"}
    found = {one.name: read_attribute(one.description) for one in project.variables}
    assert found["age"] is not None and found["age"].values == ("young", "middle", "old")
    assert found["needs: money"] is not None and found["needs: money"].attribute == "needs"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not any(b"secret" in archive.read(name) for name in archive.namelist())
    assert "1 identifying attribute, on purpose." in report.left_out
    assert any(line.startswith("1 respondent said that") for line in report.remarks)
    sources = {one.guid: one.name for one in project.sources}
    assert {sources[guid] for one in project.cases if one.name == "R1" for guid in one.sources} == {
        "R1 - q1 - typed", "R1 - q2 - typed",
    }  # fmt: skip
    sets = {one.name: (one.description, len(one.sources)) for one in project.sets}
    assert sets.pop("survey: Survey") == ("Questions:\nq1\nq2", 7)
    assert sets == {
        "question: q1": ("What happened?", 4), "question: q2": ("What would help?", 3),
    }  # fmt: skip


def test_numbers_and_days_have_types_where_all_values_are_some(empty: Bench) -> None:
    mapping = """
respondent_id: id
attributes:
  - {column: n, kind: number}
  - {column: mixed, kind: number}
  - {column: day, kind: date}
questions: [{column: q1, ref: q1, text: Why}]
"""
    empty.ingest("id,n,mixed,day,q1\nA/1,-4.50,7,2024-02-29,x\nB,12,9,2024-03-01,y\n", mapping)
    values = tables.respondent_attribute
    with empty.database.write() as connection:
        connection.execute(update(values).where(values.c.value == "9").values(value="about 7"))
    project, _, _ = written(empty)
    assert {one.name: one.type for one in project.variables} == {
        "n": "Float", "mixed": "Text", "day": "Date",
    }  # fmt: skip
    assert [value for _, value in project.cases[1].values] == ["12", "about 7", "2024-03-01"]
    assert [one.name for one in project.sources] == ["A%2F1 - q1 - typed", "B - q1 - typed"]


def test_a_discussion_has_names_turns_and_speakers(bench: Bench, group: int) -> None:
    bench.code(group, "Phone", "I rang 😬 the school: nobody.")
    bench.code(group, "Waiting", "nobody.\n\n(laughter)\n\nNobody rang")
    bench.code(group, "Access", None)
    project, _, _ = written(bench)
    found = source(project, "FG1")
    assert found.text == (
        "Moderator: Who did you ask first?\n\nP1: I rang 😬 the school: nobody.\n\n(laughter)\n\n"
        "P2: Nobody rang\n\nP1: back."
    )
    turns = [one for one in found.selections if is_turn(one.description)]
    spans = [
        TurnSpan(one.start or 0, one.end or 0, one.name, *read_turn_times(one.description))
        for one in turns
    ]
    words, labelled = take_labels_off(found.text, spans)
    kept = focus_groups.load_discussion(*place(bench), group)
    assert (words, words_of(labelled)) == (kept.text, kept.turns)
    assert ("FG1", "I rang 😬 the school: nobody.", "Phone", "Asha") in coded(project)
    assert ("FG1", "nobody.\n\n(laughter)\n\nP2: Nobody rang", "Waiting", "Asha") in coded(project)
    cases = {one.name: one for one in project.cases}
    named = {one.guid: one.name for one in turns}
    assert [named[one] for one in cases["R1"].selections] == ["P1"]
    assert [named[one] for one in cases["FG1: Moderator"].selections] == ["Moderator"]
    assert [named[one] for one in cases["FG1: P2"].selections] == ["P2"]
    assert found.guid not in cases["R1"].sources
    about = read_document(found.description)
    assert (about.kind, about.series, about.held_on) == ("focus_group", "Parents", "2024-03-01")
    assert [(one.name, one.role, one.respondent) for one in about.speakers] == [
        ("Moderator", "facilitator", ""), ("P1", "participant", "R1"), ("P2", "participant", ""),
    ]  # fmt: skip
    assert [one.name for one in project.sets if one.sources == (found.guid,)] == ["series: Parents"]
    plain, _, _ = written(bench, turns=False)
    assert {one.name for one in plain.cases} == {"R1", "R2", "R3", "R4"}
    assert source(plain, "FG1").text == found.text
    assert len(source(plain, "FG1").selections) == 2


def test_whoever_has_withdrawn_is_in_no_part_of_it(bench: Bench, group: int) -> None:
    hers = bench.code(group, "Phone", "the school")
    bench.send({"kind": "memo", "document": group, "coding": hers, "text": "she says the school:"})
    both = bench.code(group, "Waiting", "nobody.\n\n(laughter)\n\nNobody rang")
    bench.send({"kind": "memo", "document": group, "coding": both, "text": "after the school:"})
    bench.code(group, "Waiting", "Nobody rang")
    discussion = bench.open(group).document
    assert discussion is not None
    with bench.database.write() as connection:
        exchanged.remember(connection, bench.study_id, [Exchanged(
            "selection", "11111111-0000-4000-8000-000000000000", group,
            {"start": 30, "end": 40, "sha256": discussion.sha256, "name": "the school:"},
        )])  # fmt: skip
    person = bench.open(bench.document("R1")).document
    assert person is not None and person.respondent_id is not None
    memos.write_on_respondent(*place(bench), person.respondent_id, "a thought on R1")
    with bench.database.write() as connection:
        connection.execute(
            update(tables.respondent)
            .where(tables.respondent.c.ref == "R1")
            .values(withdrawn_at="2024-01-01")
        )
    project, report, content = written(bench)
    assert not any("R1" in one.name for one in (*project.cases, *project.sources))
    found = source(project, "FG1")
    assert "Withdrawn: " + "·" * len(TURNS[1].text) in found.text
    assert {words for name, words, _, _ in coded(project) if name == "FG1"} == {
        "Nobody rang", "·······\n\n(laughter)\n\nP2: Nobody rang",
    }  # fmt: skip
    assert report.n_memos == 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = b"".join(archive.read(name) for name in archive.namelist())
    assert b"the school:" not in texts and b"R1" not in texts


def test_voice_notes_are_there_as_sound_and_as_text(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_MEDIA_URL", str(tmp_path / "media"))
    key = voice_notes.record(place(bench), "fatima.opus", "R1", "q2")
    voice_notes.record(place(bench), "unknown.opus")
    voice_notes.hear(place(bench), key, "she listened twice")
    spoken = next(item.id for item in bench.documents() if item.kind == "voice_note")
    drafts.accept(*place(bench), [spoken])
    bench.code(spoken, "Phone", "listened")
    _, report, _ = written(bench)
    assert any(line.startswith("Files that are not at hand (1)") for line in report.left_out)
    with bench.database.read() as connection:
        uri = next(row.uri for row in connection.execute(tables.recording.select()))
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / uri).write_bytes(b"OggS sound")
    project, report, content = written(bench)
    text = source(project, "R1 - q2 - spoken")
    sound = source(project, "R1 - q2 - spoken (recording).opus")
    (transcript,) = sound.transcripts
    assert (transcript.text, transcript.text_path) == (text.text, text.text_path)
    assert transcript.sync and transcript.sync[0][1] == 0
    assert read_document(text.description).transcript == "draft"
    assert {text.guid, sound.guid} <= set(project.cases[0].sources)
    assert report.n_recordings == 1
    assert b"fatima" not in content
    assert "1 recording that is nobody's yet." in report.left_out
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read(f"sources/{sound.path}") == b"OggS sound"
    result = attach.result_of(Transcript("in other words", (), "en", task="translate"))
    done = voice_notes.queue(place(bench), key, "done", run=voice_notes.add_run(place(bench)),
                             task="translate", result=result, language="ur")  # fmt: skip
    with bench.database.write() as connection:
        attach.attach_in(connection, bench.actor, bench.study_id, done)
    project, _, _ = written(bench)
    other = source(project, "R1 - q2 - spoken (translation)")
    assert other.text == "in other words"
    assert read_document(other.description).translation_of == "R1 - q2 - spoken"
    both = source(project, "R1 - q2 - spoken (recording).opus").transcripts
    assert [one.text for one in both] == [text.text, other.text]
    alone, _, _ = written(bench, audio=False)
    assert {one.kind for one in alone.sources} == {"text"}
    assert coded(alone) == coded(project)


def test_memos_stand_on_what_they_are_about(bench: Bench) -> None:
    one = bench.document("R1")
    where = place(bench)
    codes = bench.codes()
    coding = bench.code(one, "School", "She listened")
    bench.send({"kind": "memo", "document": one, "coding": coding, "text": f"why {HOSTILE}"})
    memos.write_on_document(*where, one, "on the answer")
    root = memos.write(*where, "study", bench.study_id, "who I am", purpose="positionality")
    memos.write(bench.person("Ben"), *where[1:], "study", bench.study_id, "so?", reply_to=root)
    memos.write(*where, "code", codes["Phone"].id, "on a code")
    codebook.retire_code(*where, codes["Schooling"].id)
    opened = bench.open(one).document
    assert opened is not None and opened.respondent_id is not None
    memos.write_on_respondent(*where, opened.respondent_id, "on a person")
    project, report, _ = written(bench)
    notes = {one.guid: one for one in project.notes}
    assert report.n_memos == 6
    text = source(project, "R1 - q1 - typed")
    assert [notes[guid].text for guid in text.notes] == ["on the answer"]
    (marked,) = text.selections
    assert notes[marked.codings[0].notes[0]].text.startswith("why <b>&]]>\x07")
    assert marked.description.startswith("Memo:\nAsha, 20") and "why <b>&" in marked.description
    assert len({note.name for note in project.notes}) == len(project.notes)
    (study_note,) = [notes[guid] for guid in project.project_notes]
    assert (study_note.name, study_note.text) == ("Positionality memo on the study", "who I am")
    assert [notes[guid].text for guid in study_note.notes] == ["so?"]
    case = next(one for one in project.cases if one.name == "R1")
    assert [notes[guid].text for guid in case.notes] == ["on a person"]
    assert "on a person" in case.description
    themes = {one.name: one for one in project.codes}
    (phone,) = [one for one in themes["Access"].children if one.name == "Phone"]
    assert [notes[guid].name for guid in phone.notes] == ["Memo on code Access / Phone"]
    assert read_code(themes["Schooling"].description).retired
    assert not read_code(themes["School"].description).retired


def test_what_is_coded_blind_and_flagged_stays_and_merged_codes_are_resolved(bench: Bench) -> None:
    from workbench.services.codebooks import refine

    ben = bench.person("Ben")
    one, two = bench.document("R1"), bench.document("R2")
    bench.code(one, "School", "She listened")
    bench.code(one, "Phone", "to me", actor=ben)
    bench.code(two, "Schooling", "Nobody rang")
    codes = bench.codes()
    refine.merge_codes(*place(bench), [codes["Schooling"].id], codes["School"].id)
    assert ("R2 - q1 - typed", "Nobody rang", "School", "Asha") in coded(written(bench)[0])
    with bench.database.write() as connection:
        for actor in (bench.actor, ben):
            connection.execute(
                insert(tables.assignment).values(
                    document_id=one, coder_id=actor.id, blind=True, created_at="2022-01-01"
                )
            )
    project, report, _ = written(bench)
    assert [one.name for one in project.users] == ["Asha"]
    assert any("coded blind" in line for line in report.remarks)
    assert ("R1 - q1 - typed", "to me", "Phone", "Ben") in coded(written(bench, ben)[0])
    bench.ingest(
        "id,group,age,needs,email,q1,q2\nR2,Roma,old,money,r2@secret.example,All well now,\n"
    )
    project, report, _ = written(bench)
    assert [name for name, *_ in coded(project)] == ["R1 - q1 - typed"]
    assert "1 coding that must be placed again first." in report.left_out


def test_the_consensus_is_a_coder_of_its_own(bench: Bench) -> None:
    ben, one = bench.person("Ben"), bench.document("R1")
    for actor, words in ((bench.actor, "She listened"), (ben, "listened to me")):
        bench.code(one, "School", words, actor=actor)
        bench.done(one, actor)
    (item,) = adjudicate.open_document(*place(bench), one).items
    adjudicate.decide(*place(bench), one, item.place, take=[ben.id])
    told = {("R1 - q1 - typed", "She listened", "School", "Asha"),
            ("R1 - q1 - typed", "listened to me", "School", "Ben")}  # fmt: skip
    agreed = {("R1 - q1 - typed", "listened to me", "School", "Consensus")}
    project, report, _ = written(bench)
    assert coded(project) == told | agreed
    assert [one.name for one in project.users] == ["Asha", "Ben", "Consensus"]
    assert "1 settled difference is told by the consensus alone, without its note." in (
        report.left_out
    )
    assert coded(written(bench, consensus=False)[0]) == told


def test_the_same_study_gives_the_same_bytes_and_each_export_is_written_down(
    bench: Bench, group: int, tmp_path: Path
) -> None:
    bench.code(group, "Phone", "the school")
    first = refi_export.project_file(*place(bench)).content
    path = tmp_path / "study.qdpx"
    report = refi_export.export_project(*place(bench), path)
    assert path.read_bytes() == first
    assert report.as_dict()["n_codings"] == 1
    with bench.database.read() as connection:
        verbs = list(
            connection.execute(tables.event.select().order_by(tables.event.c.id)).mappings()
        )
    assert [row["verb"] for row in verbs][-2:] == ["export project"] * 2


def test_answers_of_a_respondent_can_be_one_text(bench: Bench) -> None:
    one = bench.document("R1", "q2")
    bench.code(one, "Waiting", "time")
    bench.code(one, "Access", None)
    bench.code(bench.document("R1"), "School", "She listened")
    project, report, content = written(bench, by_respondent=True)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist() if ".txt" in name]
    assert len(texts) == 4
    assert (
        "What happened?\n\nShe listened to me. Then she left.\n\nWhat would help?\n\nMore time"
        in texts
    )
    assert coded(project) == {
        ("R1 - q2 - typed", "time", "Waiting", "Asha"),
        ("R1 - q2 - typed", "", "Access", "Asha"),
        ("R1 - q1 - typed", "She listened", "School", "Asha"),
    }
    assert report.n_codings == 3


def test_what_another_program_had_goes_out_again(bench: Bench) -> None:
    one = bench.document("R1")
    coding = bench.code(one, "School", "She listened")
    opened = bench.open(one).document
    assert opened is not None
    guids = [f"{digit * 8}-0000-4000-8000-000000000000" for digit in "123456789abc"]
    code_guid, text_guid, case_guid, mark_guid, set_guid, link_guid, graph_guid, var_guid = guids[
        :8
    ]
    codes = bench.codes()
    with bench.database.write() as connection:
        group = next(
            row.id for row in connection.execute(tables.attribute.select()) if row.name == "group"
        )
        exchanged.remember(connection, bench.study_id, [
            Exchanged("code", code_guid, codes["School"].id, {"is_codable": False}),
            Exchanged("source", text_guid, one),
            Exchanged("case", case_guid, opened.respondent_id,
                      {"codes": [code_guid, "unknown"], "selections": [mark_guid, "unknown"]}),
            Exchanged("variable", var_guid, group),
            Exchanged("selection", mark_guid, one, {
                "start": 17, "end": 33, "sha256": opened.sha256, "name": "hers",
                "description": "a comment", "user": "", "made_at": "", "notes": ["unknown"],
            }),
            Exchanged("selection", guids[8], one, {"start": 1, "end": 2, "sha256": "another"}),
            Exchanged("kept set", set_guid, None, {
                "name": "Mine", "description": "d", "codes": [code_guid], "sources": [text_guid],
                "notes": ["unknown"],
            }),
            Exchanged("link", link_guid, None, {
                "origin": code_guid, "target": case_guid, "name": "causes",
                "direction": "Associative", "colour": "", "notes": [],
            }),
            Exchanged("link", guids[9], None, {"origin": code_guid, "target": guids[10]}),
            Exchanged("graph", graph_guid, None, {"xml": f'<Graph guid="{graph_guid}"/>'}),
        ])  # fmt: skip
    project, report, _ = written(bench)
    school = next(item for item in project.codes if item.name == "School")
    assert (school.guid, school.is_codable) == (code_guid, False)
    text = source(project, "R1 - q1 - typed")
    assert text.guid == text_guid
    marks = {item.guid: item for item in text.selections}
    assert (marks[mark_guid].description, marks[mark_guid].name) == ("a comment", "hers")
    assert [item.guid for item in text.selections for item in item.codings] == [coding]
    case = next(item for item in project.cases if item.guid == case_guid)
    assert (case.codes, case.selections) == ((code_guid,), (mark_guid,))
    assert next(item for item in project.variables if item.name == "group").guid == var_guid
    kept = next(item for item in project.sets if item.guid == set_guid)
    assert (kept.name, kept.codes, kept.sources) == ("Mine", (code_guid,), (text_guid,))
    assert [(item.guid, item.name) for item in project.links] == [(link_guid, "causes")]
    assert len(project.graphs) == 1
    assert any("texts that have changed since (1)" in line for line in report.left_out)
    assert any("Links of another program" in line for line in report.left_out)


def test_graphs_and_sets_of_another_program_tell_nothing_that_is_not_in_the_file(
    bench: Bench,
) -> None:
    ben = bench.person("Ben")
    one = bench.document("R1")
    guids = [f"{digit * 8}-0000-4000-8000-000000000000" for digit in "123456789"]
    map_guid, case_guid, code_guid = guids[:3]
    corners = [(case_guid, "Maria"), (code_guid, "Bens own"), (bench.codes()["School"].guid, "old")]
    with bench.database.write() as connection:
        person = next(
            row.id for row in connection.execute(tables.respondent.select()) if row.ref == "R2"
        )
        made = bench.codes()["Phone"].id
        connection.execute(
            insert(tables.assignment).values(
                [{"document_id": one, "coder_id": actor.id, "blind": True, "created_at": "2022"}
                 for actor in (bench.actor, ben)]
            )
        )  # fmt: skip
        connection.execute(
            update(tables.code).where(tables.code.c.id == made).values(made_in=one, made_by=ben.id)
        )
        parts = [
            f'<Vertex guid="{guid}" representedGUID="{about}" name="{name}" firstX="1" firstY="1"/>'
            for guid, (about, name) in zip(guids[4:], corners, strict=False)
        ]
        parts.append(f'<Edge guid="{guids[8]}" name="of Maria" sourceVertex="{guids[4]}" '
                     f'targetVertex="{guids[6]}"/>')  # fmt: skip
        graph = f'<Graph guid="{map_guid}" name="Map">{"".join(parts)}</Graph>'
        exchanged.remember(connection, bench.study_id, [
            Exchanged("case", case_guid, person), Exchanged("code", code_guid, made),
            Exchanged("graph", map_guid, None, {"xml": graph}),
            Exchanged("kept set", guids[3], None, {"name": "Bens set", "codes": [code_guid]}),
        ])  # fmt: skip

    def names(actor: Any = None) -> tuple[list[str], list[str], str]:
        project, report, _ = written(bench, actor)
        (found,) = project.graphs
        named = re.findall(r' name="([^"]*)"', found)
        kept = [one.name for one in project.sets if one.name == "Bens set"]
        return named, kept, " ".join(report.left_out)

    assert names(ben) == (["Map", "R2", "Phone", "School", "of Maria"], ["Bens set"], ANY)
    with bench.database.write() as connection:
        connection.execute(
            update(tables.respondent)
            .where(tables.respondent.c.id == person)
            .values(withdrawn_at="2026-01-01T00:00:00.000Z")
        )
    assert names(ben)[0] == ["Map", "Phone", "School"]
    named, kept, told = names()
    assert (named, kept) == (["Map", "School"], [])
    assert "graphs" not in told  # what is hidden is not counted either
    with bench.database.write() as connection:
        connection.execute(delete(tables.assignment))
    assert "Parts of graphs that show what is not in the file (2)." in names()[2]


def test_free_labels_do_not_name_who_has_withdrawn(bench: Bench) -> None:
    guids = [f"{digit * 8}-0000-4000-8000-000000000000" for digit in "123456789"]
    school, phone = bench.codes()["School"].guid, bench.codes()["Phone"].guid
    graph = (
        f'<Graph guid="{guids[0]}" name="About r2"><Vertex guid="{guids[1]}" name="R2, mother" '
        f'firstX="1" firstY="1"/><Vertex guid="{guids[2]}" name="R22" firstX="1" firstY="1"/>'
        "</Graph>"
    )
    with bench.database.write() as connection:
        exchanged.remember(connection, bench.study_id, [
            Exchanged("graph", guids[0], None, {"xml": graph}),
            Exchanged("link", guids[3], None, {
                "origin": school, "target": phone, "name": "as R2 says", "direction": "OneWay",
            }),
            Exchanged("kept set", guids[4], None, {
                "name": "R2 and others", "description": "what R2 said", "codes": [school],
            }),
        ])  # fmt: skip

    def labels() -> tuple[list[str], str, tuple[str, str]]:
        project, _, _ = written(bench)
        (kept,) = [one for one in project.sets if one.guid == guids[4]]
        return (re.findall(r' name="([^"]*)"', project.graphs[0]), project.links[0].name,
                (kept.name, kept.description))  # fmt: skip

    assert labels() == (["About r2", "R2, mother", "R22"], "as R2 says",
                        ("R2 and others", "what R2 said"))  # fmt: skip
    with bench.database.write() as connection:
        connection.execute(
            update(tables.respondent)
            .where(tables.respondent.c.ref == "R2")
            .values(withdrawn_at="2026-01-01T00:00:00.000Z")
        )
    assert labels() == (["R22"], "", ("Set", ""))
    told = " ".join(written(bench)[1].left_out)
    assert "that name somebody who has withdrawn (5)" in told


def test_hostile_names_make_a_valid_file(empty: Bench) -> None:
    long = "ü" * 10_000
    empty.ingest(f'id,q1\n"a/b\\c <&>","{HOSTILE}"\nB,{long}\n',
                 'respondent_id: id\nattributes: []\n'
                 f'questions: [{{column: q1, ref: q1, text: "{long} <&>"}}]\n')  # fmt: skip
    empty.load(CODEBOOK.replace("name: School\n", 'name: "<School> & \\"x\\""\n'))
    speech = SpeechFile("x", (Turn("A: <&>\x07", f"{HOSTILE}"), Turn("B", long)), "voices")
    plans = (SpeakerPlan("A: <&>\x07", ("A: <&>\x07",)), SpeakerPlan("B", ("B",), respondent="B"))
    focus_groups.ingest_transcript(*place(empty), speech, plans, name="FG: <&> \u202e")
    project, report, _ = written(empty)
    assert {one.name for one in project.sources} == {
        "a%2Fb%5Cc %3C&%3E - q1 - typed", "B - q1 - typed", "FG: <&> \u202e",
    }  # fmt: skip
    assert any("cannot hold" in line for line in report.remarks)


def test_nothing_makes_a_project_and_no_codebook(empty: Bench, tmp_path: Path) -> None:
    project, report, _ = written(empty)
    assert (project.name, report.n_codes, report.n_sources) == ("Test", 0, 0)
    for path, why in (
        (tmp_path / "x.qdc", "the study has no codes yet"),
        (tmp_path / "x.txt", "is no REFI-QDA file. Name one ending in .qdpx"),
        (tmp_path / "no" / "x.qdpx", "cannot be written"),
    ):
        with pytest.raises(WorkbenchError, match=why):
            refi_export.export_project(*place(empty), path)
    assert not [one for one in tmp_path.iterdir() if "x." in one.name]
    empty.load()
    report = refi_export.export_project(*place(empty), tmp_path / "x.qdc")
    assert report.n_codes == 5
    schema = xmlschema.XMLSchema((SCHEMAS / "Codebook.xsd").read_text("utf-8"))
    schema.validate((tmp_path / "x.qdc").read_text("utf-8"))
