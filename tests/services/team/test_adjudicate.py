"""Settling what coders differ on: item by item, in bulk, back again, and what the consensus is."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from tests.builders import SURVEY
from workbench.errors import CodingError, ConflictError, NotAllowed, NotFound
from workbench.services.codebooks import refine
from workbench.services.coding import exchange, extracts
from workbench.services.counting.summarise import summarise
from workbench.services.team import adjudicate, settling_counts
from workbench.services.trail import history, undo
from workbench.store import tables


@pytest.fixture
def double(bench):
    """Two people have coded three answers and are done; R4 only one."""
    ben = bench.person("Ben")
    one, two, three, four = (bench.document(label) for label in ("R1", "R2", "R3", "R4"))
    bench.code(one, "School", "She listened")
    bench.code(one, "School", "She listened", actor=ben)
    bench.code(one, "Phone", "to me")
    bench.code(one, "Waiting", "Then she left")
    bench.code(one, "Waiting", "she left", actor=ben)
    bench.code(two, "Phone", None)
    bench.code(two, "Phone", None, actor=ben)
    for document in (one, two, three):
        bench.done(document)
        bench.done(document, ben)
    bench.done(four)
    return bench, ben, one, two, three


def place(bench):
    return bench.actor, bench.database, bench.study_id


def opened(bench, document):
    return adjudicate.open_document(*place(bench), document)


def item(bench, document, name):
    code = bench.codes()[name].id
    return next(one for one in opened(bench, document).items if one.code_id == code)


def decide(bench, document, name, **choice):
    return adjudicate.decide(*place(bench), document, item(bench, document, name).place, **choice)


def consensus(bench, actor=None):
    rows = exchange.export_codings(
        actor or bench.actor, bench.database, bench.study_id, layer="consensus"
    )
    return sorted((row["respondent"], row["code"].split(" / ")[-1], row["quote"]) for row in rows)


def mentions(bench, layer="consensus"):
    rows = summarise(*place(bench), layer=layer, level="code").rows
    return {row.theme.split(" / ")[-1]: row.mentions for row in rows if row.mentions}


def test_what_is_to_be_settled(double):
    bench, _, one, two, three = double
    found = adjudicate.standing(*place(bench))
    assert (found.n_finished, found.n_settled, found.n_open, found.n_clear) == (3, 0, 3, 2)
    assert (found.n_agreed, found.n_differences, found.changed) == (2, 2, ())
    codes = bench.codes()
    assert dict(found.by_code) == {codes["Phone"].id: 1, codes["Waiting"].id: 1}
    page, total = adjudicate.list_unsettled(*place(bench))
    assert total == 1
    assert [(row.document_id, row.label, row.n_differences, row.n_agreed) for row in page] == [
        (one, "R1", 2, 1)
    ]
    phone = codes["Phone"].id
    assert adjudicate.list_unsettled(*place(bench), code_id=phone)[1] == 1
    assert adjudicate.list_unsettled(*place(bench), code_id=codes["School"].id)[1] == 0
    assert {two, three} & {row.document_id for row in page} == set()


def test_differences_are_decided_one_by_one_and_the_last_settles_the_answer(double):
    bench, ben, one, _, _ = double
    assert consensus(bench) == []
    assert not decide(bench, one, "Phone", note="not about the phone")
    assert consensus(bench) == [], "an answer counts once it is settled"
    assert decide(bench, one, "Waiting", take=[ben.id])
    assert consensus(bench) == [("R1", "School", "She listened"), ("R1", "Waiting", "she left")]
    assert mentions(bench) == {"Access": 1, "Waiting": 1, "School": 1}
    found = opened(bench, one)
    assert found.settled_at is not None
    kept = {(row.choice, row.taken_from, row.note, row.decided_by) for row in found.decisions}
    assert kept == {
        ("neither", (), "not about the phone", "Asha"),
        ("taken", (ben.id,), "", "Asha"),
        ("agreed", (bench.actor.id, ben.id), "", "Asha"),
    }


def test_both_are_taken_and_equal_words_enter_once(double):
    bench, ben, one, _, _ = double
    decide(bench, one, "Phone", take=[bench.actor.id])
    decide(bench, one, "Waiting", take=[bench.actor.id, ben.id])
    assert consensus(bench) == [
        ("R1", "Phone", "to me"),
        ("R1", "School", "She listened"),
        ("R1", "Waiting", "Then she left"),
        ("R1", "Waiting", "she left"),
    ]
    assert mentions(bench)["Waiting"] == 1, "overlapping words are one mention"


def test_other_words_and_another_code_may_be_what_is_agreed_on(double):
    bench, _, one, _, _ = double
    text = opened(bench, one).document.text
    start = text.index("left")
    decide(bench, one, "Waiting", span=(start, start + 4), quote="left")
    decide(bench, one, "Phone", span=(0, 3), code_id=bench.codes()["Schooling"].id)
    assert consensus(bench)[1:] == [("R1", "Schooling", "She"), ("R1", "Waiting", "left")]


def test_what_everybody_agrees_on_enters_at_once(double):
    bench, _, one, two, three = double
    assert adjudicate.accept_agreed(*place(bench)) == (2, 2)
    assert consensus(bench) == [("R2", "Phone", "")]
    assert opened(bench, two).settled_at
    assert opened(bench, three).settled_at, "nobody coded anything: that is agreed on too"
    assert opened(bench, one).settled_at is None
    assert adjudicate.accept_agreed(*place(bench)) == (0, 0)
    assert adjudicate.standing(*place(bench)).n_settled == 2


def test_what_was_agreed_on_belongs_to_nobodys_layer(double):
    bench, ben, one, _, _ = double
    before = {layer: mentions(bench, layer) for layer in ("any", "Asha", "Ben")}
    adjudicate.accept_agreed(*place(bench))
    decide(bench, one, "Phone", take=[bench.actor.id])
    decide(bench, one, "Waiting", take=[ben.id])
    assert {layer: mentions(bench, layer) for layer in ("any", "Asha", "Ben")} == before
    where = extracts.make_filter(*place(bench))
    assert extracts.find_extracts(*place(bench), where)[1] == 7
    agreed = extracts.make_filter(*place(bench), layer="consensus")
    assert extracts.find_extracts(*place(bench), agreed)[1] == 4
    assert {coding.coder_id for coding in bench.open(one).codings} == {bench.actor.id, ben.id}
    assert "Consensus" not in bench.open(one).coders.values()


def test_a_decision_can_be_made_anew(double):
    bench, ben, one, _, _ = double
    decide(bench, one, "Phone", take=[bench.actor.id])
    decide(bench, one, "Waiting", take=[ben.id])
    assert decide(bench, one, "Phone")
    assert [code for _, code, _ in consensus(bench)] == ["School", "Waiting"]
    assert sorted(row.choice for row in opened(bench, one).decisions) == [
        "agreed", "neither", "taken",
    ]  # fmt: skip


def test_a_coder_who_changes_their_mind_opens_the_difference_again(double):
    bench, ben, one, _, _ = double
    decide(bench, one, "Waiting", take=[ben.id])
    bench.code(one, "Waiting", "she", actor=ben)
    bench.code(one, "Phone", "to me", actor=ben)
    bench.done(one, ben)
    assert item(bench, one, "Waiting").decided is not None, "its ends are the same"
    assert item(bench, one, "Phone").difference == "agreed"
    assert adjudicate.accept_agreed(*place(bench)) == (3, 3)
    assert [code for _, code, _ in consensus(bench)] == ["Phone", "School", "Waiting", "Phone"]
    assert adjudicate.standing(*place(bench)).changed == ()
    bench.code(one, "School", "left", actor=ben)
    assert adjudicate.standing(*place(bench)).changed == (one,)


def test_an_item_that_changed_meanwhile_is_not_decided(double):
    bench, ben, one, _, _ = double
    seen = item(bench, one, "Phone").place
    bench.code(one, "Phone", "She listened to me", actor=ben)
    with pytest.raises(ConflictError, match="changed this in the meantime"):
        adjudicate.decide(*place(bench), one, seen, take=[bench.actor.id])
    with pytest.raises(CodingError, match="did not apply this code"):
        adjudicate.decide(*place(bench), one, item(bench, one, "School").place, take=[999])
    with pytest.raises(ConflictError, match="the text was edited"):
        adjudicate.decide(*place(bench), one, item(bench, one, "Phone").place, span=(0, 3), sha="x")
    with pytest.raises(CodingError, match="at most 5,000 characters"):
        decide(bench, one, "Phone", note="x" * 5001)


def test_everything_can_be_taken_back(double):
    bench, ben, one, two, _ = double
    adjudicate.accept_agreed(*place(bench))
    decide(bench, one, "Phone", take=[bench.actor.id])
    decide(bench, one, "Waiting", take=[ben.id])
    full = consensus(bench)
    adjudicate.open_again(*place(bench), one)
    assert consensus(bench) == [("R2", "Phone", "")]
    assert opened(bench, one).decisions == ()
    assert adjudicate.undo_last(*place(bench)) == ("opening R1 again", one)
    assert consensus(bench) == full
    assert adjudicate.undo_last(*place(bench)) == ("settling Waiting on R1", one)
    assert opened(bench, one).settled_at is None
    adjudicate.undo_last(*place(bench))
    label, document = adjudicate.undo_last(*place(bench))
    assert (label, document) == ("2 agreed codings in the consensus", None)
    assert consensus(bench) == []
    assert opened(bench, two).settled_at is None
    for _ in range(3):
        undo.redo(*place(bench), undo.SETTLING)
    assert consensus(bench) == full
    with pytest.raises(NotFound, match="nothing was decided on R4"):
        adjudicate.open_again(*place(bench), bench.document("R4"))


def test_a_settled_answer_that_is_not_done_any_more_can_be_opened_again(double):
    """Coders who take it up again must not leave it locked, nor the page with nothing to show."""
    bench, ben, _, two, three = double
    adjudicate.accept_agreed(*place(bench))
    bench.done(three, ben, done=False)
    bench.code(three, "School", None, actor=ben)
    (changed,) = adjudicate.standing(*place(bench)).changed
    assert adjudicate.name_changed(*place(bench), [changed]) == [(three, "R3 · q1")]
    adjudicate.open_again(*place(bench), three)
    assert adjudicate.standing(*place(bench)).changed == ()
    assert opened(bench, two).settled_at


def test_nothing_of_who_has_withdrawn_is_listed(double):
    bench, _, one, _, _ = double
    with bench.database.write() as connection:
        connection.execute(
            update(tables.respondent)
            .where(tables.respondent.c.ref == "R1")
            .values(withdrawn_at="2022-01-01")
        )
    assert adjudicate.standing(*place(bench)).n_finished == 2
    with pytest.raises(NotFound):
        opened(bench, one)


def test_blind_documents_are_not_settled_before_they_open(bench):
    ben, cy = bench.person("Ben"), bench.person("Cy")
    one = bench.document("R1")
    with bench.database.write() as connection:
        for actor in (bench.actor, ben, cy):
            connection.execute(
                insert(tables.assignment).values(
                    document_id=one, coder_id=actor.id, blind=True, created_at="2022-01-01"
                )
            )
    bench.code(one, "School", None)
    bench.done(one)
    bench.done(one, ben)
    assert adjudicate.standing(*place(bench)).n_finished == 0
    with pytest.raises(NotFound, match="still coded blind"):
        opened(bench, one)
    with pytest.raises(NotFound, match="still coded blind"):
        adjudicate.decide(*place(bench), one, (1, None, None))
    assert adjudicate.accept_agreed(*place(bench)) == (0, 0)
    bench.done(one, cy)
    assert adjudicate.standing(*place(bench)).n_differences == 1
    assert [coder.name for coder in opened(bench, one).coders] == ["Asha", "Ben", "Cy"]


def test_who_may_only_look_settles_nothing(double):
    bench, _, one, _, _ = double
    vera = bench.person("Vera")
    with bench.database.write() as connection:
        connection.execute(
            insert(tables.membership).values(
                study_id=bench.study_id, coder_id=vera.id, role="viewer", created_at="2022-01-01"
            )
        )
    with pytest.raises(NotAllowed, match="Vera is a viewer"):
        adjudicate.accept_agreed(vera, bench.database, bench.study_id)
    assert adjudicate.open_document(vera, bench.database, bench.study_id, one).items


def test_a_merged_code_is_the_other_one(double):
    bench, _, one, _, _ = double
    codes = bench.codes()
    with bench.database.write() as connection:
        connection.execute(
            update(tables.code)
            .where(tables.code.c.id == codes["Schooling"].id)
            .values(status="merged", merged_into=codes["School"].id)
        )
    before = connection_rows(bench)
    decide(bench, one, "Phone")
    assert connection_rows(bench) == before
    assert item(bench, one, "School").difference == "agreed"


def connection_rows(bench):
    table = tables.coding
    with bench.database.read() as connection:
        return connection.execute(
            select(table.c.id, table.c.code_id, table.c.deleted_at)
            .where(table.c.coder_id != tables.CONSENSUS)
            .order_by(table.c.id)
        ).all()


STEPS = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(["School", "Phone", "Waiting"])), max_size=8
)


@given(STEPS)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_settling_never_changes_what_people_coded_and_undo_leads_back(double, steps):
    bench, ben, one, _, _ = double
    before, theirs = consensus(bench), connection_rows(bench)
    n = 0
    for kind, name in steps:
        try:
            if kind == 0:
                n += adjudicate.accept_agreed(*place(bench)) != (0, 0)
            elif kind == 1:
                adjudicate.open_again(*place(bench), one)
                n += 1
            else:
                take = [[], [bench.actor.id], [ben.id]][kind - 2]
                decide(bench, one, name, take=take)
                n += 1
        except (NotFound, CodingError):
            pass
        assert connection_rows(bench) == theirs
    for _ in range(n):
        undo.undo(*place(bench), undo.SETTLING)
    assert consensus(bench) == before


def test_what_was_decided_first_stays_while_later_decisions_rest_on_it(double):
    bench, ben, one, _, _ = double
    decide(bench, one, "Phone", take=[bench.actor.id])
    decide(bench, one, "Waiting", take=[ben.id])
    full = consensus(bench)
    with bench.database.read() as connection:
        first = connection.execute(
            select(tables.operation.c.uuid)
            .where(tables.operation.c.verb == "settle")
            .order_by(tables.operation.c.id)
        ).scalars().first()  # fmt: skip
    with pytest.raises(ConflictError):
        history.undo_operation(*place(bench), first)
    assert consensus(bench) == full
    adjudicate.open_again(*place(bench), one)
    code = bench.codes()["Waiting"].id
    there = next(item for item in opened(bench, one).items if item.code_id == code)
    adjudicate.decide(ben, bench.database, bench.study_id, one, there.place, take=[ben.id])
    with pytest.raises(ConflictError, match="Ben has changed it since"):
        adjudicate.undo_last(*place(bench))
    assert consensus(bench) == []


def test_a_redraw_reads_only_answers_that_have_changed(double, monkeypatch):
    bench, ben, one, two, three = double
    read, real = [], settling_counts.items_in

    def noted(connection, found):
        read.append({item.document_id for item in found})
        return real(connection, found)

    def redraw():
        read.clear()
        warm = adjudicate.standing(*place(bench)), adjudicate.list_unsettled(*place(bench))
        known = set().union(*read)
        settling_counts.forget_tallies(bench.database)
        assert warm == (adjudicate.standing(*place(bench)),
                        adjudicate.list_unsettled(*place(bench)))  # fmt: skip
        return known

    monkeypatch.setattr(settling_counts, "items_in", noted)
    assert redraw() == {one, two, three}
    assert redraw() == set()
    decide(bench, one, "Phone", take=[bench.actor.id])
    assert redraw() == {one}
    bench.code(two, "School", None, actor=ben)
    assert redraw() == {two}
    assert adjudicate.standing(*place(bench)).n_differences == 2
    bench.done(three, done=False)
    assert redraw() == set()  # it is no longer to be settled
    bench.done(three)
    assert redraw() == {three}
    undo.undo(*place(bench), undo.SETTLING)
    assert redraw() == {one, two, three}  # undo may touch anything
    bench.ingest(SURVEY.replace("Then she left", "Nobody came again"))
    assert one in redraw()
    assert decide(bench, one, "Phone")  # the last difference: the other waits to be placed again
    merged = bench.codes()["Waiting"], bench.codes()["School"]
    refine.merge_codes(*place(bench), [merged[0].id], merged[1].id)
    assert redraw() == {two, three}
    adjudicate.accept_agreed(*place(bench))
    assert redraw() <= {two, three}


@pytest.mark.parametrize("first", ["School", "Schooling"])
def test_what_was_settled_twice_on_the_same_words_is_there_once_after_a_merge(bench, first):
    """Two decisions on one place: whichever stays, the consensus keeps its coding."""
    ben, document = bench.person("Ben"), bench.document("R1")
    second = "Schooling" if first == "School" else "School"
    for name in ("School", "Schooling"):
        bench.code(document, name, "She listened")
    bench.code(document, "Phone", "to me")
    for actor in (bench.actor, ben):
        bench.done(document, actor)
    decide(bench, document, first, take=[bench.actor.id])
    decide(bench, document, second)
    decide(bench, document, "Phone")
    assert consensus(bench) == [("R1", first, "She listened")]
    codes = bench.codes()
    refine.merge_codes(*place(bench), [codes["Schooling"].id], codes["School"].id)
    assert consensus(bench) == [("R1", "School", "She listened")]
    found = item(bench, document, "School")
    assert found.decided and found.decided.choice == "taken"
    decide(bench, document, "Phone", take=[bench.actor.id])
    assert consensus(bench) == [("R1", "Phone", "to me"), ("R1", "School", "She listened")]


def test_codings_of_the_consensus_that_fell_together_stay_when_more_is_settled(bench):
    ben, document = bench.person("Ben"), bench.document("R1")
    for name in ("School", "Schooling"):
        bench.code(document, name, "She listened")
    bench.code(document, "Phone", "to me")
    for actor in (bench.actor, ben):
        bench.done(document, actor)
    for name in ("School", "Schooling", "Phone"):
        decide(bench, document, name, take=[bench.actor.id])
    codes = bench.codes()
    refine.merge_codes(*place(bench), [codes["Schooling"].id], codes["School"].id)
    assert consensus(bench) == [("R1", "Phone", "to me"), ("R1", "School", "She listened")]
    decide(bench, document, "Phone")
    assert consensus(bench) == [("R1", "School", "She listened")]
    decide(bench, document, "School")
    assert consensus(bench) == []
