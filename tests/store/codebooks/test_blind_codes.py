"""Codes made while coding blind: whose they are, and when they become everybody's."""

import random
from contextlib import suppress

import pytest
from sqlalchemy import insert, select

from tests.builders import CODEBOOK, new_id
from workbench.domain.codings import DocumentFilter
from workbench.errors import NotFound, WorkbenchError
from workbench.services.codebooks import codebook
from workbench.services.coding import reading
from workbench.services.trail import trail
from workbench.store import tables
from workbench.store.codebooks import codebook as store
from workbench.store.codebooks.codebook import refuse_broken_tree
from workbench.store.visibility import sight_of


def give_out(bench, document, *people, blind=True):
    with bench.database.write() as connection:
        for actor in people:
            connection.execute(
                insert(tables.assignment).values(
                    document_id=document, coder_id=actor.id, blind=blind, created_at="2022-01-01"
                )
            )


@pytest.fixture
def two(bench):
    """Give R1 to two people to code blindly."""
    ben = bench.person("Ben")
    give_out(bench, bench.document("R1"), bench.actor, ben)
    return bench, ben


def new_code(bench, name, actor=None, *, document=None, parent=None):
    sent = {"kind": "new_code", "name": name, "code": new_id()}
    sent |= {} if document is None else {"document": document}
    sent |= {} if parent is None else {"parent": parent}
    outcome = bench.send(sent, actor=actor)
    assert not outcome.rejected, outcome.rejected
    return sent["code"]


def names(bench, actor=None):
    arguments = (actor or bench.actor, bench.database, bench.study_id)
    return [item.name for item in codebook.list_codes(*arguments, with_retired=True)]


def apply(bench, document, guid, actor=None):
    sent = {"kind": "add", "document": document, "code": guid, "coding": new_id(),
            "start": None, "end": None}  # fmt: skip
    outcome = bench.send(sent, actor=actor)
    assert not outcome.rejected, outcome.rejected
    return sent["coding"]


def version(bench):
    with bench.database.read() as connection:
        table = tables.codebook_version
        row = connection.execute(
            select(table.c.number, table.c.snapshot)
            .where(table.c.study_id == bench.study_id).order_by(table.c.number.desc())
        ).first()  # fmt: skip
        return row.number, [item["path"][-1] for item in row.snapshot]


def test_a_code_made_blindly_is_its_makers_until_the_document_opens(two):
    bench, ben = two
    document, before = bench.document("R1"), version(bench)
    guid = new_code(bench, "Hope", ben, document=document)
    assert "Hope" in names(bench, ben)
    assert "Hope" not in names(bench)
    assert "Hope" not in names(bench, bench.person("Cy"))
    assert version(bench) == before
    apply(bench, document, guid, ben)
    assert "Hope" not in names(bench)
    sent = {"kind": "add", "document": document, "code": guid, "coding": new_id(),
            "start": None, "end": None}  # fmt: skip
    refused = bench.send(sent).rejected
    assert [item.why for item in refused] == ["this code is not in the codebook (any more)."]
    hidden = next(
        item for item in codebook.list_codes(ben, bench.database, bench.study_id)
        if item.name == "Hope"
    )  # fmt: skip
    with pytest.raises(NotFound):
        codebook.edit_code(bench.actor, bench.database, bench.study_id, hidden.id, {"name": "X"})
    bench.done(document, ben)
    assert "Hope" not in names(bench)
    bench.done(document)
    assert "Hope" in names(bench)
    assert version(bench)[0] == before[0] + 1
    assert "Hope" in version(bench)[1]
    bench.done(document, done=False)
    assert "Hope" in names(bench)


def test_using_it_where_nothing_is_hidden_makes_it_everybodys(two):
    bench, ben = two
    document = bench.document("R1")
    guid = new_code(bench, "Hope", ben, document=document)
    child = new_code(bench, "Small hope", ben, document=document, parent=guid)
    coding = apply(bench, document, guid, ben)
    assert not {"Hope", "Small hope"} & set(names(bench))
    apply(bench, bench.document("R2"), child, ben)
    assert {"Hope", "Small hope"} <= set(names(bench))
    assert coding not in {item.guid for item in bench.open(document).codings}


def test_recoding_undoing_and_done_again_make_it_everybodys_too(two):
    bench, ben = two
    guid = new_code(bench, "Hope", ben, document=bench.document("R1"))
    other = bench.document("R2")
    coding = bench.code(other, "Phone", "rang", actor=ben)
    sent = {"kind": "recode", "document": other, "coding": coding, "code": guid}
    assert not bench.send(sent, actor=ben).rejected
    assert "Hope" in names(bench)


def test_a_document_that_opens_shows_the_codes_that_it_carries(two):
    bench, ben = two
    second = bench.document("R2")
    give_out(bench, second, ben)
    guid = new_code(bench, "Hope", ben, document=bench.document("R1"))
    apply(bench, second, guid, ben)
    assert "Hope" not in names(bench)
    bench.done(second, ben)
    assert "Hope" in names(bench)


def test_made_on_an_open_document_it_is_everybodys_at_once(two):
    bench, ben = two
    new_code(bench, "Hope", ben, document=bench.document("R2"))
    new_code(bench, "Trust", ben)
    assert {"Hope", "Trust"} <= set(names(bench))
    open_one = bench.document("R3")
    give_out(bench, open_one, bench.actor, ben, blind=False)
    new_code(bench, "Care", ben, document=open_one)
    assert "Care" in names(bench)


def test_twins_are_both_made_and_stand_side_by_side(two):
    bench, ben = two
    document = bench.document("R1")
    new_code(bench, "Hope", ben, document=document)
    new_code(bench, "Hope", document=document)
    new_code(bench, "Trust", ben, document=document)
    codebook.add_code(bench.actor, bench.database, bench.study_id, parent_id=None, name="Trust")
    assert names(bench, ben).count("Hope") == names(bench).count("Hope") == 1
    for who in (bench.actor, ben):
        bench.done(document, who)
    assert names(bench).count("Hope") == names(bench).count("Trust") == 2
    with bench.database.write() as connection:
        refuse_broken_tree(connection, bench.study_id)
    # One's own steps are still taken back and done again.
    bench.send({"kind": "undo"}, {"kind": "undo"})
    bench.send({"kind": "redo"}, {"kind": "redo"})
    assert names(bench).count("Hope") == 2


def test_its_place_and_the_changes_to_it_tell_nothing(two):
    bench, ben = two
    document, before = bench.document("R1"), version(bench)[0]
    new_code(bench, "Hope", ben, document=document)
    study = (ben, bench.database, bench.study_id)
    hope = next(item for item in codebook.list_codes(*study) if item.name == "Hope")
    codebook.edit_code(*study, hope.id, {"definition": "what helps"})
    codebook.add_code(*study, parent_id=hope.id, name="Small hope")
    bench.send({"kind": "undo"}, actor=ben)
    bench.send({"kind": "redo"}, actor=ben)
    assert version(bench)[0] == before
    assert {"Hope", "Small hope"} <= set(names(bench, ben))
    assert not {"Hope", "Small hope"} & set(names(bench))
    codebook.add_code(bench.actor, bench.database, bench.study_id, parent_id=None, name="Trust")
    places = [item.position for item in bench.codes().values() if item.parent_id is None]
    assert places == list(range(len(places)))


def test_what_everybody_sees_never_lies_below_what_is_hidden(two):
    bench, ben = two
    new_code(bench, "Hope", ben, document=bench.document("R1"))
    study = (ben, bench.database, bench.study_id)
    codes = {item.name: item.id for item in codebook.list_codes(*study)}
    codebook.move_code(*study, codes["Phone"], parent_id=codes["Hope"])
    assert "Hope" in names(bench)
    assert bench.codes()["Phone"].path == ("Hope", "Phone")


def test_what_is_in_a_file_is_everybodys(two):
    bench, ben = two
    new_code(bench, "Hope", ben, document=bench.document("R1"))
    new_code(bench, "Trust", ben, document=bench.document("R1"))
    from workbench.services import files

    book = files.read_codebook(CODEBOOK + "  - name: Hope\n", "codes.yaml")
    codebook.load_codebook(ben, bench.database, bench.study_id, book)
    assert "Hope" in names(bench)
    assert "Trust" not in names(bench)


def test_the_pane_of_its_maker_hears_of_it_at_once(two):
    bench, ben = two
    document = bench.document("R1")
    marks = {who.name: bench.open(document, who).version for who in (bench.actor, ben)}
    new_code(bench, "Hope", ben, document=document)

    def changed(who):
        return reading.changes(
            who, bench.database, bench.study_id, DocumentFilter(), document,
            since=0, version=marks[who.name],
        )  # fmt: skip

    assert "Hope" in {item.name for item in changed(ben).codes}
    assert changed(bench.actor).codes is None
    again = changed(ben).version
    new_code(bench, "Trust", ben, document=document)
    assert changed(ben).version != again


def test_operations_on_blind_documents_are_hidden_from_others(two):
    bench, ben = two
    document, cy = bench.document("R1"), bench.person("Cy")
    coding = bench.code(document, "Phone", "to me", actor=ben)
    bench.send({"kind": "memo", "document": document, "coding": coding, "text": "why"}, actor=ben)
    guid = new_code(bench, "Hope", ben, document=document)
    study = (ben, bench.database, bench.study_id)
    hope = next(item for item in codebook.list_codes(*study) if item.guid == guid)
    codebook.edit_code(*study, hope.id, {"definition": "what helps"})
    from workbench.services.coding.code import code_documents

    both = [document, bench.document("R2")]
    code_documents(*study, both, bench.codes()["Waiting"].id)
    bench.code(bench.document("R2"), "Phone", "rang", actor=ben)
    bench.done(document, ben)

    def told(who):
        table = tables.operation
        with bench.database.read() as connection:
            sight = sight_of(connection, bench.study_id, who.id)
            rows = connection.execute(
                select(table.c.verb)
                .where(table.c.actor_id == ben.id, sight.sees_operation(table.c))
                .order_by(table.c.id)
            )
            return list(rows.scalars())

    everything = ["code", "memo", "add code", "edit code", "code", "code", "done"]
    assert told(ben) == everything
    assert told(bench.actor) == ["code", "done"]
    assert told(cy) == ["code", "done"]
    bench.done(document)
    assert told(bench.actor) == everything


def test_a_step_on_several_documents_is_hidden_where_one_of_them_is_blind(two):
    bench, ben = two
    blind, free = bench.document("R1"), bench.document("R2")
    bench.code(blind, "Phone", "to me", actor=ben)
    with bench.database.write() as connection:
        for verb, keys in (("both", (blind, free)), ("one", (free,))):
            trail.record(connection, ben, bench.study_id, verb,
                         targets=[("document", key) for key in keys])  # fmt: skip
    for who, seen in ((ben, ["both", "one"]), (bench.actor, ["one"])):
        with bench.database.read() as connection:
            sight = sight_of(connection, bench.study_id, who.id)
            verbs = select(tables.operation.c.verb).where(
                tables.operation.c.verb.in_(["both", "one"]),
                sight.sees_operation(tables.operation.c),
            )
            assert sorted(connection.execute(verbs).scalars()) == seen


def test_nobody_in_particular_sees_what_everybody_sees(two):
    bench, ben = two
    new_code(bench, "Hope", ben, document=bench.document("R1"))
    with bench.database.read() as connection:
        everybody = {item.name for item in store.list_codes(connection, bench.study_id)}
        his = {item.name for item in store.list_codes(connection, bench.study_id, ben.id)}
    assert his - everybody == {"Hope"}


def step(bench, dice, people, documents):
    """Let one of the people do one thing at random."""
    who, document = dice.choice(people), dice.choice(documents)
    arguments = (who, bench.database, bench.study_id)
    codes = codebook.list_codes(*arguments)
    own = [item for item in bench.open(document, who).codings if item.coder_id == who.id]
    chosen = dice.choice(codes)
    sent = {"kind": dice.choice(["new_code", "new_code", "add", "add", "recode", "remove", "done",
                                 "undo", "redo", "move"]), "document": document}  # fmt: skip
    if sent["kind"] == "move":
        with suppress(WorkbenchError):
            codebook.move_code(*arguments, chosen.id, parent_id=dice.choice(codes).id)
        return
    sent |= {"code": chosen.guid, "coding": new_id(), "start": None, "end": None,
             "done": dice.random() < 0.7}  # fmt: skip
    if sent["kind"] == "new_code":
        parent = dice.choice([None, chosen.guid])
        sent |= {"code": new_id(), "name": f"Code {dice.randrange(9)}", "parent": parent}
    if sent["kind"] in ("recode", "remove"):
        if not own:
            return
        sent["coding"] = dice.choice(own).guid
    bench.send(sent, actor=who)


def check(bench, people, documents):
    """See to it that nobody sees what is hidden, nor a coding whose code they do not see."""
    seen = {
        who.id: {item.id for item in codebook.list_codes(who, *study_of(bench), with_retired=True)}
        for who in people
    }
    for who in people:
        used = {item.code_id for key in documents for item in bench.open(key, who).codings}
        assert used <= seen[who.id]
    with bench.database.read() as connection:
        hidden = connection.execute(
            select(tables.code).where(
                tables.code.c.made_in.isnot(None), tables.code.c.deleted_at.is_(None)
            )
        ).all()
        sight = sight_of(connection, bench.study_id, 0)
        open_now = set(connection.execute(
            select(tables.document.c.id).where(~sight.hides_others(tables.document.c.id))
        ).scalars())  # fmt: skip
        standing = connection.execute(
            select(tables.coding.c.code_id, tables.coding.c.document_id)
            .where(tables.coding.c.deleted_at.is_(None))
        ).all()  # fmt: skip
        below = dict(connection.execute(
            select(tables.code.c.id, tables.code.c.parent_id)
            .where(tables.code.c.made_in.is_(None), tables.code.c.deleted_at.is_(None))
        ).all())  # fmt: skip
    keys = {row.id for row in hidden}
    assert not [row for row in standing if row.code_id in keys and row.document_id in open_now]
    assert not keys & set(below.values())
    for row in hidden:
        assert row.made_in not in open_now
        assert [who.id for who in people if row.id in seen[who.id]] == [row.made_by]


def study_of(bench):
    return bench.database, bench.study_id


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_people_do_hidden_codes_tell_nothing(bench, seed):
    dice = random.Random(seed)
    people = [bench.person("Ben"), bench.person("Cy"), bench.actor]
    documents = [bench.document(label) for label in ("R1", "R2", "R3", "R4")]
    for document in documents[:3]:
        give_out(bench, document, *people[:2])
    n_hidden = 0
    for _ in range(12):
        for _ in range(4):
            step(bench, dice, people, documents)
        check(bench, people, documents)
        with bench.database.read() as connection:
            n_hidden += len(connection.execute(
                select(tables.code.c.id).where(tables.code.c.made_in.isnot(None))
            ).all())  # fmt: skip
    assert n_hidden
