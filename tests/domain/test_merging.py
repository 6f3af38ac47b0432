"""What a merge does to the tree: nothing is lost, nothing comes to lie below what is gone."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.merging import Node, lies_below, plan_merge

TREE = [
    Node(1, None, "A"), Node(2, 1, "Waiting"), Node(3, 2, "Phone"), Node(4, 1, "Forms"),
    Node(5, None, "B"), Node(6, 5, " waiting "), Node(7, 6, "phone"), Node(8, 6, "Rooms"),
    Node(9, None, "C"),
]  # fmt: skip


def test_children_move_and_namesakes_are_merged_in_turn():
    plan = plan_merge(TREE, {5}, 1)
    assert plan.merged == {5: 1, 6: 2, 7: 3}
    assert plan.moved == {8: 2}
    assert plan.revived == set()


def test_several_codes_with_namesakes_among_their_own_children():
    plan = plan_merge(TREE, {1, 5}, 9)
    assert plan.merged == {1: 9, 5: 9, 6: 2, 7: 3}
    assert plan.moved == {2: 9, 4: 9, 8: 2}


def test_a_child_goes_into_its_parent_and_its_children_stay_below():
    plan = plan_merge(TREE, {2}, 1)
    assert (plan.merged, plan.moved) == ({2: 1}, {3: 1})


def test_a_parent_and_its_child_are_merged_together():
    plan = plan_merge(TREE, {1, 2}, 9)
    assert plan.merged == {1: 9, 2: 9}
    assert plan.moved == {3: 9, 4: 9}


def test_what_takes_in_a_code_in_use_is_in_use():
    tree = [Node(1, None, "A"), Node(2, 1, "W", "retired"), Node(3, None, "B"), Node(4, 3, "W")]
    assert plan_merge(tree, {3}, 1).revived == {2}
    assert plan_merge([*tree[:3], Node(4, 3, "W", "retired")], {3}, 1).revived == set()


def test_a_code_that_only_its_maker_sees_is_nobodys_namesake():
    tree = [Node(1, None, "A"), Node(2, 1, "W", secret=True), Node(3, None, "B"), Node(4, 3, "W")]
    plan = plan_merge(tree, {3}, 1)
    assert (plan.merged, plan.moved) == ({3: 1}, {4: 1})


def test_below_means_at_any_depth():
    assert lies_below(TREE, 3, 1)
    assert lies_below(TREE, 3, 2)
    assert not lies_below(TREE, 1, 3)
    assert not lies_below(TREE, 3, 3)


@st.composite
def trees(draw):
    """Draw a tree without namesakes in one place, and a merge that is allowed in it."""
    parents = [None]
    for key in range(2, draw(st.integers(2, 14)) + 1):
        parents.append(draw(st.one_of(st.none(), st.integers(1, key - 1))))
    names, nodes = {}, []
    for key, parent in enumerate(parents, 1):
        free = [name for name in "abcdefghijklmno" if name not in names.get(parent, set())]
        name = draw(st.sampled_from(free[:4]))
        names.setdefault(parent, set()).add(name)
        nodes.append(Node(key, parent, name, draw(st.sampled_from(["active", "retired"]))))
    into = draw(st.integers(1, len(nodes)))
    allowed = [n.id for n in nodes if n.id != into and not lies_below(nodes, into, n.id)]
    sources = draw(st.sets(st.sampled_from(allowed), min_size=1)) if allowed else set()
    return nodes, sources, into


@given(trees())
def test_whatever_is_merged_a_tree_without_namesakes_is_left(drawn):
    nodes, sources, into = drawn
    plan = plan_merge(nodes, sources, into)
    assert sources <= set(plan.merged)
    assert into not in plan.merged
    assert not set(plan.merged) & set(plan.moved)
    left = [
        Node(n.id, plan.moved.get(n.id, n.parent_id), n.name)
        for n in nodes
        if n.id not in plan.merged
    ]
    present = {n.id for n in left}
    assert {plan.final(key) for key in plan.merged} <= present
    assert all(n.parent_id is None or n.parent_id in present for n in left)
    assert not any(lies_below(left, n.id, n.id) for n in left)
    places = [(n.parent_id, n.name) for n in left]
    assert len(places) == len(set(places))
