"""Members and roles: who may do what, who may join, and that nothing is lost when somebody goes."""

import ast
import inspect
import pkgutil
from importlib import import_module

import pytest

from tests.builders import new_id
from tests.services.test_visibility import CHANGES_SOMETHING, OF_NO_STUDY
from workbench import services
from workbench.domain.codings import DocumentFilter
from workbench.errors import GoneError, InputError, NotAllowed, NotFound
from workbench.services.codebooks import codebook
from workbench.services.coding import exchange
from workbench.services.counting import summarise
from workbench.services.surveys import imports
from workbench.services.team import allocate, team
from workbench.services.trail import undo


def study(bench, actor=None):
    return actor or bench.actor, bench.database, bench.study_id


def members(bench):
    return {item.name: item.role for item in team.list_members(*study(bench))}


def test_members_stand_in_the_order_in_which_they_joined(bench):
    team.add_member(*study(bench), "Zoe")
    team.add_member(*study(bench), "Ben", "viewer")
    cy = bench.person("Cy")
    bench.code(bench.document("R1"), "School", "left", actor=cy)
    assert list(members(bench).items()) == [
        ("Asha", "owner"), ("Zoe", "coder"), ("Ben", "viewer"), ("Cy", "coder"),
    ]  # fmt: skip
    with pytest.raises(InputError, match="Zoe belongs to this study already"):
        team.add_member(*study(bench), "  zoe ")
    with pytest.raises(InputError, match=r"no role 'boss'\. It is one of owner, coder, viewer"):
        team.add_member(*study(bench), "Di", "boss")


def test_how_far_each_has_come_is_shown(bench):
    cy = bench.person("Cy")
    bench.code(bench.document("R1"), "School", "left", actor=cy)
    bench.done(bench.document("R1"), cy)
    bench.code(bench.document("R2"), "Phone", "rang", actor=cy)
    found = next(item for item in team.list_members(*study(bench)) if item.name == "Cy")
    assert (found.n_done, found.n_begun, found.n_codings, found.load.assigned) == (1, 1, 2, 0)


def test_only_owners_change_the_team(bench):
    ben = team.add_member(*study(bench), "Ben")
    as_ben = study(bench, bench.person("Ben"))
    for act in (
        lambda: team.add_member(*as_ben, "Di"),
        lambda: team.set_role(*as_ben, ben, "owner"),
        lambda: team.remove_member(*as_ben, bench.actor.id),
        lambda: team.set_open(*as_ben, False),
    ):
        with pytest.raises(NotAllowed, match="Ben is a coder in this study; this needs an owner"):
            act()


def test_an_owner_always_remains(bench):
    ben = team.add_member(*study(bench), "Ben")
    for act in (
        lambda: team.set_role(*study(bench), bench.actor.id, "coder"),
        lambda: team.remove_member(*study(bench), bench.actor.id),
    ):
        with pytest.raises(InputError, match=r"Asha is the only owner of this study\. Make some"):
            act()
    team.set_role(*study(bench), ben, "owner")
    team.set_role(*study(bench), bench.actor.id, "viewer")
    assert members(bench) == {"Asha": "viewer", "Ben": "owner"}
    with pytest.raises(InputError, match="Ben is the only owner"):
        team.remove_member(*study(bench, bench.person("Ben")), ben)


def test_who_was_removed_leaves_their_codings_and_writes_no_more(bench):
    ben = bench.person("Ben")
    document = bench.document("R1")
    coding = bench.code(document, "School", "left", actor=ben)
    team.remove_member(*study(bench), ben.id)
    assert members(bench) == {"Asha": "owner", "Ben": None}
    assert [row["coder"] for row in bench.export()] == ["Ben"]
    assert "Ben" in summarise.list_layers(*study(bench))
    why = "Ben does not belong to this study and may only read it. One of its owners can add them"
    with pytest.raises(NotAllowed, match=why):
        bench.send({"kind": "remove", "document": document, "coding": coding}, actor=ben)
    with pytest.raises(NotFound, match="does not belong to the study"):
        team.set_role(*study(bench), ben.id, "coder")
    joined = team.list_members(*study(bench))[1].joined_at
    team.add_member(*study(bench), "Ben", "viewer")
    assert members(bench) == {"Asha": "owner", "Ben": "viewer"}
    assert team.list_members(*study(bench))[1].joined_at == joined
    team.set_role(*study(bench), ben.id, "coder")
    bench.send({"kind": "remove", "document": document, "coding": coding}, actor=ben)
    assert bench.export() == []


def test_a_closed_study_takes_in_nobody_who_was_not_added(bench):
    assert team.is_open(*study(bench))
    team.set_open(*study(bench), False)
    cy = bench.person("Cy")
    assert not team.is_open(*study(bench))
    with pytest.raises(NotAllowed, match="Cy does not belong to this study"):
        bench.done(bench.document("R1"), cy)
    assert members(bench) == {"Asha": "owner"}
    team.add_member(*study(bench), "Cy")
    bench.done(bench.document("R1"), cy)
    team.set_open(*study(bench), True)
    bench.done(bench.document("R1"), bench.person("Di"))
    assert members(bench) == {"Asha": "owner", "Cy": "coder", "Di": "coder"}


def test_an_import_of_codings_lets_nobody_write_who_may_not(bench):
    ben = bench.person("Ben")
    bench.done(bench.document("R1"), ben)
    team.remove_member(*study(bench), ben.id)
    team.set_open(*study(bench), False)
    rows = [
        (2, {"respondent": "R1", "question": "q1", "quote": "left", "code": "School",
             "coder": name})
        for name in ("Ben", "Cy")
    ]  # fmt: skip
    report = exchange.import_codings(*study(bench), rows)
    assert not report.bad_rows
    assert members(bench) == {"Asha": "owner", "Cy": "viewer", "Ben": None}
    assert sorted(row["coder"] for row in bench.export()) == ["Ben", "Cy"]


@pytest.mark.parametrize(
    ("role", "writes", "says"),
    [("owner", True, ""), ("coder", True, ""), ("viewer", False, "You are a viewer in this study")],
)
def test_what_a_role_may_do_is_said(bench, role, writes, says):
    team.add_member(*study(bench), "Ben", role)
    found = team.standing(*study(bench, bench.person("Ben")))
    assert (found.writes, found.owns) == (writes, role == "owner")
    assert found.why_not.startswith(says)
    assert bool(found.why_not) != writes


def test_who_has_not_joined_may_as_long_as_the_study_is_open(bench):
    cy = bench.person("Cy")
    assert team.standing(*study(bench, cy)).writes
    team.set_open(*study(bench), False)
    assert "You do not belong to this study" in team.standing(*study(bench, cy)).why_not


def test_colours_are_everybodys_own_and_stay(bench):
    names = [f"Person {n}" for n in range(12)]
    for name in names:
        team.add_member(*study(bench), name)
    looks = team.coder_looks(*study(bench))
    assert len(looks) == 13
    assert len({(look.light, look.style) for look in looks.values()}) == 13
    assert len({look.light for look in list(looks.values())[:8]}) == 8
    ben = team.find_member(*study(bench), "person 3")
    team.remove_member(*study(bench), ben.id)
    assert team.coder_looks(*study(bench)) == looks
    team.add_member(*study(bench), "Person 3")
    team.add_member(*study(bench), "Somebody else")
    after = team.coder_looks(*study(bench))
    assert {key: after[key] for key in looks} == looks


def test_pairs_are_counted_where_both_are_done(bench):
    ben, cy = bench.person("Ben"), bench.person("Cy")
    for label, people in (("R1", (bench.actor, ben)), ("R2", (bench.actor, ben, cy)),
                          ("R3", (cy,))):  # fmt: skip
        for who in people:
            bench.done(bench.document(label), who)
    found = {(item.one, item.other): item.n for item in team.pairs(*study(bench))}
    assert found == {("Asha", "Ben"): 2, ("Asha", "Cy"): 1, ("Ben", "Cy"): 1}


def test_what_is_given_out_is_counted(bench):
    from workbench.services.team import allocate

    team.add_member(*study(bench), "Ben")
    n = len(bench.documents())
    assert team.given(*study(bench)) == team.Given(n, 0, 0, 0)
    allocate.apply(*study(bench), allocate.Wanted(way="everyone", blind=True))
    assert team.given(*study(bench)) == team.Given(n, n, n, n)
    assert allocate.count_mine(*study(bench)) == n
    assert allocate.count_mine(*study(bench, bench.person("Cy"))) == 0
    group = next(
        item.attribute_id for item in summarise.list_groups(*study(bench)) if item.name == "group"
    )
    held = allocate.held_by_group(*study(bench), group)
    assert held[("Roma", bench.actor.id)] == 3
    assert {name for name, _ in held} == {"Roma", "Irish", "Not stated"}


def test_members_are_found_by_name(bench):
    team.add_member(*study(bench), "Ben")
    assert team.find_member(*study(bench), " BEN").name == "Ben"
    with pytest.raises(NotFound, match=r"nobody named 'Cy' belongs to this study\. Members: Asha"):
        team.find_member(*study(bench), "Cy")


def test_every_change_is_in_the_trail(bench, everything):
    ben = team.add_member(*study(bench), "Ben")
    team.set_role(*study(bench), ben, "viewer")
    team.set_role(*study(bench), ben, "viewer")
    team.set_open(*study(bench), False)
    team.remove_member(*study(bench), ben)
    rows = everything(bench.database)["operation"]
    labels = [label for row in rows for label in row if isinstance(label, str) and "Ben" in label]
    assert labels == ["adding Ben as coder", "making Ben a viewer, before a coder", "removing Ben"]


def test_a_viewer_is_refused_before_anything_is_written(bench, everything):
    team.add_member(*study(bench), "Ben", "viewer")
    ben, before = bench.person("Ben"), everything(bench.database)
    with pytest.raises(NotAllowed, match="Ben is a viewer in this study; this needs a coder"):
        bench.send({"kind": "new_code", "name": "New", "code": new_id()}, actor=ben)
    with pytest.raises(NotAllowed):
        codebook.add_code(*study(bench, ben), parent_id=None, name="New")
    assert everything(bench.database) == before


# ------------------------------------------------------------ everything asks for the role

OWN_AFFAIRS = """
drafts.accept_in memo_prompts.put_off visit.end visit.go_to visit.see visit.start study.create_study
study.find_or_create_study study.sign_in extracts.forget_counts
rereview_counts.counts_of rereview_counts.forget_counts rereview_counts.settling
settling_counts.forget_tallies settling_counts.tallies
refi_import_media.drop_unused
worker_process.ensure_worker worker_process.start_worker transcribing.work_queue
"""
"""What is a person's own, makes a study of which one is the owner, or is the machine's work, such
as what it remembers of counts."""


def asking():
    """Find all functions of services that ask for the role, themselves or through others."""
    uses = {}
    for item in pkgutil.walk_packages(services.__path__, "workbench.services."):
        module = item.name.rpartition(".")[2]
        tree = ast.parse(inspect.getsource(import_module(item.name)))
        known = imported(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                own = f"{module}.{node.name}"
                uses.setdefault(own, set()).update(used(node, module, known))
    found = {"trail.require"}
    while True:
        more = {name for name, others in uses.items() if name not in found and others & found}
        if not more:
            return found
        found |= more


def imported(tree):
    """Tell under which name which module or function of the services is known in a module."""
    found = {}
    folders = {item.name for item in pkgutil.iter_modules(services.__path__) if item.ispkg}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("workbench.service"):
            inside = node.module.removeprefix("workbench.services").rpartition(".")[2]
            for name in node.names:
                outermost = not inside or inside in folders
                full = name.name if outermost else f"{inside}.{name.name}"
                found[name.asname or name.name] = full
    return found


def used(function, module, known):
    """Name the functions of services that one function calls or passes on."""
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            yield known.get(node.id, f"{module}.{node.id}")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            place = module if node.value.id == "self" else known.get(node.value.id)
            yield f"{place}.{node.attr}"
        elif isinstance(node, ast.Attribute):  # a method of something made on the spot
            yield f"{module}.{node.attr}"


def test_whatever_changes_something_asks_for_the_role_first():
    changing = {*CHANGES_SOMETHING.split()} - {*OWN_AFFAIRS.split()} - {*OF_NO_STUDY.split()}
    assert changing - asking() == set()


def test_reading_does_not_ask_for_a_role():
    """Else the test above would find anything to be asking."""
    asked = asking()
    assert not {"codebook.list_codes", "reading.changes", "summarise.summarise"} & asked
    assert {"star.set_star", "code.apply_operations", "undo.undo"} <= asked


def test_documents_that_are_gone_are_not_given_out_again(empty):
    empty.ingest()
    everywhere = DocumentFilter()
    wanted = allocate.Wanted(everywhere, (empty.actor.id,), "everyone", False)
    place = (empty.actor, empty.database, empty.study_id)
    allocate.apply(*place, wanted)
    undo.undo(*place, undo.ALLOCATION)
    imports.undo_import(*place)
    with pytest.raises(GoneError, match="some of these documents are gone"):
        undo.redo(*place, undo.ALLOCATION)
