"""Placing codings again: what is listed, who may settle it, what it does, and how it is undone."""

from __future__ import annotations

import pytest
from sqlalchemy import text as sql

from tests.builders import SURVEY, Bench
from workbench.domain.spans import Span
from workbench.errors import CodingError, ConflictError, NotAllowed, NotFound
from workbench.services import study
from workbench.services.coding import exchange, place_again
from workbench.services.trail import undo
from workbench.store.trail import events

REWRITTEN = SURVEY.replace("She listened to me.", "Well.").replace(
    "Nobody rang back 😀 at all", "Then they called 😀 after weeks"
)


class Flagged:
    """A study in which a text was changed under two codings of the owner's and one of Ben's."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.ben = bench.person("Ben")
        first, second = bench.document("R1"), bench.document("R2")
        self.listened = bench.code(first, "Waiting", "She listened to me.")
        self.left = bench.code(first, "School", "she left")
        self.theirs = bench.code(first, "Phone", "listened to me", actor=self.ben)
        self.rang = bench.code(second, "Waiting", "Nobody rang back")
        bench.ingest(REWRITTEN)

    @property
    def place(self) -> tuple:
        return self.bench.actor, self.bench.database, self.bench.study_id

    def guids(self, **options) -> list[str]:
        return [item.guid for item in place_again.list_flagged(*self.place, **options)[0]]

    def open(self, guid: str, actor=None) -> place_again.OpenFlagged:
        return place_again.open_flagged(actor or self.bench.actor, *self.place[1:], guid)

    def put(self, guid: str, words: str, actor=None, **changed) -> str:
        document = self.open(guid).document
        start = document.text.index(words)
        sent = {"start": start, "end": start + len(words), "sha": document.sha256, "quote": words}
        who = actor or self.bench.actor
        return place_again.place(who, *self.place[1:], guid, **(sent | changed))


@pytest.fixture
def flagged(bench: Bench) -> Flagged:
    return Flagged(bench)


def quotes(flagged: Flagged) -> dict[str, str]:
    return {row["code"].split(" / ")[-1] + " " + row["respondent"]: row["quote"]
            for row in exchange.export_codings(*flagged.place)}  # fmt: skip


def test_what_could_not_be_placed_is_listed_with_all_that_tells_it_apart(flagged: Flagged) -> None:
    found, total = place_again.list_flagged(*flagged.place)
    assert total == 3 == place_again.count_flagged(*flagged.place)
    assert [(item.label, item.coder, item.question) for item in found] == [
        ("R1", "Asha", "What happened?"),
        ("R1", "Ben", "What happened?"),
        ("R2", "Asha", "What happened?"),
    ]
    assert found[0].code_id == flagged.bench.codes()["Waiting"].id
    assert all(item.changed_at and item.reason.endswith(".") for item in found)
    assert flagged.left not in [item.guid for item in found]
    assert study.progress(*flagged.place).n_flagged == 3
    assert flagged.guids(whose="mine") == [flagged.listened, flagged.rang]
    assert flagged.guids(offset=1, limit=1) == [flagged.theirs]


def test_old_and_new_text_are_given_side_by_side(flagged: Flagged) -> None:
    opened = flagged.open(flagged.rang)
    assert opened.before is not None
    before = opened.before
    assert before.text[before.start : before.end] == "Nobody rang back"
    assert before.text == "Nobody rang back 😀 at all"
    assert opened.document.text == "Then they called 😀 after weeks"
    assert opened.code.path == ("Access", "Waiting")
    assert opened.position == 2
    gone = [span.quote(before.text) for span in opened.differences.gone]
    come = [span.quote(opened.document.text) for span in opened.differences.come]
    assert "Nobody" in " ".join(gone)
    assert "weeks" in " ".join(come)
    assert isinstance(opened.guess, Span)
    assert opened.may_settle


def test_the_old_text_is_the_last_on_which_it_was_placed(flagged: Flagged) -> None:
    flagged.bench.ingest(REWRITTEN.replace("after weeks", "after months"))
    opened = flagged.open(flagged.rang)
    assert opened.before is not None
    assert opened.before.text == "Nobody rang back 😀 at all"
    assert opened.document.text.endswith("after months")


def test_words_chosen_by_hand_are_what_the_coding_covers_then(flagged: Flagged) -> None:
    assert flagged.put(flagged.rang, "called 😀 after") == "placing Waiting on R2 again"
    assert quotes(flagged)["Waiting R2"] == "called 😀 after"
    assert flagged.guids() == [flagged.listened, flagged.theirs]
    with flagged.bench.database.read() as connection:
        covered = connection.execute(sql("SELECT count(*) FROM coding_respondent")).scalar()
        assert covered == 2, "the placed one counts again"
        assert events.verify_chain(connection, flagged.bench.study_id) is None


def test_the_guess_is_accepted_as_it_was_shown(flagged: Flagged) -> None:
    opened = flagged.open(flagged.rang)
    assert opened.guess is not None
    done = place_again.accept_guess(*flagged.place, flagged.rang, sha=opened.document.sha256)
    assert done == "placing Waiting on R2 again"
    assert quotes(flagged)["Waiting R2"] == opened.guess.quote(opened.document.text)


def test_letting_go_is_a_soft_delete(flagged: Flagged) -> None:
    assert place_again.let_go(*flagged.place, flagged.rang) == "letting Waiting on R2 go"
    assert flagged.rang not in flagged.guids()
    with flagged.bench.database.read() as connection:
        rows = connection.execute(sql("SELECT deleted_at FROM coding WHERE guid = :guid"),
                                  {"guid": flagged.rang})  # fmt: skip
        assert rows.scalar_one() is not None


def test_each_is_one_operation_and_one_event_without_words(flagged: Flagged) -> None:
    count = sql("SELECT (SELECT count(*) FROM operation), (SELECT count(*) FROM event)")
    with flagged.bench.database.read() as connection:
        before = tuple(connection.execute(count).one())
    flagged.put(flagged.rang, "called")
    place_again.let_go(*flagged.place, flagged.listened)
    with flagged.bench.database.read() as connection:
        after = tuple(connection.execute(count).one())
        payloads = connection.execute(sql("SELECT payload FROM event")).scalars().all()
    assert after == (before[0] + 2, before[1] + 2)
    assert not any("called" in payload for payload in payloads)


def test_all_of_it_is_undone_and_done_again_step_by_step(flagged: Flagged) -> None:
    everything = flagged.guids()
    flagged.put(flagged.rang, "called")
    place_again.let_go(*flagged.place, flagged.listened)
    assert flagged.guids() == [flagged.theirs]
    undone = undo.undo(*flagged.place, undo.PLACING)
    assert undone.label == "letting Waiting on R1 go"
    undo.undo(*flagged.place, undo.PLACING)
    assert flagged.guids() == everything
    with pytest.raises(NotFound, match="nothing to undo"):
        undo.undo(*flagged.place, undo.PLACING)
    undo.redo(*flagged.place, undo.PLACING)
    assert quotes(flagged)["Waiting R2"] == "called"


def test_the_coding_page_takes_it_back_too(flagged: Flagged) -> None:
    flagged.put(flagged.rang, "called")
    outcome = flagged.bench.send({"kind": "undo"})
    assert outcome.message == "Undone: placing Waiting on R2 again."
    assert flagged.rang in flagged.guids()


def test_undo_is_refused_when_the_coder_has_changed_it_since(flagged: Flagged) -> None:
    flagged.put(flagged.theirs, "Then she")
    document = flagged.bench.document("R1")
    removed = flagged.bench.send(
        {"kind": "remove", "document": document, "coding": flagged.theirs}, actor=flagged.ben
    )
    assert not removed.rejected
    with pytest.raises(ConflictError, match="Ben has changed it since"):
        undo.undo(*flagged.place, undo.PLACING)


def test_undo_is_refused_when_the_text_was_changed_once_more(flagged: Flagged) -> None:
    flagged.put(flagged.rang, "called")
    flagged.bench.ingest(REWRITTEN.replace("after weeks", "after a very long time"))
    with pytest.raises(ConflictError, match="the text has been edited since"):
        undo.undo(*flagged.place, undo.PLACING)


def test_a_coder_settles_their_own_and_the_owner_everybodys(flagged: Flagged) -> None:
    for act in (
        lambda: flagged.put(flagged.rang, "called", actor=flagged.ben),
        lambda: place_again.let_go(flagged.ben, *flagged.place[1:], flagged.rang),
    ):
        with pytest.raises(NotAllowed, match="this coding is Asha's: only they or the study's"):
            act()
    assert not flagged.open(flagged.rang, flagged.ben).may_settle
    assert flagged.open(flagged.theirs, flagged.ben).may_settle
    flagged.put(flagged.theirs, "Then she", actor=flagged.ben)
    undo.undo(flagged.ben, *flagged.place[1:], undo.PLACING)
    flagged.put(flagged.theirs, "she left")
    assert quotes(flagged)["Phone R1"] == "she left"


def test_a_viewer_settles_nothing(flagged: Flagged) -> None:
    with flagged.bench.database.write() as connection:
        connection.execute(sql("UPDATE membership SET role = 'viewer' WHERE coder_id = :who"),
                           {"who": flagged.ben.id})  # fmt: skip
    assert not flagged.open(flagged.theirs, flagged.ben).may_settle
    with pytest.raises(NotAllowed, match="is a viewer"):
        place_again.let_go(flagged.ben, *flagged.place[1:], flagged.theirs)


def test_what_is_coded_blind_by_others_is_neither_listed_nor_counted(flagged: Flagged) -> None:
    first = flagged.bench.document("R1")
    with flagged.bench.database.write() as connection:
        connection.execute(
            sql("INSERT INTO assignment (document_id, coder_id, blind, created_at) "
                "VALUES (:document, :coder, true, 'now')"),
            [{"document": first, "coder": who}
             for who in (flagged.bench.actor.id, flagged.ben.id)],
        )  # fmt: skip
    assert flagged.guids() == [flagged.listened, flagged.rang]
    assert place_again.count_flagged(*flagged.place) == 2
    with pytest.raises(NotFound, match="not there any more"):
        flagged.open(flagged.theirs)
    with pytest.raises(NotFound, match="not there any more"):
        place_again.let_go(*flagged.place, flagged.theirs)


def test_what_does_not_fit_the_text_of_now_is_refused(flagged: Flagged) -> None:
    with pytest.raises(CodingError, match="the text was changed once more"):
        flagged.put(flagged.rang, "called", sha="0" * 64)
    with pytest.raises(CodingError, match="expected 'other' at"):
        flagged.put(flagged.rang, "called", quote="other")
    with pytest.raises(CodingError, match="reaches outside"):
        flagged.put(flagged.rang, "called", end=999, quote=None)
    with pytest.raises(CodingError, match="the text was changed once more"):
        place_again.accept_guess(*flagged.place, flagged.rang, sha="0" * 64)
    assert flagged.rang in flagged.guids()


def test_words_that_carry_the_code_already_are_refused(flagged: Flagged) -> None:
    flagged.bench.code(flagged.bench.document("R2"), "Waiting", "called")
    with pytest.raises(CodingError, match="exactly these words are coded Waiting already"):
        flagged.put(flagged.rang, "called")


def test_a_second_try_says_that_it_is_placed(flagged: Flagged) -> None:
    flagged.put(flagged.rang, "called")
    with pytest.raises(NotFound, match="this coding is placed by now"):
        place_again.let_go(*flagged.place, flagged.rang)
    with pytest.raises(NotFound, match="not there any more"):
        place_again.open_flagged(*flagged.place, "no-such-coding")


def test_the_next_one_is_found_from_one_that_is_settled(flagged: Flagged) -> None:
    def beside(guid: str, step: str = "next") -> str | None:
        return place_again.neighbour(*flagged.place, guid, step=step)

    first, second, third = flagged.guids()
    assert (beside(first), beside(second), beside(third)) == (second, third, None)
    assert (beside(third, "previous"), beside(first, "previous")) == (second, None)
    place_again.let_go(*flagged.place, second)
    assert (beside(second), beside(second, "previous")) == (third, first)
    assert place_again.neighbour(*flagged.place, first, whose="mine") == third
    assert place_again.neighbour(*flagged.place, "nobody") is None


def test_an_answer_whose_words_come_back_is_placed_without_anybody(flagged: Flagged) -> None:
    flagged.bench.ingest(SURVEY)
    assert flagged.guids() == []


def test_on_the_coding_page_the_best_guess_itself_can_be_chosen(flagged: Flagged) -> None:
    opened = flagged.open(flagged.rang)
    assert opened.guess is not None
    outcome = flagged.bench.send(
        {"kind": "adjust", "document": opened.document.id, "coding": flagged.rang,
         "sha": opened.document.sha256, "start": opened.guess.start, "end": opened.guess.end}
    )  # fmt: skip
    assert not outcome.rejected
    assert flagged.rang not in flagged.guids()


def test_a_respondent_who_has_withdrawn_is_left_out(flagged: Flagged) -> None:
    with flagged.bench.database.write() as connection:
        connection.execute(sql("UPDATE respondent SET withdrawn_at = 'now' WHERE ref = 'R2'"))
    assert flagged.rang not in flagged.guids()
    assert place_again.count_flagged(*flagged.place) == 2
