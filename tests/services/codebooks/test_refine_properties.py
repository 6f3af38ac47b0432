"""Whatever two people do to a codebook while they code: nothing is lost, and all comes undone."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.builders import new_id
from workbench.errors import WorkbenchError
from workbench.services.codebooks import codebook, refine, refine_split
from workbench.services.codebooks.refine_split import Part
from workbench.services.coding import exchange
from workbench.services.trail import undo
from workbench.store.tables import code, code_ancestor, coding, operation

DONE_BY_HAND = (undo.CODEBOOK | undo.CODING) - {"load codebook"}
"""All but what the study began with: there are codes to work on whatever is undone."""


def arguments(bench, actor):
    return actor, bench.database, bench.study_id


def codes_of(bench, actor):
    return codebook.list_codes(*arguments(bench, actor), with_retired=True)


def state(bench):
    """Give codebook and codings as they are exported, and each code's place and standing."""
    tree = [
        (item.path, item.colour, item.definition, item.status, item.parent_id)
        for item in codes_of(bench, bench.actor)
    ]
    book = codebook.export_codebook(*arguments(bench, bench.actor))
    rows = exchange.export_codings(*arguments(bench, bench.actor))
    return tree, book.themes, sorted(map(str, rows))


def assert_nothing_is_lost(bench):
    """Every live coding counts as a code that is there, and is exported once."""
    present = {item.id for item in codes_of(bench, bench.actor)}
    with bench.database.read() as connection:
        live = connection.execute(
            select(coding.c.id, code_ancestor.c.ancestor_id)
            .outerjoin(
                code_ancestor,
                (code_ancestor.c.code_id == coding.c.code_id) & (code_ancestor.c.depth == 0),
            )
            .where(coding.c.deleted_at.is_(None))
        ).all()
        loose = connection.execute(
            select(code.c.name).where(
                code.c.deleted_at.is_(None), code.c.status != "merged", code.c.id.not_in(present)
            )
        ).all()
    assert all(row.ancestor_id in present for row in live)
    assert loose == [], "every code in use is listed"
    assert len(bench.export()) == len(live)
    parents = {item.id: item.parent_id for item in codes_of(bench, bench.actor)}
    assert all(above is None or above in parents for above in parents.values())


def step(bench, actor, kind, chance):
    """Do one thing, whatever comes of it; refusals are part of the game."""
    items = codes_of(bench, actor)
    one, other = chance.choice(items), chance.choice(items)
    here = arguments(bench, actor)
    STEPS[kind](bench, here, items, one, other, chance)


def add(_, here, items, one, other, chance):
    codebook.add_code(*here, parent_id=chance.choice([None, one.id]), name=chance.choice("abcdef"))


def merge(_, here, items, one, other, chance):
    both = [item.id for item in chance.sample(items, min(2, len(items)))]
    refine.merge_codes(*here, both, other.id)


def split(_, here, items, one, other, chance):
    parts = [Part(name) for name in chance.sample("abcdef", 2)]
    refine_split.split_code(*here, one.id, parts, below=chance.random() < 0.5)


def code_words(bench, here, items, one, other, chance):
    document = bench.document(chance.choice(["R1", "R4"]))
    word = chance.choice([None, *bench.open(document).document.text.split()[:3]])
    bench.send({**bench.adding(document, one.name, word), "code": one.guid}, actor=here[0])


def change_coding(kind):
    def change(bench, here, items, one, other, chance):
        document, actor = bench.document(chance.choice(["R1", "R4"])), here[0]
        mine = [item for item in bench.open(document, actor).codings if item.coder_id == actor.id]
        if mine:
            bench.send({"id": new_id(), "kind": kind, "document": document, "code": one.guid,
                        "coding": chance.choice(mine).guid}, actor=actor)  # fmt: skip

    return change


def sort(bench, here, items, one, other, chance):
    queues = [refine_split.split_queue(*here, item.id, whose="all") for item in items]
    ready = [found for found in queues if found.parts and found.items]
    if ready:
        found = chance.choice(ready)
        guids = [item.coding_guid for item in chance.sample(found.items, 1)]
        part = chance.choice(found.parts)
        refine_split.sort_codings(*here, guids, part.id, copy=chance.random() < 0.3)


STEPS = {
    "add": add,
    "edit": lambda _, here, items, one, other, chance: codebook.edit_code(
        *here, one.id, {"definition": str(chance.random())}
    ),
    "move": lambda _, here, items, one, other, chance: codebook.move_code(
        *here, one.id, parent_id=chance.choice([None, other.id])
    ),
    "merge": merge,
    "split": split,
    "sort": sort,
    "retire": lambda _, here, items, one, other, chance: codebook.retire_code(
        *here, one.id, retired=chance.random() < 0.7
    ),
    "promote": lambda _, here, items, one, other, chance: refine.promote_to_theme(*here, one.id),
    "code": code_words,
    "recode": change_coding("recode"),
    "remove": change_coding("remove"),
    "undo": lambda _, here, *rest: undo.undo(*here, DONE_BY_HAND),
    "redo": lambda _, here, *rest: undo.redo(*here, DONE_BY_HAND),
}


KINDS = ("add", "edit", "move", "merge", "merge", "split", "sort", "sort", "retire", "promote",
         "code", "code", "code", "recode", "remove", "undo", "redo")  # fmt: skip

plays = st.tuples(
    st.lists(st.tuples(st.sampled_from(KINDS), st.booleans()), min_size=1, max_size=22),
    st.integers(0, 10_000),
)
unhurried = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def attempt(action):
    try:
        action()
    except WorkbenchError:
        return False
    return True


def undo_everything(bench, people):
    """Take back everybody's steps, the newest first, as long as there is one."""
    while True:
        with bench.database.read() as connection:
            newest = connection.execute(
                select(operation.c.actor_id)
                .where(operation.c.study_id == bench.study_id,
                       operation.c.inverse.isnot(None), operation.c.undoes.is_(None),
                       operation.c.undone_by.is_(None), ~operation.c.passed_over,
                       operation.c.verb.in_(DONE_BY_HAND))
                .order_by(operation.c.id.desc())
            ).scalars().first()  # fmt: skip
        if newest is None:
            return
        undo.undo(*arguments(bench, people[newest]), DONE_BY_HAND)


@unhurried
@given(plays)
def test_nothing_is_lost_whatever_two_people_do(bench, play):
    """Steps and undo of both, mixed at random; each is refused or leaves all codings standing."""
    kinds, seed = play
    chance, ben = random.Random(seed), bench.person("Ben")
    for kind, mine in kinds:
        attempt(lambda kind=kind, mine=mine: step(bench, bench.actor if mine else ben, kind,
                                                  chance))  # fmt: skip
        assert_nothing_is_lost(bench)


@unhurried
@given(plays)
def test_undoing_the_newest_first_restores_everything(bench, play):
    """Two people's steps, taken back in the opposite order, and done again one by one."""
    kinds, seed = play
    chance, ben = random.Random(seed), bench.person("Ben")
    people = {bench.actor.id: bench.actor, ben.id: ben}
    undo_everything(bench, people)
    begin, seen = state(bench), []
    for kind, mine in kinds:
        if kind in ("undo", "redo"):
            continue
        actor = bench.actor if mine else ben
        attempt(lambda kind=kind, actor=actor: step(bench, actor, kind, chance))
    seen.append(state(bench))
    undo_everything(bench, people)
    assert state(bench) == begin
    assert_nothing_is_lost(bench)


@unhurried
@given(plays)
def test_undo_and_redo_of_one_person_go_through_the_same_states(bench, play):
    kinds, seed = play
    chance, seen = random.Random(seed), []
    here = arguments(bench, bench.actor)
    undo_everything(bench, {bench.actor.id: bench.actor})
    for kind, _ in kinds:
        if kind in ("undo", "redo"):
            continue
        before = state(bench)
        n_before = n_operations(bench)
        if attempt(lambda kind=kind: step(bench, bench.actor, kind, chance)) and (
            n_operations(bench) > n_before
        ):
            seen.append(before)
    end = state(bench)
    trail = []
    for before in reversed(seen):
        trail.append(state(bench))
        undo.undo(*here, DONE_BY_HAND)
        assert state(bench) == before
    for after in reversed(trail):
        undo.redo(*here, DONE_BY_HAND)
        assert state(bench) == after
    assert state(bench) == end


def n_operations(bench):
    with bench.database.read() as connection:
        return len(
            connection.execute(
                select(operation.c.id).where(
                    operation.c.inverse.isnot(None), operation.c.undoes.is_(None),
                    operation.c.verb.in_(DONE_BY_HAND),
                )
            ).all()
        )  # fmt: skip
