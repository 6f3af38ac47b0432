"""Projects of other programs come into a study: words, people, codes, memos; twice is as once."""

from __future__ import annotations

import io
import json
import sqlite3
import wave as wave_file
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.builders import SURVEY, Bench
from tests.pipelines.ingest.projects import test_qualcoder_project as qualcoder
from tests.pipelines.ingest.projects import test_taguette_project as taguette
from tests.refi_projects import file_of
from workbench.domain.codings import Actor
from workbench.domain.refi import (
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
    derived_guid,
)
from workbench.errors import InputError, NotAllowed, RefiError
from workbench.services import study
from workbench.services.counting import summarise
from workbench.services.discussions import focus_groups
from workbench.services.opening import Database
from workbench.services.projects import refi_import
from workbench.services.surveys import imports
from workbench.services.team import team
from workbench.store.projects.exchanged import list_exchanged
from workbench.store.tables import (
    anchor,
    code,
    coder,
    coding,
    document,
    memo,
    respondent_attribute,
    revision,
)

SAMPLES = Path(__file__).parents[2] / "pipelines" / "refi_samples"
EXPECTED: dict[str, Any] = json.loads((SAMPLES / "expected.json").read_text("utf-8"))


def guid(name: str) -> str:
    return derived_guid("test", name)


def opened(project: RefiProject, name: str = "theirs.qdpx", **media: bytes) -> Any:
    return refi_import.look_into(file_of(project, media=dict(media))[0], name)


def sample(name: str) -> Any:
    return refi_import.look_into(io.BytesIO((SAMPLES / name).read_bytes()), name)


def bring(bench: Bench, project: Any, actor: Actor | None = None, **options: Any) -> Any:
    found = project if isinstance(project, refi_import.ProjectFile) else opened(project)
    return refi_import.import_project(
        actor or bench.actor, bench.database, options.pop("study", bench.name), found, **options
    )


@pytest.mark.parametrize("others", [(), (RefiSource(guid("picture"), "picture", name="Map"),)])
def test_a_file_that_brings_nothing_makes_no_study(bench: Bench, others: Any) -> None:
    project = opened(RefiProject(name="Hollow", sources=others))
    would = bring(bench, project, study="Hollow", new_study=True, dry_run=True)
    assert not would.has_news
    said = refi_import.in_words(would)
    assert said.startswith("Nothing is in it that could be brought in")
    assert ("but for what is left out" in said) is bool(others)
    with pytest.raises(RefiError, match="Nothing is in it that could be brought in"):
        bring(bench, project, study="Hollow", new_study=True)
    assert not study.is_taken(bench.actor, bench.database, "Hollow")


def wave(seconds: float = 1.5) -> bytes:
    """Give a little sound."""
    stream = io.BytesIO()
    with wave_file.open(stream, "wb") as made:
        made.setparams((1, 2, 8000, 0, "NONE", ""))
        made.writeframes(bytes(int(16_000 * seconds)))
    return stream.getvalue()


def words(database: Database) -> list[tuple[str, str, str, str]]:
    """Give all codings as (code, coder, words, state)."""
    query = (
        select(code.c.name, coder.c.name, revision.c.text, anchor.c.start, anchor.c.end,
               anchor.c.state)
        .select_from(coding).join(code, code.c.id == coding.c.code_id)
        .join(coder, coder.c.id == coding.c.coder_id)
        .join(anchor, anchor.c.coding_id == coding.c.id)
        .join(revision, revision.c.id == anchor.c.revision_id)
    )  # fmt: skip
    with database.read() as connection:
        return sorted(
            (row[0], row[1], row[2] if row[3] is None else row[2][row[3] : row[4]], row[5])
            for row in connection.execute(query)
        )


def memos(database: Database) -> list[tuple[str, str]]:
    with database.read() as connection:
        rows = connection.execute(select(memo.c.target_kind, memo.c.text).order_by(memo.c.id))
        return [(row[0], row[1]) for row in rows]


TEXT = "The bus 🚌 was late.\nNobody rang."
ANA, BEN = RefiUser(guid("ana"), "Ana"), RefiUser(guid("ben"), "Ben")
ACCESS = RefiCode(guid("access"), "Access", children=(RefiCode(guid("bus"), "Bus"),))


def source(*selections: RefiSelection, name: str = "Note 1", text: str = TEXT) -> RefiSource:
    return RefiSource(
        guid(name), "text", name, text=text, text_path=f"{guid(name)}.txt", selections=selections
    )


def coded(name: str, start: int, end: int, of: str = "bus", by: RefiUser = ANA, **more: Any) -> Any:
    item = RefiCoding(guid(f"coding {name}"), guid(of), by.guid, "2024-05-01T09:00:00Z")
    return RefiSelection(guid(name), start, end, codings=(item,), **more)


def project(*sources: RefiSource, **more: Any) -> RefiProject:
    return RefiProject(
        "Buses", "OtherTool 1", users=(ANA, BEN), codes=(ACCESS,), sources=sources, **more
    )


@pytest.mark.parametrize("name", ["A_standard.qdpx", "B_nvivo_win.qdpx", "bad_order.qdpx"])
def test_every_dialect_of_the_sample_gives_the_same_words(sqlite: Database, name: str) -> None:
    asha = study.sign_in(sqlite, "Asha")
    report = refi_import.import_project(asha, sqlite, "New", sample(name), new_study=True)
    assert words(sqlite) == sorted(
        (item["code"], item["coder"], one["text"], "placed")
        for one in EXPECTED["selections"]
        for item in one["codings"]
    )
    assert report.respondents.new == [one["name"] for one in EXPECTED["cases"]]
    assert set(report.attributes.new) == set(EXPECTED["variables"])
    told = [text for _, text in memos(sqlite)]
    assert all(any(note in text for text in told) for note in EXPECTED["notes"].values())
    groups = focus_groups.list_focus_groups(asha, sqlite, report.study_id)
    talk = focus_groups.load_discussion(asha, sqlite, report.study_id, groups[0].id)
    assert [
        {"speaker": turn.speaker, "text": talk.text[turn.start : turn.end]} for turn in talk.turns
    ] == EXPECTED["turns"]
    assert [one.name for one in talk.speakers if one.respondent_id] == ["P1", "P2"]
    assert report.recordings.new == ["R001 voice note.wav"]
    assert refi_import.import_project(asha, sqlite, "New", sample(name)).unchanged


def test_twice_is_as_once_and_a_dry_run_writes_nothing(empty: Bench, everything: Any) -> None:
    before = everything(empty.database)
    dry = bring(empty, sample("A_standard.qdpx"), dry_run=True)
    assert everything(empty.database) == before
    report = bring(empty, sample("A_standard.qdpx"))
    assert dry.figures() == report.figures()
    assert report.codings_new == 11
    after = everything(empty.database)
    again = bring(empty, sample("A_standard.qdpx"))
    assert again.unchanged
    assert (again.codings_new, again.codings_matched) == (0, 11)
    assert everything(empty.database) == after
    [entry] = imports.list_imports(empty.actor, empty.database, empty.study_id)
    assert (entry.kind, entry.report["codings"]) == ("refi", {"new": 11, "matched": 0})


def test_what_cannot_be_placed_is_flagged_or_listed(sqlite: Database) -> None:
    asha = study.sign_in(sqlite, "Asha")
    lost = refi_import.import_project(
        asha, sqlite, "Lost", sample("bad_missing_source.qdpx"), new_study=True
    )
    assert words(sqlite) == [("Transport", "Ana Coder", "£4.20.\tToo much.", "placed")]
    assert any("Codings on texts that are not in the file (10)" in one for one in lost.left_out)
    beyond = replace(
        coded("far", 900, 950), start=None, end=None, name="Nobody rang.", raw=("900", "950")
    )
    file = refi_import.look_into(file_of(project(source(coded("one", 4, 9))))[0], "x.qdpx")
    changed = replace(file.file.project.sources[0], selections=(beyond,))
    file = replace(
        file, file=replace(file.file, project=replace(file.file.project, sources=(changed,)))
    )
    report = refi_import.import_project(asha, sqlite, "Flags", file, new_study=True)
    assert report.codings_flagged == 1
    assert ("Bus", "Ana", "Nobody rang.", "flagged") in words(sqlite)
    assert any("900-950 in Note 1" in one for one in report.remarks)


def test_a_merge_finds_codes_people_texts_and_codings(bench: Bench) -> None:
    first = project(source(coded("one", 4, 9)), cases=(RefiCase(guid("R1"), "r1"),))
    report = bring(bench, first)
    assert report.codes.new == ["Access / Bus"]
    assert (report.codes.matched, report.respondents.matched, report.respondents.new) == (1, 1, [])
    # Another program mints new GUIDs at each export: names and words are what is left.
    theirs = replace(
        first,
        users=(RefiUser(guid("a2"), "ANA"),),
        codes=(RefiCode(guid("x"), "access", children=(RefiCode(guid("y"), "BUS"),)),),
        cases=(RefiCase(guid("R1 again"), "R1"),),
        sources=(replace(
            source(replace(coded("two", 4, 9), codings=(
                RefiCoding(guid("c2"), guid("y"), guid("a2")),
                RefiCoding(guid("c3"), guid("x"), guid("a2")),
            ))), guid=guid("s2"), text_path=f"{guid('s2')}.txt"),),
    )  # fmt: skip
    again = bring(bench, theirs)
    assert [(name, new, matched) for name, new, matched in again.figures() if new or matched] == [
        ("coders", 0, 1), ("codes", 0, 2), ("respondents", 0, 1), ("documents", 0, 1),
        ("codings", 1, 1),
    ]  # fmt: skip
    assert bring(bench, theirs).unchanged


def test_another_text_of_the_same_name_is_a_document_of_its_own(empty: Bench) -> None:
    bring(empty, project(source(coded("one", 4, 9))))
    other = replace(
        source(coded("two", 0, 3), text="Another day."), guid=guid("s2"), text_path="s2.txt"
    )
    report = bring(empty, project(replace(other, text_path=f"{guid('s2')}.txt")))
    assert report.documents.new == ["Note 1 (theirs)"]
    assert any("documents of their own (1): Note 1" in one for one in report.remarks)
    assert bring(empty, project(replace(other, text_path=f"{guid('s2')}.txt"))).unchanged


def test_codings_of_a_text_that_was_corrected_here_are_carried_over(bench: Bench) -> None:
    item = RefiCoding(guid("k"), guid("bus"), ANA.guid)
    lost = RefiCoding(guid("l"), guid("bus"), ANA.guid)
    words_before = "She listened to me. Then she left."
    answer = RefiSource(
        guid("answer"), "text", "R1/q1/typed", text=words_before, text_path=f"{guid('answer')}.txt",
        selections=(RefiSelection(guid("s"), 4, 15, codings=(item,)),
                    RefiSelection(guid("t"), 20, 34, codings=(lost,))),
    )  # fmt: skip
    bench.ingest(SURVEY.replace(words_before, "Oh she listened to me at last."))
    report = bring(bench, project(answer))
    assert (report.documents.new, report.documents.matched) == ([], 1)
    assert (report.codings_new, report.codings_flagged) == (2, 1)
    assert ("Bus", "Ana", "listened to", "placed") in words(bench.database)
    assert bring(bench, project(answer)).unchanged


def test_texts_that_come_back_named_as_files_are_found(bench: Bench) -> None:
    """As qc gives a study back: other identities, and `.txt` after each name."""
    note = source(name="Diary")
    bring(bench, project(note))
    text = "She listened to me. Then she left."
    answer = source(coded("one", 4, 9), name="R1 - q1 - typed.txt", text=text)
    diary = replace(source(coded("two", 4, 9), name="Diary.txt"), guid=guid("another"))
    other = source(coded("three", 4, 9), name="Diary 2.txt", text="Something else.")
    back = project(answer, replace(diary, text_path=f"{guid('another')}.txt"), other)
    report = bring(bench, back)
    assert (report.documents.matched, report.documents.new) == (2, ["Diary 2.txt"])
    assert report.codings_new == 3 and bring(bench, back).unchanged


def test_a_guid_that_is_taken_elsewhere_is_kept_beside_a_new_one(empty: Bench) -> None:
    bring(empty, project(source(coded("one", 4, 9))))
    report = bring(empty, project(source(coded("one", 4, 9))), study="Second", new_study=True)
    assert report.codings_new == 1
    with empty.database.read() as connection:
        kept = {row.kind: row.guid for row in list_exchanged(connection, report.study_id)}
        n = len(set(connection.execute(select(coding.c.guid)).scalars()))
    assert n == 2
    assert kept["coding"] == guid("coding one")
    assert kept["source"] == guid("Note 1")
    assert bring(empty, project(source(coded("one", 4, 9))), study="Second").unchanged


def test_who_codes_blind_is_safe_from_files(bench: Bench) -> None:
    from workbench.domain.codings import DocumentFilter
    from workbench.services.team import allocate

    bring(bench, project(source()))
    with bench.database.read() as connection:
        key = connection.execute(select(document.c.id).where(document.c.ref == "Note 1")).scalar()
    assert isinstance(key, int)
    ben = bench.person("Ben")
    team.add_member(bench.actor, bench.database, bench.study_id, "Ben")
    wanted = allocate.Wanted(DocumentFilter(), (bench.actor.id, ben.id), "everyone", True)
    allocate.apply(bench.actor, bench.database, bench.study_id, wanted)
    bens = project(
        source(coded("b", 4, 9, by=BEN, notes=(guid("n"),))),
        notes=(RefiNote(guid("n"), "why", user=BEN.guid),),
    )
    assert bring(bench, bens, ben).codings_new == 1

    def told(file: RefiProject) -> Any:
        report = bring(bench, file, dry_run=True)
        return report.codings_new, report.codings_matched, report.memos_new, report.left_out

    there = told(bens)
    elsewhere = replace(bens, sources=(source(coded("q", 0, 3, by=BEN, notes=(guid("n2"),))),),
                        notes=(RefiNote(guid("n2"), "other", user=BEN.guid),))  # fmt: skip
    assert there == told(elsewhere)
    assert there[:3] == (0, 0, 0)
    assert any("each person can bring in their own" in one for one in there[3])
    [newest, *_] = imports.list_imports(bench.actor, bench.database, bench.study_id)
    assert not {"codings", "memos"} & set(newest.report)


def test_a_viewer_may_not_and_nothing_is_copied_first(bench: Bench, everything: Any) -> None:
    team.add_member(bench.actor, bench.database, bench.study_id, "Vi", "viewer")
    vi, before = bench.person("Vi"), everything(bench.database)
    with pytest.raises(NotAllowed, match="Vi is a viewer"):
        bring(bench, project(source()), vi)
    assert everything(bench.database) == before
    with pytest.raises(InputError, match="there is a study named 'Test' already"):
        bring(bench, project(source()), new_study=True)


def test_cases_with_turns_are_counted_for_those_who_speak(empty: Bench) -> None:
    turns = [RefiSelection(guid(f"t{at}"), start, end) for at, (start, end) in
             enumerate([(0, 19), (20, 32)])]  # fmt: skip
    cases = tuple(
        RefiCase(guid(name), name, selections=(turn.guid,), values=((guid("v"), name),))
        for name, turn in zip(("P1", "P2"), turns, strict=True)
    )
    group = source(*turns, coded("one", 4, 9), coded("two", 20, 26, "access", BEN), name="Group")
    bring(empty, project(group, cases=cases, variables=(RefiVariable(guid("v"), "Who"),)))
    table = summarise.summarise(
        empty.actor, empty.database, empty.study_id, by=["Who"], level="code"
    )
    assert {
        (row.theme, *row.groups.values()): row.respondents for row in table.rows
    } == {("Access", "P1"): 1, ("Access", "P2"): 1, ("Access / Bus", "P1"): 1,
          ("Access / Bus", "P2"): 0}  # fmt: skip


def test_flat_names_become_a_tree_only_when_asked(empty: Bench) -> None:
    flat = RefiProject("F", "ATLAS.ti", codes=(
        RefiCode(guid("a"), "Coke::diet"), RefiCode(guid("b"), "Coke"), RefiCode(guid("c"), "Tea"),
    ))  # fmt: skip
    assert opened(flat).flat_names == 1
    assert bring(empty, flat, dry_run=True).codes.new == ["Coke::diet", "Coke", "Tea"]
    assert bring(empty, flat, split_names=True).codes.new == ["Coke", "Coke / diet", "Tea"]


def test_memos_stand_where_the_file_has_them_and_the_rest_is_kept(empty: Bench) -> None:
    notes = tuple(RefiNote(guid(name), f"on {name}") for name in
                  ("project", "code", "case", "source", "words", "coding", "nothing"))  # fmt: skip
    item = RefiCoding(guid("k"), guid("bus"), notes=(guid("coding"),))
    marked = (
        RefiSelection(guid("w"), 0, 3, notes=(guid("words"),), user=ANA.guid),
        RefiSelection(guid("x"), 4, 9, description="A comment", codings=(item,), user=BEN.guid),
    )
    text = replace(source(*marked), notes=(guid("source"),), codings=())
    bring(empty, replace(
        project(text, notes=notes, project_notes=(guid("project"),),
                cases=(RefiCase(guid("R"), "R", notes=(guid("case"),), sources=(text.guid,)),),
                links=(RefiLink(guid("l"), guid("bus"), guid("access"), "part of"),)),
        codes=(replace(ACCESS, notes=(guid("code"),)),),
    ))  # fmt: skip
    assert sorted(memos(empty.database)) == sorted([
        ("study", "on project"), ("code", "on code"), ("respondent", "on case"),
        ("document", "on source"), ("document", "on words"), ("coding", "on coding"),
        ("study", "on nothing"), ("coding", "A comment"),
    ])  # fmt: skip
    assert words(empty.database) == [("Bus", "Ben", "bus 🚌", "placed")]
    with empty.database.read() as connection:
        kept = {row.kind: row for row in list_exchanged(connection, empty.study_id)}
    assert kept["link"].content is not None
    assert kept["link"].content["name"] == "part of"
    assert kept["selection"].content is not None
    assert kept["selection"].content["notes"] == [guid("words")]


def test_recordings_are_kept_within_limits_and_timed(empty: Bench) -> None:
    sound = RefiSource(
        guid("sound"), "audio", "Note 1 (recording)", path=f"{guid('sound')}.wav",
        transcripts=(RefiTranscript(guid("t"), TEXT, ((0, 0), (900, 20), (1500, 32)),
                                    f"{guid('Note 1')}.txt"),),
    )  # fmt: skip
    file = project(source(coded("one", 4, 9)), sound)
    media = {f"{guid('sound')}.wav": wave()}
    report = bring(empty, opened(file, **media))
    assert report.recordings.new == ["Note 1.wav"]
    with empty.database.read() as connection:
        row = connection.execute(select(document)).one()
    assert row.recording_id is not None
    broken = bring(empty, opened(file, **{f"{guid('sound')}.wav": b"RIFF"}), study="B",
                   new_study=True)  # fmt: skip
    assert any("Recordings that cannot be used (1): Note 1" in one for one in broken.left_out)


def test_what_other_programs_leave_out_or_say_otherwise_is_borne(empty: Bench) -> None:
    nobodys = RefiCoding(guid("k1"), guid("bus"), "", "2024-05-01T09:00:00")
    undated = RefiCoding(guid("k2"), guid("access"), guid("no such user"), "yesterday")
    text = replace(
        source(RefiSelection(guid("s"), 4, 9, codings=(nobodys, undated))),
        values=((guid("v"), "1"), (guid("w"), "a" * 501)),
    )
    wrapped = RefiCode(guid("nodes"), "Nodes", is_codable=False, children=(ACCESS,))
    report = bring(empty, replace(
        project(text, cases=(RefiCase(guid("c"), "", sources=(text.guid,)),),
                variables=(RefiVariable(guid("v"), "Adult", "Boolean"),
                           RefiVariable(guid("w"), "Story"))),
        origin="NVivo", codes=(wrapped,), users=(),
    ))  # fmt: skip
    assert report.codes.new == ["Access", "Access / Bus"]
    assert report.respondents.new == ["Note 1"]
    assert any("Values of more than 500 characters (1): Note 1" in one for one in report.left_out)
    assert words(empty.database) == [
        (name, "Unknown coder", "bus 🚌", "placed") for name in ("Access", "Bus")
    ]
    with empty.database.read() as connection:
        times = set(connection.execute(select(coding.c.created_at)).scalars())
    assert "2024-05-01T09:00:00.000Z" in times
    assert all(len(time) == 24 for time in times)
    assert bring(empty, replace(
        project(text, cases=(RefiCase(guid("c"), "", sources=(text.guid,)),),
                variables=(RefiVariable(guid("v"), "Adult", "Boolean"),)),
        origin="NVivo", codes=(wrapped,), users=(),
    )).unchanged  # fmt: skip


def test_what_coders_agreed_on_is_nobodys_and_settled_in_one_study_only(empty: Bench) -> None:
    agreed = RefiUser(guid("agreed"), "Consensus")
    ours = replace(project(source(coded("one", 4, 9, by=agreed))), origin="SpeakOut Workbench 0.1",
                   users=(agreed,))  # fmt: skip
    report = bring(empty, ours, study="New", new_study=True)
    assert (report.codings_new, report.coders.new) == (1, [])
    with empty.database.read() as connection:
        held = connection.execute(select(coding.c.coder_id, coding.c.origin)).one()
        settled = connection.execute(select(document.c.adjudicated_at)).scalar_one()
    assert tuple(held) == (0, "adjudication")
    assert settled
    merged = bring(empty, ours)
    assert merged.codings_new == 0
    assert any("What coders agreed on" in one for one in merged.left_out)


def test_projects_of_taguette_and_qualcoder_come_in_by_the_same_door(
    empty: Bench, tmp_path: Path
) -> None:
    theirs = refi_import.look_into(taguette.project(tmp_path), "t.sqlite3")
    report = bring(empty, theirs, study="T", new_study=True)
    assert (report.codings_new, report.codings_flagged, report.left_out) == (3, 0, [])
    assert bring(empty, theirs, study="T").unchanged
    data = qualcoder.database(tmp_path, [*qualcoder.ROWS, *qualcoder.CODED], late=True)
    other = refi_import.look_into(io.BytesIO(data), "data.qda")
    report = bring(empty, other, study="Q", new_study=True)
    assert report.respondents.new == ["Ana"]
    assert {row[:2] for row in words(empty.database)} >= {("Calling", "lin"), ("Alone", "mo")}
    assert ("Calling", "lin", "She rang 😀 twice.", "placed") in words(empty.database)
    assert bring(empty, other, study="Q").unchanged


def test_copies_of_a_qualcoder_project_are_not_taken_for_each_other(
    sqlite: Database, tmp_path: Path
) -> None:
    asha = study.sign_in(sqlite, "Asha")

    def copy(name: str, code_name: str, person: str, changes: str = "") -> Any:
        rows = [
            *qualcoder.ROWS,
            ("code_name", (3, code_name, "", None, "default", qualcoder.DAY, "#ff0000")),
            ("cases", (2, person, "", "default", qualcoder.DAY)),
            qualcoder.coded("She rang", 3, "default"),
        ]
        data = qualcoder.database(tmp_path, rows, late=True)
        (tmp_path / name).write_bytes(data)
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            connection.executescript(changes)
        return refi_import.look_into(io.BytesIO((tmp_path / name).read_bytes()), name)

    def take(file: Any, **options: Any) -> Any:
        return refi_import.import_project(asha, sqlite, "Copies", file, **options)

    mine = copy("mine.qda", "Anger", "Maria")
    theirs = copy(
        "theirs.qda", "Joy", "Tom",
        "UPDATE annotation SET memo = 'softly', pos0 = 9, pos1 = 10;"
        "UPDATE journal SET name = 'Day two', jentry = 'Surer now.';"
        "INSERT INTO journal SELECT 2, name, jentry, date, owner FROM journal;",
    )  # fmt: skip
    assert take(mine, new_study=True).respondents.new == ["Ana", "Maria"]
    report = take(theirs)
    assert (report.respondents.new, report.codes.new) == (["Tom"], ["Joy"])
    assert [row[:2] for row in words(sqlite)] == [("Anger", "default"), ("Joy", "default")]
    told = {text for _, text in memos(sqlite)}
    assert told >= {"loudly", "softly", "Day one\n\nI felt unsure.", "Day two\n\nSurer now."}
    assert take(mine).unchanged and take(theirs).unchanged


def test_what_qualcoder_says_of_files_and_recordings_comes_in_once(
    empty: Bench, tmp_path: Path
) -> None:
    path, packed = tmp_path / "late.qda", io.BytesIO()
    path.write_bytes(qualcoder.database(tmp_path, qualcoder.ROWS, late=True))
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "INSERT INTO attribute_type VALUES ('Place', '', '', '', 'file', 'character');"
            "INSERT INTO attribute VALUES (9, 'Place', 'file', char(0) || 'Lahore', 1, '', '');"
            "UPDATE code_name SET name = 'Al' || char(0) || 'one', memo = char(0) WHERE cid = 2;"
            "UPDATE cases SET name = 'A' || char(0) || 'na';"
            "UPDATE project SET memo = 'two' || char(0);"
        )
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(path, "Late.qda/data.qda")
        archive.writestr("Late.qda/audio/talk.mp3", wave())
    file = refi_import.look_into(packed, "Late.zip")
    report = bring(empty, file, study="Late", new_study=True)
    assert report.documents.new == ["Ana.txt", "talk.mp3.txt"]
    assert report.recordings.new == ["talk.mp3"]
    assert (report.respondents.new, "Alone" in report.codes.new) == (["Ana"], True)
    with empty.database.read() as connection:
        values = connection.execute(select(respondent_attribute.c.value)).scalars()
        assert "Lahore" in set(values)
    assert bring(empty, file, study="Late").unchanged


def test_hostile_files_write_nothing(sqlite: Database, everything: Any) -> None:
    asha = study.sign_in(sqlite, "Asha")
    before = everything(sqlite)
    with pytest.raises(RefiError, match=r"bad_xxe\.qdpx: the XML declares a document type"):
        refi_import.import_project(asha, sqlite, "X", sample("bad_xxe.qdpx"), new_study=True)
    assert everything(sqlite) == before


def test_texts_that_became_documents_of_their_own_are_known_again_without_guids(
    empty: Bench,
) -> None:
    """Two answers of one name, two texts of one name, and one that differs from the study's."""

    def file(once: str, changed: str = "Another day.") -> Any:
        said = [("R1 - q1 - typed", "No."), ("R1 - q1 - typed", "Yes."), ("Note 1", TEXT),
                ("Note 1", changed)]  # fmt: skip
        sources = [
            replace(source(name=name, text=text), guid=guid(f"{once} {at}"),
                    text_path=f"{guid(f'{once} {at}')}.txt")
            for at, (name, text) in enumerate(said)
        ]  # fmt: skip
        return project(*sources)

    assert len(bring(empty, file("first")).documents.new) == 4
    for once in ("second", "third"):
        report = bring(empty, file(once))
        assert (report.documents.new, report.documents.matched) == ([], 4)
        assert not report.has_news
        assert "Only the identities by which the file knows it are new" in refi_import.in_words(
            report
        )
    assert bring(empty, file("fourth", "A third day.")).documents.new == ["Note 1 (theirs)"]
    again = bring(empty, file("fourth", "A third day."))
    assert again.unchanged
    assert refi_import.in_words(again).endswith(f"is in {empty.name} already.")


def test_what_is_kept_and_not_shown_is_told_apart_from_what_is_left_out(bench: Bench) -> None:
    one = source(coded("one", 4, 9))
    kept = RefiSet(guid("set"), "Favourites", sources=(one.guid,))
    link = RefiLink(guid("link"), guid("access"), guid("bus"), "explains")
    report = bring(bench, project(one, sets=(kept,), links=(link,)))
    assert report.left_out == []
    assert report.kept == 2
    assert report.remarks == [
        "Sets of another program are kept for the next export and not shown (1): Favourites.",
        "Links of another program are kept for the next export and not shown (1): explains.",
    ]
