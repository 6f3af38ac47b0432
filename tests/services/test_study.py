"""Studies, people, the list of documents, and finding one's way through it."""

import pytest
from sqlalchemy import update

from workbench.domain.codings import DocumentFilter
from workbench.errors import InputError, NotFound
from workbench.services import study
from workbench.services.coding import reading
from workbench.store.tables import respondent


def arguments(bench):
    return bench.actor, bench.database, bench.study_id


def test_people_are_known_by_name_whatever_its_capitals(empty):
    first = study.sign_in(empty.database, "  Zoë   Straße ")
    assert first.name == "Zoë Straße"
    assert study.sign_in(empty.database, "ZOË STRASSE") == first
    assert [item.name for item in study.list_people(empty.database)] == ["Asha", "Zoë Straße"]


@pytest.mark.parametrize("name", ["", "  ", "\x00", "x" * 201, "ß" * 200])
def test_a_name_that_does_not_fit_is_refused(empty, name):
    with pytest.raises(InputError, match="1 to 200 characters"):
        study.sign_in(empty.database, name)
    with pytest.raises(InputError, match="1 to 200 characters"):
        study.create_study(empty.actor, empty.database, name)


def test_a_study_is_made_once(empty):
    with pytest.raises(InputError, match="there is a study named 'TEST' already"):
        study.create_study(empty.actor, empty.database, "TEST")
    found, made = study.find_or_create_study(empty.actor, empty.database, "tEst")
    assert (found.id, found.name, made) == (empty.study_id, "Test", False)


def test_an_unknown_study_lists_those_there_are(empty):
    with pytest.raises(NotFound, match=r"no study named 'Rest'\. Studies: Test\."):
        study.find_study(empty.actor, empty.database, "Rest")
    with pytest.raises(NotFound, match="no study number 4711"):
        study.get_study(empty.actor, empty.database, 4711)


def test_studies_are_listed_with_their_sizes(bench):
    study.create_study(bench.actor, bench.database, "Empty one")
    assert [(item.name, item.n_respondents, item.n_documents)
            for item in study.list_studies(bench.actor, bench.database)] == [
        ("Test", 4, 7), ("Empty one", 0, 0),
    ]  # fmt: skip


def test_identifying_attributes_are_not_listed(bench):
    assert [item.name for item in study.list_attributes(*arguments(bench))] == [
        "group", "age", "needs",
    ]  # fmt: skip


def walk(bench, step, order, where=None, start=None):
    where = where or DocumentFilter()
    listed, total = reading.list_documents(*arguments(bench), where, order=order)
    assert total == len(listed)
    ids = [item.id for item in listed]
    at, found = start if start is not None else ids[0 if step == "next" else -1], []
    while at is not None:
        found.append(at)
        at = reading.neighbour(*arguments(bench), where, at, order=order, step=step)
    return ids, found


@pytest.mark.parametrize("order", ["question", "respondent"])
def test_next_and_previous_walk_the_list(bench, order):
    ids, forth = walk(bench, "next", order)
    assert forth == ids
    _, back = walk(bench, "previous", order)
    assert back == ids[::-1]
    assert len(ids) == 7
    for place, key in enumerate(ids):
        opened = reading.open_workspace(
            *arguments(bench), DocumentFilter(), order=order, document_id=key
        )
        assert (opened.document.id, opened.listed[place].id, opened.offset) == (key, key, 0)


def test_the_orders_are_by_question_and_by_person(bench):
    def pairs(order):
        listed, _ = reading.list_documents(*arguments(bench), DocumentFilter(), order=order)
        return [(item.question_ref, item.label) for item in listed]

    assert pairs("question") == sorted(pairs("question"))
    assert [pair[::-1] for pair in pairs("respondent")] == sorted(
        pair[::-1] for pair in pairs("respondent")
    )


def test_next_not_done_starts_again_at_the_top_and_ends(bench):
    ids = [item.id for item in bench.documents()]
    for key in ids[1:-1]:
        bench.done(key)
    step = {"step": "next_not_done"}
    everything = (*arguments(bench), DocumentFilter())
    assert reading.neighbour(*everything, ids[0], **step) == ids[-1]
    assert reading.neighbour(*everything, ids[-1], **step) == ids[0]
    bench.done(ids[0])
    assert reading.neighbour(*everything, ids[-1], **step) is None


def test_filters_of_the_list(bench):
    bench.code(bench.document("R1"), "Waiting", "She")
    codes = bench.codes()
    questions = study.list_questions(*arguments(bench))
    attributes = {item.name: item.id for item in study.list_attributes(*arguments(bench))}
    shown = lambda **where: [item.label for item in bench.documents(**where)]  # noqa: E731
    assert shown(question_id=questions[1].id) == ["R1", "R3", "R4"]
    assert shown(code_id=codes["Access"].id) == ["R1"]
    assert shown(code_id=codes["School"].id) == []
    assert shown(groups=((attributes["group"], "Irish"),)) == ["R3", "R3"]
    assert shown(groups=((attributes["group"], "Not stated"),)) == ["R4", "R4"]
    assert shown(groups=((attributes["needs"], "sleep"), (attributes["age"], "old"))) == [
        "R3",
        "R3",
    ]
    assert shown(search="LISTENED me") == ["R1"]
    assert shown(search="r3") == ["R3", "R3"]
    assert shown(search="فون") == ["R3"]
    assert shown(state="in_progress") == ["R1"]
    with pytest.raises(NotFound):
        bench.open(4711)


def test_pages_of_the_list(bench):
    whole = bench.documents()
    parts = [
        item
        for offset in range(0, 9, 3)
        for item in reading.list_documents(
            *arguments(bench), DocumentFilter(), offset=offset, limit=3
        )[0]
    ]
    assert parts == whole


def test_counting_the_list_again_is_left_out_when_nobody_asks(bench):
    document_id = bench.document("R1")
    for recount, counted in ((True, (7, 0)), (False, (None, None))):
        changed = reading.changes(
            *arguments(bench), DocumentFilter(), document_id, since=0, version=0, recount=recount
        )
        assert (changed.total, changed.done) == counted


def test_who_has_withdrawn_is_in_no_list(bench):
    gone = bench.document("R1")
    with bench.database.write() as connection:
        connection.execute(
            update(respondent).where(respondent.c.ref == "R1").values(withdrawn_at="2022-01-01")
        )
    assert "R1" not in {item.label for item in bench.documents()}
    _, total = reading.list_documents(*arguments(bench), DocumentFilter(), limit=1)
    assert total == len(bench.documents()) == 5
    assert reading.neighbour(*arguments(bench), DocumentFilter(), gone) != gone
