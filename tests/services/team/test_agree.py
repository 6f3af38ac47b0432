"""Agreement of coders, from what they do in a study to figures, lists and files."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from sqlalchemy import insert, update

from pipelines.ingest.discussions.speech_files import read_speech
from pipelines.summarise.sentences import sentences
from tests.builders import SURVEY, Bench
from workbench.domain.codings import Actor
from workbench.errors import ExportError, InputError
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.services.team import agree, agree_files
from workbench.store import tables
from workbench.store.clock import now

TEXT = "She listened to me. Then she left."
"""Of R1's answer to q1."""


@pytest.fixture
def two(bench: Bench) -> tuple[Bench, Actor]:
    """Give a study in which Asha and Ben have done all five answers, and agree in part."""
    ben = bench.person("Ben")
    r1, r2, r3, r4 = (bench.document(f"R{n}") for n in (1, 2, 3, 4))
    for who in (bench.actor, ben):
        bench.code(r1, "Waiting", "She listened", actor=who)
        bench.code(r2, "Phone", "rang", actor=who)
    bench.code(r3, "Waiting", None)
    bench.code(r1, "School", "left", actor=ben)
    bench.code(r4, "Phone", "school")
    bench.code(r4, "Schooling", "school", actor=ben)
    for who in (bench.actor, ben):
        for item in bench.documents():
            bench.done(item.id, who)
    return bench, ben


def place(bench: Bench) -> tuple[Any, ...]:
    return bench.actor, bench.database, bench.study_id


def compared(bench: Bench, **options: Any) -> agree.Agreement:
    return agree.compare(*place(bench), **{"n_bootstrap": 0, **options})


def row(found: agree.Agreement, name: str) -> Any:
    return next(item for item in found.rows if item.name.endswith(name))


def test_whole_documents(two: tuple[Bench, Actor]) -> None:
    bench, ben = two
    found = compared(bench)
    n = len(bench.documents())
    assert (found.coders, found.n_documents, found.n_units) == (("Asha", "Ben"), n, n)
    assert found.unit_word == "answer"
    waiting = row(found, "Waiting")
    assert (waiting.name, waiting.applied, waiting.n_agreed) == ("Access / Waiting", (2, 1), n - 1)
    assert row(found, "Access").figures["alpha"].why_not == "nobody applied the code"
    assert [item.name for item in found.applied][-1] != "Access"
    assert found.coder_ids == (bench.actor.id, ben.id)
    assert "Asha and Ben agree on Access / Waiting" in found.say(waiting)


def test_themes_take_all_below_them(two: tuple[Bench, Actor]) -> None:
    bench, _ = two
    found = compared(bench, by="theme")
    assert {item.name: item.applied for item in found.rows} == {
        "Access": (4, 2), "School": (0, 1), "Schooling": (0, 1),
    }  # fmt: skip


def test_sentences_and_characters(two: tuple[Bench, Actor]) -> None:
    bench, _ = two
    by_sentence = compared(bench, unit="sentence")
    assert (
        by_sentence.unit_word == "sentence" and by_sentence.n_units == by_sentence.n_documents + 1
    )
    assert row(by_sentence, "School").n_agreed == by_sentence.n_units - 1
    by_character = compared(bench, unit="character")
    texts = [bench.open(item.id).document.text for item in bench.documents()]
    assert by_character.n_units == sum(map(len, texts))
    waiting = row(by_character, "Waiting")
    whole = len(bench.open(bench.document("R3")).document.text)
    assert waiting.applied == (len("She listened") + whole, len("She listened"))
    assert waiting.figures["unitizing_alpha"].value is not None
    assert "unitizing_alpha" not in row(by_sentence, "Waiting").figures


def test_later_changes_do_not_count(two: tuple[Bench, Actor]) -> None:
    bench, ben = two
    before = compared(bench)
    r4 = bench.document("R4")
    bench.code(r4, "Phone", "school", actor=ben)
    bench.done(r4, ben, done=False)
    bench.done(r4, ben)
    after = compared(bench)
    assert after.rows == before.rows
    assert after.n_documents == before.n_documents


def test_merged_codes_are_their_target(two: tuple[Bench, Actor]) -> None:
    from workbench.store.codebooks import codebook

    bench, _ = two
    codes = bench.codes()
    with bench.database.write() as connection:
        connection.execute(
            update(tables.code)
            .where(tables.code.c.id == codes["Schooling"].id)
            .values(status="merged", merged_into=codes["School"].id)
        )
        codebook.rebuild_closure(connection, bench.study_id)
    found = compared(bench)
    assert row(found, "School").applied == (0, 2)
    assert not [item for item in found.rows if item.name == "Schooling"]


def test_a_document_that_one_has_not_done_is_missing_for_them(two: tuple[Bench, Actor]) -> None:
    bench, ben = two
    cem = bench.person("Cem")
    r1 = bench.document("R1")
    bench.code(r1, "Waiting", "listened", actor=cem)
    bench.code(bench.document("R2"), "School", None, actor=cem)  # begun only
    bench.done(r1, cem)
    found = compared(bench, coders=[bench.actor.id, ben.id, cem.id])
    waiting = row(found, "Waiting")
    assert (waiting.applied[2], waiting.rated[2]) == (1, 1)
    assert found.n_documents == len(bench.documents())
    assert row(found, "School").applied == (0, 1, 0)
    assert waiting.figures["cohen_kappa"].value is None
    pairs = {pair.coders: pair.figures["percent"].value for pair in waiting.pairs}
    assert pairs["Asha", "Cem"] == 1.0
    only = compared(bench, coders=[bench.actor.id, cem.id])
    assert only.n_documents == 1
    assert agree.pairings(*place(bench))[0].names == ("Asha", "Ben")


def test_blind_documents_are_left_out_for_everybody(two: tuple[Bench, Actor]) -> None:
    bench, ben = two
    r1, cem = bench.document("R1"), bench.person("Cem")
    with bench.database.write() as connection:
        for who in (bench.actor, ben, cem):
            connection.execute(
                insert(tables.assignment).values(
                    document_id=r1, coder_id=who.id, blind=True, created_at=now()
                )
            )
    n = len(bench.documents())
    for who in (bench.actor, ben, cem):
        found = agree.compare(who, *place(bench)[1:], [bench.actor.id, ben.id], n_bootstrap=0)
        assert found.n_documents == n - 1
        assert "1 answer is still coded blindly and left out for everybody." in found.notes
    assert agree.pairings(*place(bench))[0].n_documents == n - 1
    assert r1 not in {item.document_id for item in agree.disagreements(*place(bench))[0]}
    bench.done(r1, cem)
    assert compared(bench).n_documents == n


def test_withdrawn_people_are_left_out(two: tuple[Bench, Actor]) -> None:
    bench, _ = two
    before = compared(bench).n_documents
    with bench.database.write() as connection:
        connection.execute(
            update(tables.respondent)
            .where(tables.respondent.c.ref == "R2")
            .values(withdrawn_at=now())
        )
    assert compared(bench).n_documents == before - 1


def test_a_changed_text_takes_codings_along_or_leaves_the_document_out(
    two: tuple[Bench, Actor],
) -> None:
    bench, _ = two
    before = compared(bench, unit="character")
    bench.ingest(SURVEY.replace("She listened to me", "Well. She listened to me"))
    moved = compared(bench, unit="character")
    assert row(moved, "Waiting").applied == row(before, "Waiting").applied
    assert moved.n_units == before.n_units + len("Well. ")
    bench.ingest(SURVEY.replace("Nobody rang back", "Quite another story was told here by them"))
    lost = compared(bench, unit="sentence")
    assert lost.n_documents == before.n_documents - 1
    assert "1 answer is left out, since a coding has no sure place" in " ".join(lost.notes)
    whole = compared(bench)
    assert whole.n_documents == before.n_documents
    assert row(whole, "Phone").applied == (2, 1)


def test_confusion_and_where_they_differ(two: tuple[Bench, Actor]) -> None:
    bench, _ = two
    found = agree.confusion(*place(bench), unit="document")
    assert found.codes[-1] == agree.NOTHING
    names = list(found.codes)
    counts = {
        (names[a], names[b]): n
        for a, line in enumerate(found.counts) for b, n in enumerate(line) if n
    }  # fmt: skip
    assert counts["Access / Waiting", "Access / Waiting"] == 1
    assert counts["Access / Phone", "Schooling"] == 1
    assert counts["Access / Waiting", "no code"] == 1
    assert ("no code", "School") not in counts  # Asha coded something else there, and Ben both
    assert [(item.first, item.second, item.n_units) for item in found.most] == [
        ("Access / Phone", "Schooling", 1)
    ]
    listed, n = agree.disagreements(*place(bench))
    assert n == len(listed) == 4
    assert {(item.label, item.code) for item in listed} == {
        ("R1", "School"), ("R3", "Access / Waiting"), ("R4", "Access / Phone"), ("R4", "Schooling"),
    }  # fmt: skip
    school = next(item for item in listed if item.code == "School")
    assert school.text == TEXT
    asha, bens = school.readings
    assert (asha.spans, asha.whole, bens.coder) == ((), False, "Ben")
    assert [TEXT[a:b] for a, b in bens.spans] == ["left"]
    whole = next(item for item in listed if item.label == "R3").readings[0]
    assert whole.whole and whole.spans == ()
    phone = bench.codes()["Phone"].id
    assert agree.disagreements(*place(bench), code_id=phone)[1] == 1
    assert agree.disagreements(*place(bench), limit=1, offset=3)[0] == listed[3:]


def test_weeks_are_those_of_the_last_to_finish(two: tuple[Bench, Actor]) -> None:
    bench, ben = two
    state = tables.document_state
    days = {"R1": ("2026-03-02", "2026-03-11"), "R2": ("2026-03-15", "2026-03-09")}
    with bench.database.write() as connection:
        connection.execute(update(state).values(first_done_at="2026-03-20T10:00:00.000Z"))
        for ref, done in days.items():
            for who, day in zip((bench.actor, ben), done, strict=True):
                connection.execute(
                    update(state)
                    .where(state.c.document_id == bench.document(ref), state.c.coder_id == who.id)
                    .values(first_done_at=f"{day}T23:59:00.000Z")
                )
    weeks = agree.drift(*place(bench), n_bootstrap=20)
    assert [(item.starts.isoformat(), item.n_documents) for item in weeks] == [
        ("2026-03-09", 2), ("2026-03-16", len(bench.documents()) - 2)
    ]  # fmt: skip
    assert weeks[0].percent.value > weeks[1].percent.value


def test_refusals(two: tuple[Bench, Actor]) -> None:
    bench, ben = two
    me = bench.actor.id
    for options, why in (
        ({"coders": [me]}, "between two coders or more"),
        ({"coders": [me, me]}, "named twice"),
        ({"coders": [me, 999]}, "no coder number 999"),
        ({"reference": 999}, "not one of those"),
        ({"by": "person"}, "'person' is nothing to compare by"),
        ({"unit": "word"}, "'word' is nothing to compare unit"),
    ):
        with pytest.raises(InputError, match=why):
            compared(bench, **options)
    with pytest.raises(InputError, match="nobody called 'Zoe'"):
        agree.find_coders(*place(bench), ["Zoe"])
    assert agree.find_coders(*place(bench), ["ben", "ASHA"]) == [ben.id, me]
    with pytest.raises(InputError, match="no such code"):
        agree.disagreements(*place(bench), code_id=999)


def test_nobody_has_done_anything(bench: Bench) -> None:
    assert agree.pairings(*place(bench)) == []
    bench.code(bench.document("R1"), "School", None, actor=bench.person("Ben"))
    found = compared(bench)
    assert (found.n_documents, found.applied) == (0, ())
    assert found.overall.figures["alpha"].value is None
    assert agree.drift(*place(bench)) == ()
    assert agree.disagreements(*place(bench)) == ([], 0)
    assert agree.confusion(*place(bench)).codes == (agree.NOTHING,)


def test_files_hold_what_the_page_shows(two: tuple[Bench, Actor], tmp_path: Any) -> None:
    bench, ben = two
    found = compared(bench, n_bootstrap=50, reference=ben.id)
    text = agree_files.agreement_file(found, format="csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [item["code"] for item in rows] == ["All codes", *(item.name for item in found.rows)]
    waiting = next(item for item in rows if item["code"] == "Access / Waiting")
    kappa = row(found, "Waiting").figures["cohen_kappa"]
    assert float(waiting["cohen_kappa"]) == pytest.approx(kappa.value, abs=1e-6)
    assert waiting["applied by Asha"] == "2" and waiting["in words"].startswith("Asha and Ben")
    access = next(item for item in rows if item["code"] == "Access")
    assert access["alpha"] == "" and "Krippendorff's alpha: nobody applied" in access["why"]

    from openpyxl import load_workbook

    path = tmp_path / "agreement.xlsx"
    agree_files.export_agreement(found, path)
    book = load_workbook(path)
    assert book.sheetnames == ["Agreement", "About"]
    about = [line[1] for line in book["About"].iter_rows(values_only=True)]
    assert any("first marked the document done" in str(line) for line in about)
    with pytest.raises(ExportError, match=r"\.csv or \.xlsx"):
        agree_files.export_agreement(found, tmp_path / "agreement.pdf")


def test_all_views_at_once_are_those_one_by_one(two: tuple[Bench, Actor]) -> None:
    bench, ben = two
    found = agree.views(*place(bench), None, "code", "sentence", ben.id)
    assert found == (
        agree.compare(*place(bench), None, "code", "sentence", ben.id),
        agree.confusion(*place(bench), None, "code", "sentence"),
        agree.drift(*place(bench), None, "code", "sentence"),
    )


def test_json_and_seeds(two: tuple[Bench, Actor]) -> None:
    import json

    bench, _ = two
    first, again = (compared(bench, n_bootstrap=100, seed=4) for _ in range(2))
    assert first == again
    values = json.loads(json.dumps(first.as_dict(), allow_nan=False))
    assert values["codes"][0]["code"] == "Access" and values["seed"] == 4
    assert values["overall"]["figures"]["masi_alpha"]["value"] is not None
    assert any("95 % of 100 resamples" in line for line in values["notes"])


TALKS = {
    "without any stops.vtt": """WEBVTT

00:00:01.000 --> 00:00:02.000
<v Lin>who did you ask first

00:00:02.000 --> 00:00:04.000
<v P1>i rang the school
and then the council

00:00:04.000 --> 00:00:05.000
<v P2>and nobody rang me back
""",
    "lines.txt": "Lin: who did you ask\nP1: the school, and\nP2: and nobody rang back\nP1: e.g.\n",
    "blank lines.txt": "Lin: who\n\nP1: I rang\n\nsome school, i.e.\n\nP2: nobody rang me\n",
    "urdu.txt": "Lin: آپ نے کس سے پوچھا\nP1: میں نے فون کیا\nP2: کسی نے نہیں\n",
}


@pytest.mark.parametrize("name", TALKS)
def test_no_sentence_goes_on_in_the_next_turn(bench: Bench, name: str) -> None:
    speech = read_speech(TALKS[name].encode(), name)
    plans = [SpeakerPlan("Facilitator", ("Lin",), "facilitator"),
             SpeakerPlan("P1", ("P1",), respondent="R1"), SpeakerPlan("P2", ("P2",))]  # fmt: skip
    key = focus_groups.ingest_transcript(*place(bench), speech, plans, name="FG").document_id
    found = focus_groups.load_discussion(*place(bench), key)
    assert len(found.turns) >= 3
    (spans,) = sentences([found.text])
    for start, end in spans:
        touched = [turn for turn in found.turns if turn.start < end and start < turn.end]
        assert len(touched) == 1, found.text[start:end]
    assert {found.text[turn.start : turn.end].split()[0] for turn in found.turns} <= {
        found.text[start:end].split()[0] for start, end in spans
    }
    # One codes the end of a turn, the other the beginning of the next: they agree nowhere.
    ben, (_, one, two) = bench.person("Ben"), found.turns[:3]
    last = found.text[one.start : one.end].split()[-1]
    first = found.text[two.start : two.end].split()[0]
    for who, words, turn in ((bench.actor, last, one), (ben, first, two)):
        at = turn.end - len(words) if turn == one else turn.start
        sent = bench.adding(key, "Waiting", None)
        sha = found.group.sha256
        sent |= {"start": at, "end": at + len(words), "quote": words, "sha": sha}
        assert not bench.send(sent, actor=who).rejected
        bench.done(key, who)
    figures = row(compared(bench, unit="sentence"), "Waiting")
    assert figures.applied == (1, 1)
    assert figures.n_agreed == len(spans) - 2
