"""The marks on `coding_respondent` that counting adds up: true after whatever people do."""

import random

import pytest
from sqlalchemy import select, text, update

from pipelines.ingest.discussions.speech import SpeechFile
from tests.builders import SURVEY
from tests.services.independent_count import add_group
from workbench.domain.mentions import openers
from workbench.domain.turns import Turn
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.store.clock import new_guid, now
from workbench.store.codebooks.codebook import rebuild_closure
from workbench.store.coding.anchors import sync_coding_respondents
from workbench.store.counting.mentions import mark_mentions, pairs_of
from workbench.store.projects.project_rows import NewCoding, add_codings
from workbench.store.tables import CONSENSUS, code, coding, coding_respondent, document
from workbench.store.tables import respondent as person

ANSWERS = [("R1", "q1"), ("R2", "q1"), ("R3", "q1")]


def stored(bench):
    """Give the marks as they are: {coding: (by anybody, by the same coder)}."""
    with bench.database.read() as connection:
        rows = connection.execute(select(coding_respondent)).all()
    return {row.coding_id: (row.opens_any, row.opens_own) for row in rows}


def expected(bench):
    """Work the marks out anew from the codings and their places."""
    with bench.database.read() as connection:
        rows = connection.execute(
            text(
                'SELECT c.id, c.document_id, c.coder_id, n.start, n."end", '
                "k.ancestor_id AS resolved "
                "FROM coding c JOIN document d ON d.id = c.document_id "
                "JOIN anchor n ON n.coding_id = c.id AND n.revision_id = d.current_revision_id "
                "JOIN code_ancestor k ON k.code_id = c.code_id AND k.depth = 0 "
                "WHERE c.deleted_at IS NULL AND n.state = 'placed' AND d.respondent_id IS NOT NULL"
            )
        ).all()

    def opening(*names):
        groups = {}
        for row in rows:
            key = tuple(getattr(row, name) for name in names)
            groups.setdefault(key, []).append((row.start, row.end, row.id))
        return set().union(*map(openers, groups.values()))

    anybody = opening("document_id", "resolved")
    own = opening("document_id", "resolved", "coder_id")
    return {row.id: (int(row.id in anybody), int(row.id in own)) for row in rows}


def some_words(bench, dice, document_id):
    words = bench.open(document_id).document.text
    start = dice.randrange(len(words) - 6)
    return words[start : start + dice.randint(3, 14)]


def one_deed(bench, dice, coders, made):
    """Do one thing that moves, makes or takes away codings."""
    document_id = bench.document(*dice.choice(ANSWERS))
    actor = dice.choice(coders)
    deed = dice.choice(["add", "add", "add", "add", "adjust", "remove", "recode", "undo"])
    if deed == "add":
        name = dice.choice(["School", "Waiting", "Phone"])
        quote = None if dice.random() < 0.1 else some_words(bench, dice, document_id)
        sent = bench.adding(document_id, name, quote)
        made.append((document_id, sent["coding"], actor))
        bench.send(sent, actor=actor)
    elif deed == "undo":
        bench.send({"kind": "undo"}, actor=actor)
    elif made:
        document_id, guid, actor = dice.choice(made)
        sent = {"kind": deed, "document": document_id, "coding": guid}
        if deed == "recode":
            sent["code"] = bench.codes()[dice.choice(["School", "Phone"])].guid
        if deed == "adjust":
            sent |= bench.adding(document_id, "School", some_words(bench, dice, document_id))
            sent |= {"kind": "adjust", "coding": guid}
        bench.send(sent, actor=actor)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_marks_are_right_after_anything_that_people_do(bench, seed):
    dice, made = random.Random(seed), []
    coders = [bench.actor, bench.person("Ben")]
    for at in range(60):
        one_deed(bench, dice, coders, made)
        if at % 20 == 0:
            bench.ingest(SURVEY.replace("She listened", f"She {'often ' * (at // 20)}listened"))
            assert stored(bench) == expected(bench)
    found = stored(bench)
    assert found == expected(bench)
    assert {marks for marks in found.values()} >= {(1, 1), (0, 1)}


def test_what_stood_in_the_shade_of_a_coding_opens_when_that_is_gone(bench):
    document_id = bench.document("R1")
    first = bench.code(document_id, "School", "She listened")
    bench.code(document_id, "School", "listened to me")
    assert sorted(stored(bench).values()) == [(0, 0), (1, 1)]
    phone = bench.codes()["Phone"].guid
    bench.send({"kind": "recode", "document": document_id, "coding": first, "code": phone})
    assert sorted(stored(bench).values()) == [(1, 1), (1, 1)]
    bench.send({"kind": "undo"})
    assert sorted(stored(bench).values()) == [(0, 0), (1, 1)]
    bench.send({"kind": "remove", "document": document_id, "coding": first})
    assert list(stored(bench).values()) == [(1, 1)]


def test_merging_codes_and_taking_them_apart_again(bench):
    document_id = bench.document("R1")
    bench.code(document_id, "School", "She listened")
    bench.code(document_id, "Schooling", "listened to me")
    assert sorted(stored(bench).values()) == [(1, 1), (1, 1)]
    codes = bench.codes()
    for target, marks in ((codes["School"].id, [(0, 0), (1, 1)]), (None, [(1, 1), (1, 1)])):
        with bench.database.write() as connection:
            connection.execute(
                update(code).where(code.c.name == "Schooling").values(merged_into=target)
            )
            rebuild_closure(connection, bench.study_id)
        assert sorted(stored(bench).values()) == marks
        assert stored(bench) == expected(bench)


def test_in_a_discussion_each_speakers_mentions_are_their_own(bench):
    document_id = add_group(
        bench, [("R1", "one two"), ("R2", "three four"), ("R1", "five six"), (None, "seven")]
    )
    ben = bench.person("Ben")

    def marks():
        with bench.database.read() as connection:
            refs = {row.id: row.ref for row in connection.execute(select(person))}
            rows = connection.execute(select(coding_respondent)).all()
        found = [(refs[row.respondent_id], row.opens_any, row.opens_own) for row in rows]
        return sorted(found)

    bench.code(document_id, "School", "two\nthree")
    assert marks() == [("R1", 1, 1), ("R2", 1, 1)], "an exchange is one mention of each"
    bench.code(document_id, "School", "three four\nfive", actor=ben)
    assert marks() == [("R1", 1, 1), ("R1", 1, 1), ("R2", 0, 1), ("R2", 1, 1)]
    bench.code(document_id, "School", "six\nseven")
    bench.code(document_id, "School", "seven")
    assert sum(mark[1] for mark in marks() if mark[0] == "R1") == 3
    whole = bench.code(document_id, "School", None)
    assert [sum(mark[1] for mark in marks() if mark[0] == who) for who in ("R1", "R2")] == [1, 1]
    bench.send({"kind": "remove", "document": document_id, "coding": whole})
    assert sum(mark[1] for mark in marks() if mark[0] == "R1") == 3


def test_between_turns_and_facilitators_are_nobodys(bench):
    text = {"Lead": "Tell me.", "A": "I rang."}
    document_id = focus_groups.ingest_transcript(
        bench.actor, bench.database, bench.study_id,
        SpeechFile("g.vtt", tuple(Turn(*turn) for turn in text.items()), "voices"),
        [SpeakerPlan("Lead", ("Lead",), "facilitator"), SpeakerPlan("A", ("A",), respondent="R1")],
        name="G",
    ).document_id  # fmt: skip
    for words in ("me.\n\n", "\n\n", "Tell me."):
        bench.code(document_id, "School", words)
    assert stored(bench) == {}
    bench.code(document_id, "School", "me.\n\nI")
    assert list(stored(bench).values()) == [(1, 1)]


def test_a_fresh_coding_in_a_discussion_leaves_the_marks_of_all_right(bench):
    dice, ben = random.Random(4), bench.person("Ben")
    said = [(dice.choice(["R1", "R2", "R3", None]), f"word {at} and more") for at in range(12)]
    document_id = add_group(bench, said)

    def marks(connection):
        rows = connection.execute(select(coding_respondent)).all()
        return {(row.coding_id, row.respondent_id): row[-2:] for row in rows}

    for _ in range(40):
        actor, name = dice.choice([bench.actor, ben]), dice.choice(["School", "Waiting"])
        sent = bench.adding(document_id, name, "word")
        text = bench.open(document_id).document.text
        sent["start"] = dice.randrange(len(text) - 80)
        sent["end"] = sent["start"] + dice.randint(5, 70)
        bench.send(sent | {"quote": text[sent["start"] : sent["end"]]}, actor=actor)
    with bench.database.write() as connection:
        kept = marks(connection)
        ids = sorted({coding_id for coding_id, _ in kept})
        mark_mentions(connection, pairs_of(connection, ids))
        assert marks(connection) == kept
    assert len(set(kept.values())) >= 3


@pytest.mark.parametrize("seed", [1, 2])
def test_codings_written_by_the_thousand_are_marked_as_single_ones(bench, seed):
    """Beside each other, beside what is there, of one coder and of several, whole and in parts."""
    dice = random.Random(seed)
    coders = [bench.actor.id, bench.person("Ben").id, CONSENSUS]
    codes = [bench.codes()[name].id for name in ("School", "Waiting", "Phone")]
    with bench.database.read() as connection:
        texts = [
            (row.id, row.current_revision_id)
            for row in connection.execute(select(document).where(document.c.n_words > 3))
        ]
    for _ in range(3):
        rows = []
        for _ in range(40):
            start = dice.choice([None, *range(10)])
            end = None if start is None else start + dice.randint(1, 5)
            rows.append(NewCoding(
                new_guid(), *dice.choice(texts), dice.choice(codes), dice.choice(coders),
                start, end, "import", now(), dice.choice(["", "", "", "unsure"]),
            ))  # fmt: skip
        with bench.database.write() as connection:
            add_codings(connection, rows, None)
            covered = select(coding_respondent).order_by(coding_respondent.c.coding_id)
            at_once = list(map(tuple, connection.execute(covered)))
            keys = list(connection.execute(select(coding.c.id)).scalars())
            sync_coding_respondents(connection, keys)
            assert list(map(tuple, connection.execute(covered))) == at_once
    assert {row[5:] for row in at_once} >= {(0, 0), (0, 1), (1, 1)}
