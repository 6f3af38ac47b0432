"""An old codebook brought back: codes as they were, codings where they can be, nothing lost."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from tests.builders import Bench
from workbench.errors import ConflictError, NotAllowed, NotFound, WorkbenchError
from workbench.services import study
from workbench.services.codebooks import codebook, refine, restore, versions
from workbench.services.codebooks.refine_split import Part, sort_codings, split_code
from workbench.services.coding import star
from workbench.services.trail import undo
from workbench.store import tables
from workbench.store.codebooks import codebook as store
from workbench.store.tables import assignment, code, coding, document


def arguments(bench, actor=None):
    return actor or bench.actor, bench.database, bench.study_id


def newest(bench):
    return versions.list_versions(*arguments(bench)).versions[0].number


def bring_back(bench, number):
    return restore.restore(*arguments(bench), number)


def state_of(bench, key):
    with bench.database.read() as connection:
        return store.code_state(connection, key)


def merge(bench, name, into):
    codes = bench.codes()
    refine.merge_codes(*arguments(bench), [codes[name].id], codes[into].id)


def split(bench, name, new, guids):
    """Make a code out of another one, and give it some of its codings."""
    (key,) = split_code(*arguments(bench), bench.codes()[name].id, [Part(new)])
    if guids:
        sort_codings(*arguments(bench), sorted(guids), key)


def keys(bench):
    with bench.database.read() as connection:
        return {row.id: row.guid for row in connection.execute(select(coding.c.id, coding.c.guid))}


def coded(bench):
    """Give the name of the code as which each coding counts, by its words."""
    return sorted(
        (row["respondent"], row["quote"], row["code"].split(" / ")[-1]) for row in bench.export()
    )


def rows_of(bench):
    """Give all that undo must bring back: codes and codings, to the letter."""
    with bench.database.read() as connection:
        return (
            [dict(row) for row in connection.execute(select(code).order_by(code.c.id)).mappings()],
            [
                dict(row)
                for row in connection.execute(select(coding).order_by(coding.c.id)).mappings()
            ],
        )


def restored_and_undone(bench, number):
    """Bring a version back, take that back, do it again; give what was told."""
    before, exported = rows_of(bench), bench.export()
    told = bring_back(bench, number)
    after = rows_of(bench)
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert rows_of(bench) == before
    assert bench.export() == exported
    undo.redo(*arguments(bench), undo.CODEBOOK)
    assert rows_of(bench) == after
    return told


def test_values_come_back_as_they_were(bench):
    first = newest(bench)
    codes = bench.codes()
    codebook.edit_code(*arguments(bench), codes["Phone"].id,
                       {"name": "Calls", "definition": "rings", "cues": ["ring"]})  # fmt: skip
    codebook.move_code(*arguments(bench), codes["Waiting"].id, parent_id=codes["School"].id)
    codebook.retire_code(*arguments(bench), codes["Schooling"].id)
    wanted = versions.diff(*arguments(bench), newest(bench), first)
    preview = restore.preview_restore(*arguments(bench), first)
    assert preview.diff == wanted
    told = restored_and_undone(bench, first)
    assert told.diff == wanted
    assert versions.diff(*arguments(bench), first, newest(bench)).changes == ()
    assert bench.codes()["Phone"].cues == ()
    listed = versions.list_versions(*arguments(bench)).versions
    assert listed[2].note == f"Version {first} restored."


def test_what_was_merged_since_stands_on_its_own_again(bench):
    first = newest(bench)
    document = bench.document("R1")
    bench.code(document, "Phone", "She listened")
    bench.code(document, "Waiting", "left")
    merge(bench, "Phone", "Waiting")
    assert [item[2] for item in coded(bench)] == ["Waiting", "Waiting"]
    preview = restore.preview_restore(*arguments(bench), first)
    assert preview.returning == (restore.Moved("Access / Waiting", "Access / Phone", 1),)
    assert preview.moved == ()
    restored_and_undone(bench, first)
    assert coded(bench) == [("R1", "She listened", "Phone"), ("R1", "left", "Waiting")]


def test_what_a_merge_took_away_as_double_comes_back(bench):
    first = newest(bench)
    document = bench.document("R1")
    bench.code(document, "Phone", "She listened")
    bench.code(document, "Waiting", "She listened")
    merge(bench, "Phone", "Waiting")
    assert len(coded(bench)) == 1
    assert [item.n for item in restore.preview_restore(*arguments(bench), first).returning] == [1]
    restored_and_undone(bench, first)
    assert coded(bench) == [("R1", "She listened", "Phone"), ("R1", "She listened", "Waiting")]


def test_a_double_that_somebody_removed_since_stays_away(bench):
    first = newest(bench)
    document = bench.document("R1")
    removed = bench.code(document, "Phone", "left")
    bench.send({"kind": "remove", "document": document, "coding": removed})
    merge(bench, "Phone", "Waiting")
    bring_back(bench, first)
    assert coded(bench) == []


def test_codings_of_a_split_go_back_to_the_code_that_they_had(bench):
    document = bench.document("R1")
    moved = bench.code(document, "School", "She listened")
    bench.code(document, "School", "left")
    first = newest(bench)
    split(bench, "School", "Teachers", {moved})
    since = bench.code(document, "Teachers", "to me")
    preview = restore.preview_restore(*arguments(bench), first)
    assert preview.moved == (restore.Moved("Teachers", "School", 2),)
    assert preview.kept == ()
    assert [change.kind for change in preview.diff.changes] == ["removed"]
    restored_and_undone(bench, first)
    assert [item[2] for item in coded(bench)] == ["School"] * 3
    assert since in set(keys(bench).values())
    assert "Teachers" not in bench.codes()


def test_a_coding_recoded_since_goes_back_to_what_it_had_first(bench):
    document = bench.document("R1")
    guid = bench.code(document, "School", "left")
    first = newest(bench)
    for name in ("New", "Newer"):
        codebook.add_code(*arguments(bench), parent_id=None, name=name)
        bench.send({"kind": "recode", "document": document, "coding": guid,
                    "code": bench.codes()[name].guid})  # fmt: skip
    bench.send({"kind": "undo", "document": document})
    assert [item[2] for item in coded(bench)] == ["New"]
    restored_and_undone(bench, first)
    assert [item[2] for item in coded(bench)] == ["School"]


def test_what_was_coded_with_a_new_code_stays_and_its_code_is_kept_retired(bench):
    first = newest(bench)
    theme = codebook.add_code(*arguments(bench), parent_id=None, name="Health")
    codebook.add_code(*arguments(bench), parent_id=theme, name="Sleep")
    codebook.add_code(*arguments(bench), parent_id=theme, name="Empty")
    bench.code(bench.document("R1"), "Sleep", "left")
    told = restored_and_undone(bench, first)
    assert told.kept == ("Health", "Health / Sleep")
    assert told.n_moved == 0
    assert [item[2] for item in coded(bench)] == ["Sleep"]
    codes = bench.codes()
    assert (codes["Health"].status, codes["Sleep"].status) == ("retired", "retired")
    assert "Empty" not in codes


def test_a_kept_code_gives_its_name_to_the_one_that_comes_back(bench):
    first = newest(bench)
    codebook.edit_code(*arguments(bench), bench.codes()["School"].id, {"name": "Lessons"})
    codebook.add_code(*arguments(bench), parent_id=None, name="School")
    bench.code(bench.document("R1"), "School", "left")
    restored_and_undone(bench, first)
    assert [item[2] for item in coded(bench)] == ["School (kept)"]
    assert bench.codes()["School"].status == "active"


def test_two_codings_of_the_same_words_become_one(bench):
    document = bench.document("R1")
    bench.code(document, "School", "left")
    first = newest(bench)
    split(bench, "School", "Teachers", ())
    bench.code(document, "Teachers", "left")
    restored_and_undone(bench, first)
    assert coded(bench) == [("R1", "left", "School")]
    bring_back(bench, newest(bench) - 1)
    assert coded(bench) == [("R1", "left", "School"), ("R1", "left", "Teachers")]


@pytest.mark.parametrize("mark", ["memo", "star"])
def test_what_somebody_wrote_on_is_never_taken_away(bench, mark):
    document = bench.document("R1")
    bench.code(document, "School", "left")
    first = newest(bench)
    split(bench, "School", "Teachers", ())
    guid = bench.code(document, "Teachers", "left")
    if mark == "memo":
        bench.send({"kind": "memo", "document": document, "coding": guid, "text": "why"})
    else:
        star.set_star(*arguments(bench), guid)
    assert restored_and_undone(bench, first).kept == ("Teachers",)
    assert coded(bench) == [("R1", "left", "School"), ("R1", "left", "Teachers")]
    assert bench.codes()["Teachers"].status == "retired"


def test_a_code_taken_out_comes_back(bench):
    codebook.add_code(*arguments(bench), parent_id=None, name="Health")
    there = newest(bench)
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert "Health" not in bench.codes()
    restored_and_undone(bench, there)
    assert bench.codes()["Health"].status == "active"


def test_an_early_version_brings_back_what_it_tells_and_leaves_the_rest(bench):
    first = newest(bench)
    early = [
        {"id": item.id, "path": list(item.path), "definition": item.definition,
         "include": item.include, "exclude": item.exclude, "status": item.status}
        for item in codebook.list_codes(*arguments(bench))
    ]  # fmt: skip
    with bench.database.write() as connection:
        connection.execute(
            update(tables.codebook_version)
            .where(tables.codebook_version.c.number == first)
            .values(snapshot=early)
        )
    codebook.edit_code(*arguments(bench), bench.codes()["Phone"].id,
                       {"name": "Calls", "cues": ["ring"], "definition": "x"})  # fmt: skip
    restored_and_undone(bench, first)
    phone = bench.codes()["Phone"]
    assert (phone.definition, phone.cues) == ("", ("ring",))
    assert phone.parent_id == bench.codes()["Access"].id


def defined_in(bench, name):
    with bench.database.read() as connection:
        found = connection.execute(
            select(tables.codebook_version.c.number)
            .join(code, code.c.defined_in == tables.codebook_version.c.id)
            .where(code.c.name == name)
        )
        return found.scalar()


def test_a_definition_that_comes_back_counts_from_when_it_was_given(bench):
    phone = bench.codes()["Phone"].id
    codebook.edit_code(*arguments(bench), phone, {"definition": "one"})
    first = newest(bench)
    codebook.edit_code(*arguments(bench), phone, {"definition": "two"})
    bring_back(bench, first)
    assert defined_in(bench, "Phone") == first
    codebook.edit_code(*arguments(bench), phone, {"definition": "three"})
    bench.code(bench.document("R1"), "Phone", "left")
    bring_back(bench, first)
    assert defined_in(bench, "Phone") == newest(bench)
    restored = newest(bench)
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert defined_in(bench, "Phone") != restored


def test_refusals(bench):
    first = newest(bench)
    with pytest.raises(NotFound, match="the codebook has no version 99"):
        bring_back(bench, 99)
    with pytest.raises(ConflictError, match=f"as it was in version {first} already"):
        bring_back(bench, first)
    codebook.retire_code(*arguments(bench), bench.codes()["School"].id)
    with pytest.raises(ConflictError, match="has changed since you looked"):
        restore.restore(*arguments(bench), first, seen=first)
    with pytest.raises(NotAllowed, match="Ben is a coder in this study; this needs an owner"):
        restore.restore(*arguments(bench, bench.person("Ben")), first)


def test_of_what_is_coded_blind_nothing_is_told_and_nothing_is_touched(bench):
    """Ben's codings go along; that there are any, and the code that he made, nobody hears."""
    opened, ben = bench.document("R1"), bench.person("Ben")
    bench.code(opened, "School", "to me")
    bench.code(opened, "School", "left", actor=ben)
    first = newest(bench)
    split(bench, "School", "Teachers", set(keys(bench).values()))
    own = codebook.add_code(*arguments(bench, ben), parent_id=None, name="Ben's own")
    bench.code(opened, "Ben's own", "Then", actor=ben)
    with bench.database.write() as connection:
        connection.execute(update(code).where(code.c.id == own)
                           .values(made_in=opened, made_by=ben.id))  # fmt: skip
        for actor in (bench.actor, ben):
            connection.execute(insert(assignment).values(
                document_id=opened, coder_id=actor.id, blind=True, created_at="2022-01-01"
            ))  # fmt: skip
    preview = restore.preview_restore(*arguments(bench), first)
    assert preview.moved == (restore.Moved("Teachers", "School", 1),)
    assert "Ben's own" not in str(preview.as_dict())
    bring_back(bench, first)
    assert state_of(bench, own)["status"] == "active"
    seen = sorted((row["quote"], row["code"]) for row in bench.export(ben))
    assert seen == [("Then", "Ben's own"), ("left", "School")]


STEP = st.tuples(
    st.sampled_from(
        ["code", "code", "add", "edit", "retire", "merge", "split", "recode", "undo", "remove",
         "restore", "memo"]
    ),
    st.integers(0, 20),
    st.integers(0, 20),
)  # fmt: skip
WORDS = ("She", "listened", "to me", "Then", "she left")


def take(bench, step, document):
    """Do one thing that people do; what is refused is not done."""
    kind, first, second = step
    codes = codebook.list_codes(*arguments(bench), with_counts=False)
    live = sorted(bench.open(document).codings, key=lambda row: row.id)
    if not codes:
        raise NotFound("no code is left.")
    item, other = codes[first % len(codes)], codes[second % len(codes)]
    if kind in ("recode", "remove", "memo"):
        if live:
            bench.send({"kind": kind, "document": document, "text": "why", "code": item.guid,
                        "coding": live[first % len(live)].guid})  # fmt: skip
    elif kind in ("merge", "split"):
        rework(bench, kind, item, other, live, f"Part {first} {second}")
    else:
        STEPS[kind](bench, document, item, first, second)


STEPS = {
    "code": lambda bench, document, item, _, second: bench.send(
        bench.adding(document, item.name, WORDS[second % len(WORDS)])
    ),
    "add": lambda bench, _, item, first, second: codebook.add_code(
        *arguments(bench), parent_id=item.id if first % 2 else None, name=f"New {first} {second}"
    ),
    "edit": lambda bench, _, item, first, second: codebook.edit_code(
        *arguments(bench), item.id, {"definition": f"text {second}"}
    ),
    "retire": lambda bench, _, item, first, second: codebook.retire_code(
        *arguments(bench), item.id
    ),
    "undo": lambda bench, *_: undo.undo(*arguments(bench)),
    "restore": lambda bench, _, item, first, second: bring_back(bench, 1 + first % newest(bench)),
}


def rework(bench, kind, item, other, live, name):
    """Merge a code into another one, or split it."""
    if kind == "merge":
        merge(bench, item.name, other.name)
        return
    mine = [row.guid for row in live if row.code_id == item.id]
    split(bench, item.name, name, mine[::2])


def places_coded(bench):
    """Give the coded places: no coding may be lost, whatever its code."""
    with bench.database.read() as connection:
        rows = connection.execute(
            select(coding.c.coder_id, coding.c.document_id, tables.anchor.c.start,
                   tables.anchor.c.end, code.c.deleted_at, code.c.name)
            .join(code, code.c.id == coding.c.code_id)
            .join(document, document.c.id == coding.c.document_id)
            .join(tables.anchor, (tables.anchor.c.coding_id == coding.c.id)
                  & (tables.anchor.c.revision_id == document.c.current_revision_id))
            .where(coding.c.deleted_at.is_(None))
        ).all()  # fmt: skip
    assert [row.name for row in rows if row.deleted_at is not None] == []
    return {tuple(row[:4]) for row in rows}


@pytest.fixture
def fresh_study(sqlite):
    """Give what makes one study after another in one database."""
    numbers = count(1)

    def make():
        actor = study.sign_in(sqlite, "Asha")
        name = f"Study {next(numbers)}"
        made = Bench(sqlite, actor, study.create_study(actor, sqlite, name).id, name)
        made.ingest()
        made.load()
        return made

    return make


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=st.lists(STEP, min_size=3, max_size=14), choice=st.integers(0, 50))
def test_restoring_loses_no_coding_and_is_undone_exactly(fresh_study, steps, choice):
    bench = fresh_study()
    opened = bench.document("R1")
    for step in steps:
        try:
            take(bench, step, opened)
        except WorkbenchError:
            continue
    number = 1 + choice % newest(bench)
    before, exported = places_coded(bench), bench.export()
    rows = rows_of(bench)
    n_moved = restore.preview_restore(*arguments(bench), number).n_moved
    try:
        told = bring_back(bench, number)
    except ConflictError as refused:
        assert "already" in str(refused)
        return
    assert told.n_moved == n_moved
    assert places_coded(bench) >= before
    known = versions.diff(*arguments(bench), number, newest(bench)).changes
    assert {change.kind for change in known} <= {"added", "split", "reordered"}
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert rows_of(bench) == rows
    assert bench.export() == exported


def test_memos_stay_with_their_codings(bench):
    document = bench.document("R1")
    first = newest(bench)
    split(bench, "School", "Teachers", ())
    guid = bench.code(document, "Teachers", "left")
    bench.send({"kind": "memo", "document": document, "coding": guid, "text": "why"})
    bring_back(bench, first)
    (found,) = bench.open(document).codings
    assert (found.guid, found.memo) == (guid, "why")
