"""Giving documents out: the plan, what it keeps, and that nothing blind shows by accident."""

import random

import pytest
from sqlalchemy import select

from tests.builders import MAPPING, SURVEY
from workbench.domain.codings import DocumentFilter
from workbench.errors import ConflictError, InputError, NotAllowed, NotFound
from workbench.services.surveys.attribute_traits import find
from workbench.services.team import allocate, team
from workbench.services.team.allocate import Wanted
from workbench.services.trail import undo
from workbench.store import tables


def study(bench, actor=None):
    return actor or bench.actor, bench.database, bench.study_id


def given(bench):
    """Give who has what: (document, coder's name) -> blind."""
    table = tables.assignment
    with bench.database.read() as connection:
        rows = connection.execute(
            select(table.c.document_id, tables.coder.c.name, table.c.blind)
            .join(tables.coder, tables.coder.c.id == table.c.coder_id)
        ).all()  # fmt: skip
    return {(row.document_id, row.name): row.blind for row in rows}


@pytest.fixture
def three(bench):
    """Make a study of three coders."""
    keys = [bench.actor.id, *(team.add_member(*study(bench), name) for name in ("Ben", "Cy"))]
    return bench, keys


def larger(bench, n=40):
    rows = "".join(
        f"N{at},{'Roma' if at % 4 else 'Irish'},young,,n{at}@secret.example,Words {at},\n"
        for at in range(n)
    )
    bench.ingest(SURVEY + rows, MAPPING)


def test_everyone_codes_everything(three):
    bench, keys = three
    team.add_member(*study(bench), "Vi", "viewer")
    n = len(bench.documents())
    preview = allocate.apply(*study(bench), Wanted(way="everyone"))
    assert (preview.n_documents, preview.n_given, preview.n_several) == (n, n, n)
    assert len(given(bench)) == 3 * n
    assert {name for _, name in given(bench)} == {"Asha", "Ben", "Cy"}
    assert allocate.apply(*study(bench), Wanted(way="everyone")).n_given == 0
    assert len(keys) == 3


def test_a_preview_tells_what_apply_does_and_writes_nothing(three, everything):
    bench, keys = three
    larger(bench)
    group = find(*study(bench), "group").id
    wanted = Wanted(coders=tuple(keys), overlap=0.25, stratify=group, seed=5, blind=True)
    before = everything(bench.database)
    preview = allocate.preview(*study(bench), wanted)
    assert everything(bench.database) == before
    assert preview.strata == ("Irish", "Not stated", "Roma")
    applied = allocate.apply(*study(bench), wanted)
    assert applied == preview
    assert set(given(bench).values()) == {True}
    counted = {item.coder: 0 for item in preview.shares}
    for item in preview.shares:
        counted[item.coder] += item.n
    assert counted == {
        name: sum(who == name for _, who in given(bench)) for name in ("Asha", "Ben", "Cy")
    }
    for stratum in preview.strata:
        loads = [item.n for item in preview.shares if item.stratum == stratum]
        assert max(loads) - min(loads) <= 1
    assert preview.n_several == round(0.25 * preview.n_documents)


def test_a_study_that_grows_gives_out_what_is_new_only(three):
    bench, keys = three
    wanted = Wanted(coders=tuple(keys), seed=2)
    allocate.apply(*study(bench), wanted)
    before = given(bench)
    larger(bench)
    preview = allocate.apply(*study(bench), wanted)
    assert preview.n_kept == len({document for document, _ in before})
    assert preview.n_given == 40
    assert before.items() <= given(bench).items()
    assert {document for document, _ in given(bench)} == {item.id for item in bench.documents()}


def test_chosen_documents_go_to_chosen_people_and_back(three):
    bench, (asha, ben, _) = three
    one = DocumentFilter(respondent_id=bench.open(bench.document("R1")).document.respondent_id)
    allocate.apply(*study(bench), Wanted(one, (ben,), "chosen"))
    assert set(given(bench)) == {(bench.document("R1", q), "Ben") for q in ("q1", "q2")}
    allocate.apply(*study(bench), Wanted(one, (asha,), "chosen"))
    assert len(given(bench)) == 4
    mine = DocumentFilter(assigned_to=ben)
    assert {item.id for item in bench.documents(assigned_to=ben)} == {
        bench.document("R1", q) for q in ("q1", "q2")
    }
    assert allocate.unassign(*study(bench), mine, [ben]) == 2
    assert {name for _, name in given(bench)} == {"Asha"}
    assert undo.undo(*study(bench), undo.ALLOCATION).label == "taking back 2 documents"
    assert len(given(bench)) == 4


def test_it_is_one_step_to_undo_and_redo(three, everything):
    bench, keys = three
    before = given(bench)
    allocate.apply(*study(bench), Wanted(coders=tuple(keys), blind=True))
    after = everything(bench.database)["assignment"]
    assert after
    assert undo.undo(*study(bench), undo.ALLOCATION).label.startswith("giving out")
    assert given(bench) == before == {}
    undo.redo(*study(bench), undo.ALLOCATION)
    assert everything(bench.database)["assignment"] == after


def test_only_owners_give_out_and_take_back_also_by_undo(three):
    bench, keys = three
    ben = bench.person("Ben")
    team.set_role(*study(bench), ben.id, "owner")
    allocate.apply(*study(bench, ben), Wanted(coders=tuple(keys)))
    team.set_role(*study(bench), ben.id, "coder")
    for act in (
        lambda: allocate.apply(*study(bench, ben), Wanted(coders=tuple(keys))),
        lambda: allocate.unassign(*study(bench, ben), DocumentFilter(), keys),
        lambda: allocate.open_up(*study(bench, ben), DocumentFilter(), confirmed=True),
        lambda: undo.undo(*study(bench, ben), undo.ALLOCATION),
    ):
        with pytest.raises(NotAllowed, match="this needs an owner"):
            act()
    assert given(bench)


def test_a_document_stays_blind_or_open_as_it_was_given_out(three):
    bench, (asha, ben, cy) = three
    document = bench.document("R1")
    where = DocumentFilter(question_id=bench.open(document).document.question_id)
    allocate.apply(*study(bench), Wanted(where, (asha, ben), "chosen", blind=True))
    preview = allocate.apply(*study(bench), Wanted(where, (cy,), "chosen"))
    assert preview.n_other_way == preview.n_given == 4
    assert given(bench)[document, "Cy"] is True


def coded_blind(bench, ben):
    """Let two people code R1 blindly, one of whom has done so."""
    document = bench.document("R1")
    where = DocumentFilter(question_id=bench.open(document).document.question_id)
    allocate.apply(*study(bench), Wanted(where, (bench.actor.id, ben), "chosen", blind=True))
    bench.code(document, "School", "left", actor=bench.person("Ben"))
    return document, where


def test_blind_coding_ends_only_when_the_owner_says_so_twice(three):
    bench, (_, ben, _) = three
    document, where = coded_blind(bench, ben)
    why = "1 document of these is being coded blind. This can show people's codings to each other"
    with pytest.raises(ConflictError, match=why):
        allocate.open_up(*study(bench), where)
    with pytest.raises(ConflictError, match=why):
        allocate.unassign(*study(bench), where, [ben])
    assert allocate.count_hidden(*study(bench), where) == 1
    assert not bench.open(document).codings
    assert allocate.open_up(*study(bench), where, confirmed=True) == 4
    assert len(bench.open(document).codings) == 1
    with bench.database.read() as connection:
        event = connection.execute(
            select(tables.event.c.payload).where(tables.event.c.verb == "open blind")
        ).scalar_one()
    assert '"confirmed":true' in event
    # Ending blindness cannot be taken back, and neither can what it rests on.
    with pytest.raises(ConflictError, match="giving out 4 documents cannot be taken back"):
        undo.undo(*study(bench), undo.ALLOCATION)
    assert given(bench)


def test_undo_never_shows_what_was_coded_blind(three):
    bench, (_, ben, _) = three
    document, _ = coded_blind(bench, ben)
    with pytest.raises(ConflictError, match="somebody has begun to code these answers blind"):
        undo.undo(*study(bench), undo.ALLOCATION)
    assert not bench.open(document).codings
    assert given(bench)


def test_taking_back_what_nobody_has_begun_needs_no_word(three):
    bench, (_, ben, _) = three
    _, where = coded_blind(bench, ben)
    second = bench.open(bench.document("R2")).document.respondent_id
    only = DocumentFilter(respondent_id=second)
    assert allocate.unassign(*study(bench), only, [ben]) == 1
    assert allocate.count_hidden(*study(bench), where) == 1


def test_codes_made_blind_show_when_blindness_ends(three):
    bench, (_, ben, _) = three
    document, where = coded_blind(bench, ben)
    from tests.store.codebooks.test_blind_codes import names, new_code

    new_code(bench, "Hope", bench.person("Ben"), document=document)
    assert "Hope" not in names(bench)
    allocate.open_up(*study(bench), where, confirmed=True)
    assert "Hope" in names(bench)


def test_what_cannot_be_done_is_said(three):
    bench, keys = three
    vi = team.add_member(*study(bench), "Vi", "viewer")
    with pytest.raises(InputError, match="nobody is chosen to code"):
        allocate.preview(*study(bench), Wanted())
    with pytest.raises(InputError, match="no member of the study, or a viewer"):
        allocate.preview(*study(bench), Wanted(coders=(vi,)))
    with pytest.raises(NotFound, match="no such attribute"):
        allocate.preview(*study(bench), Wanted(coders=tuple(keys), stratify=9_999))
    with bench.database.read() as connection:
        email = connection.execute(
            select(tables.attribute.c.id).where(tables.attribute.c.name == "email")
        ).scalar_one()
    with pytest.raises(NotFound, match="no such attribute"):
        allocate.preview(*study(bench), Wanted(coders=tuple(keys), stratify=email))


def test_several_values_are_a_group_of_their_own(three):
    bench, keys = three
    needs = find(*study(bench), "needs").id
    preview = allocate.preview(*study(bench), Wanted(coders=tuple(keys), stratify=needs))
    assert preview.strata == ("Not stated", "money", "money + sleep", "sleep")


def test_whatever_owners_do_nothing_blind_shows_unasked(three):
    """At random: plan, take back, undo, code and finish; nobody sees more than they may."""
    bench, keys = three
    dice = random.Random(4)
    people = {name: bench.person(name) for name in ("Ben", "Cy")}
    documents = [item.id for item in bench.documents()]
    shown = set()
    for _ in range(80):
        document = dice.choice(documents)
        who = people[dice.choice(["Ben", "Cy"])]
        where = DocumentFilter(respondent_id=bench.open(document).document.respondent_id)
        act = dice.choice(["give", "take", "undo", "redo", "code", "done"])
        try:
            if act == "give":
                allocate.apply(*study(bench), Wanted(where, (dice.choice(keys),), "chosen",
                                                     blind=dice.random() < 0.7))  # fmt: skip
            elif act == "take":
                allocate.unassign(*study(bench), where, [dice.choice(keys)])
            elif act in ("undo", "redo"):
                getattr(undo, act)(*study(bench), undo.ALLOCATION)
            elif act == "code":
                bench.code(document, dice.choice(["Phone", "School"]), None, actor=who)
            else:
                bench.done(document, who, done=dice.random() < 0.7)
        except (ConflictError, NotFound, AssertionError):
            pass
        now = {(key, item.guid) for key in documents for item in bench.open(key).codings}
        # What is hidden shows only when somebody has finished, or was coded openly.
        if act in ("give", "take", "undo", "redo"):
            assert now <= shown
        shown = now
