"""Codings that were made before their code's definition changed: counted, shown, settled."""

import pytest
from sqlalchemy import insert, select, update

from pipelines.ingest.discussions.speech import SpeechFile
from workbench.domain.turns import Turn
from workbench.errors import CodingError, ConflictError, NotAllowed, NotFound
from workbench.services.codebooks import codebook, rereview, rereview_counts
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.services.trail import undo
from workbench.store import tables
from workbench.store.tables import assignment, coding


def arguments(bench, actor=None):
    return actor or bench.actor, bench.database, bench.study_id


def redefine(bench, name, text):
    codebook.edit_code(*arguments(bench), bench.codes()[name].id, {"definition": text})


def waiting(bench, actor=None, **options):
    """Count what stands unreviewed, by name."""
    names = {item.id: name for name, item in bench.codes().items()}
    rereview_counts.forget_counts(bench.database)  # some tests write behind the program's back
    found = rereview.count_unreviewed(*arguments(bench, actor), **options)
    return {names[key]: n for key, n in found.items()}


def queue(bench, actor=None, **options):
    return rereview.list_queue(*arguments(bench, actor), **options)


@pytest.fixture
def redefined(bench):
    """Code with a definition that changes afterwards, by two people."""
    redefine(bench, "Phone", "Calls that nobody answers.")
    ben = bench.person("Ben")
    opened = bench.document("R1")
    mine = bench.code(opened, "Phone", "listened to me")
    whole = bench.code(bench.document("R3"), "Phone", None)
    bens = bench.code(opened, "Phone", "she left", actor=ben)
    bench.code(opened, "School", "Then")
    assert waiting(bench) == {}
    redefine(bench, "Phone", "Calls that everybody answers.")
    return bench, ben, mine, whole, bens


def test_what_is_coded_before_a_definition_changes_is_to_be_looked_at_again(redefined):
    bench, ben, mine, whole, bens = redefined
    assert waiting(bench) == {"Phone": 2}
    assert waiting(bench, ben) == {"Phone": 1}
    assert waiting(bench, everybody=True) == {"Phone": 3}
    bench.code(bench.document("R2"), "Phone", "rang back")
    assert waiting(bench) == {"Phone": 2}
    assert [item.coding.guid for item in queue(bench, everybody=True).items] == [mine, bens, whole]


def test_what_is_no_definition_asks_for_nothing(redefined):
    bench, *_ = redefined
    codebook.edit_code(*arguments(bench), bench.codes()["School"].id,
                       {"name": "Lessons", "cues": ["x"], "colour": "#112233"})  # fmt: skip
    codebook.retire_code(*arguments(bench), bench.codes()["Lessons"].id)
    assert waiting(bench) == {"Phone": 2}


def test_an_item_shows_words_around_and_definition_then_and_now(redefined):
    bench, _, mine, whole, _ = redefined
    first, second = queue(bench).items
    assert (first.coding.guid, first.code, first.version) == (mine, "Access / Phone", 2)
    assert (first.before, first.quote, first.after) == (
        "She ",
        "listened to me",
        ". Then she left.",
    )
    (text,) = first.definition
    assert text.field == "definition"
    assert [part.text for part in text.then if part.differs] == ["nobody"]
    assert [part.text for part in text.now if part.differs] == ["everybody"]
    assert (second.coding.guid, second.quote, second.before) == (
        whole, None, "میں نے تین بار فون کیا",
    )  # fmt: skip
    page = queue(bench, offset=1, limit=1)
    assert [item.coding.guid for item in page.items] == [whole]
    assert page.total == 2
    assert queue(bench, code_id=bench.codes()["School"].id).total == 0


def test_words_of_a_discussion_say_who_speaks_and_hold_back_who_may_not_be_quoted(redefined):
    bench, *_ = redefined
    turns = [("Lin", "Who begins?"), ("A", "We rang twice."), ("B", "Nobody answered."),
             ("C", "We gave up.")]  # fmt: skip
    speech = SpeechFile("g.vtt", tuple(Turn(*turn) for turn in turns), "voices")
    plans = [SpeakerPlan("Lin", ("Lin",), "facilitator"),
             *(SpeakerPlan(who, (who,), respondent=f"F{who}") for who in "ABC")]  # fmt: skip
    key = focus_groups.ingest_transcript(*arguments(bench), speech, plans, name="FG1").document_id
    bench.code(key, "School", "rang twice")
    bench.code(key, "School", "twice.\n\nNobody")
    redefine(bench, "School", "Whatever schools do.")

    def shown():
        found = queue(bench, code_id=bench.codes()["School"].id).items
        return [(item.before, item.quote, item.after) for item in found[-2:]]

    assert shown() == [
        ("[Lin] Who begins?\n\n[A] We ", "rang twice",
         ".\n\n[B] Nobody answered.\n\n[C] We gave up."),
        ("[Lin] Who begins?\n\n[A] We rang ", "twice.\n\n[B] Nobody",
         " answered.\n\n[C] We gave up."),
    ]  # fmt: skip
    with bench.database.write() as connection:
        connection.execute(update(tables.respondent).where(tables.respondent.c.ref == "FB")
                           .values(may_be_quoted=False))  # fmt: skip
    assert shown()[0] == ("[Lin] Who begins?\n\n[A] We ", "rang twice", ".\n\n")
    with bench.database.write() as connection:
        connection.execute(update(tables.respondent).where(tables.respondent.c.ref == "FB")
                           .values(withdrawn_at="2022-01-01"))  # fmt: skip
    assert [quote for _, quote, _ in shown()] == ["Then", "rang twice"]
    assert waiting(bench)["School"] == 2


def test_what_is_kept_counts_as_made_now_until_the_next_change(redefined):
    bench, _, mine, _, _ = redefined
    assert rereview.decide(*arguments(bench), [mine], "keep") == "keeping Phone on R1"
    assert waiting(bench) == {"Phone": 1}
    assert rereview.undo_last(*arguments(bench)) == "keeping Phone on R1"
    assert waiting(bench) == {"Phone": 2}
    undo.redo(*arguments(bench), undo.REVIEWING)
    redefine(bench, "Phone", "Calls.")
    assert waiting(bench) == {"Phone": 2}


def rows(bench):
    with bench.database.read() as connection:
        return [tuple(row) for row in connection.execute(select(coding).order_by(coding.c.id))]


@pytest.mark.parametrize("choice", ["keep", "remove", "recode"])
def test_every_decision_is_undone_exactly(redefined, choice):
    bench, _, mine, whole, _ = redefined
    before, exported = rows(bench), bench.export()
    target = bench.codes()["School"].id if choice == "recode" else None
    label = rereview.decide(*arguments(bench), [mine, whole], choice, to_code_id=target)
    assert label.startswith({"keep": "keeping 2", "remove": "removing 2",
                             "recode": "recoding 2 codings to School"}[choice][:8])  # fmt: skip
    assert waiting(bench) == {}
    after = rows(bench)
    rereview.undo_last(*arguments(bench))
    assert (rows(bench), bench.export()) == (before, exported)
    undo.redo(*arguments(bench), undo.REVIEWING)
    assert rows(bench) == after


def test_removed_and_recoded_codings_are_gone_and_elsewhere(redefined):
    bench, _, mine, whole, _ = redefined
    rereview.decide(*arguments(bench), [mine], "remove")
    rereview.decide(*arguments(bench), [whole], "recode", to_code_id=bench.codes()["School"].id)
    told = sorted((row["respondent"], row["code"]) for row in bench.export())
    assert told == [("R1", "Access / Phone"), ("R1", "School"), ("R3", "School")]


def test_all_of_a_code_are_kept_at_once_if_as_many_as_was_agreed(redefined):
    bench, ben, *_ = redefined
    phone = bench.codes()["Phone"].id
    with pytest.raises(ConflictError, match="there are 2 by now, not 3; nothing was done"):
        rereview.keep_all(*arguments(bench), phone, expected=3)
    label = rereview.keep_all(*arguments(bench), phone, expected=2)
    assert label == "keeping 2 codings of Phone"
    assert waiting(bench, everybody=True) == {"Phone": 1}
    rereview.keep_all(*arguments(bench), phone, expected=1, everybody=True)
    assert waiting(bench, ben) == {}
    rereview.undo_last(*arguments(bench))
    rereview.undo_last(*arguments(bench))
    assert waiting(bench, everybody=True) == {"Phone": 3}


def test_only_the_owner_decides_on_others_codings(redefined):
    bench, ben, mine, _, bens = redefined
    phone = bench.codes()["Phone"].id
    with pytest.raises(NotAllowed, match="only the study's owner may go through everybody's"):
        waiting(bench, ben, everybody=True)
    with pytest.raises(NotAllowed, match="this coding is Asha's: only they or the study's owner"):
        rereview.decide(*arguments(bench, ben), [mine], "keep")
    with pytest.raises(NotAllowed):
        rereview.keep_all(*arguments(bench, ben), phone, expected=3, everybody=True)
    assert not rereview.may_see_everybody(*arguments(bench, ben))
    assert rereview.may_see_everybody(*arguments(bench))
    rereview.decide(*arguments(bench), [bens], "keep")
    assert waiting(bench, ben) == {}


def test_refusals(redefined):
    bench, _, mine, whole, _ = redefined
    codes = bench.codes()
    with pytest.raises(CodingError, match="it is coded Phone already"):
        rereview.decide(*arguments(bench), [mine], "recode", to_code_id=codes["Phone"].id)
    with pytest.raises(CodingError, match="not in use"):
        rereview.decide(*arguments(bench), [mine], "recode")
    bench.code(bench.document("R1"), "Waiting", "listened to me")
    with pytest.raises(CodingError, match="exactly these words are coded Waiting already"):
        rereview.decide(*arguments(bench), [mine], "recode", to_code_id=codes["Waiting"].id)
    rereview.decide(*arguments(bench), [mine], "keep")
    for guids in ([mine], [mine, whole], []):
        with pytest.raises(NotFound, match="need not be looked at any more"):
            rereview.decide(*arguments(bench), guids, "remove")
    assert waiting(bench) == {"Phone": 1}


def test_merged_codings_stand_with_the_code_that_they_count_as(redefined):
    bench, _, _, _, _ = redefined
    codes = bench.codes()
    with bench.database.write() as connection:
        connection.execute(
            update(tables.code).where(tables.code.c.id == codes["Phone"].id)
            .values(status="merged", merged_into=codes["School"].id)
        )  # fmt: skip
        connection.execute(
            update(tables.code_ancestor)
            .where(tables.code_ancestor.c.code_id == codes["Phone"].id,
                   tables.code_ancestor.c.depth == 0)
            .values(ancestor_id=codes["School"].id)
        )  # fmt: skip
    assert waiting(bench) == {}
    redefine(bench, "School", "Lessons and calls")
    assert waiting(bench) == {"School": 3}
    item = queue(bench).items[0]
    assert (item.code, [part.text for part in item.definition[0].then]) == (
        "School", ["Calls that nobody answers."],
    )  # fmt: skip


def test_where_nobody_knows_the_version_only_imports_stand(redefined):
    bench, _, mine, whole, _ = redefined
    with bench.database.write() as connection:
        for guid, origin in ((mine, "import"), (whole, "person")):
            connection.execute(update(coding).where(coding.c.guid == guid)
                               .values(codebook_version_id=None, origin=origin))  # fmt: skip
    assert waiting(bench) == {"Phone": 1}
    (item,) = queue(bench).items
    assert (item.version, item.definition[0].then) == (None, None)
    rereview.decide(*arguments(bench), [mine], "keep")
    assert waiting(bench) == {}


def test_codings_to_be_placed_again_are_shown_with_their_old_words(redefined):
    bench, _, mine, _, _ = redefined
    from tests.builders import SURVEY

    bench.ingest(SURVEY.replace("She listened to me. Then she left.", "Nobody came."))
    found = next(item for item in queue(bench).items if item.coding.guid == mine)
    assert (found.coding.flagged, found.quote, found.before) == (
        True, "listened to me", "Nobody came.",
    )  # fmt: skip


def test_blind_codings_are_neither_counted_nor_shown(redefined):
    bench, ben, mine, _, bens = redefined
    opened = bench.document("R1")
    with bench.database.write() as connection:
        connection.execute(insert(assignment).values(
            document_id=opened, coder_id=ben.id, blind=True, created_at="2022-01-01"
        ))  # fmt: skip
    assert waiting(bench, everybody=True) == {"Phone": 2}
    assert bens not in {item.coding.guid for item in queue(bench, everybody=True).items}
    with pytest.raises(NotFound):
        rereview.decide(*arguments(bench), [bens], "keep")
    assert waiting(bench, ben) == {"Phone": 1}
    assert mine in {item.coding.guid for item in queue(bench).items}


def test_the_words_of_who_has_withdrawn_are_not_shown(redefined):
    bench, *_ = redefined
    respondent = tables.respondent
    with bench.database.write() as connection:
        connection.execute(update(respondent).where(respondent.c.ref == "R1")
                           .values(withdrawn_at="2022-01-01"))  # fmt: skip
    assert waiting(bench, everybody=True) == {"Phone": 1}


def test_what_was_counted_is_kept_while_nothing_could_have_changed_it(redefined, monkeypatch):
    bench, _, mine, _, bens = redefined
    assert len(rereview.count_unreviewed(*arguments(bench))) == 1
    counted = []
    count = rereview_counts.store.count_unreviewed
    monkeypatch.setattr(
        rereview_counts.store, "count_unreviewed",
        lambda *given, **options: counted.append(1) or count(*given, **options),
    )  # fmt: skip
    bench.code(bench.document("R2"), "School", "rang")
    bench.done(bench.document("R2"))
    assert sum(rereview.count_unreviewed(*arguments(bench)).values()) == 2
    assert counted == []
    rereview.decide(*arguments(bench), [mine], "keep")
    assert sum(rereview.count_unreviewed(*arguments(bench)).values()) == 1
    assert counted == []
    assert sum(rereview.count_unreviewed(*arguments(bench), everybody=True).values()) == 2
    assert counted == [1]
    rereview.decide(*arguments(bench), [bens], "remove")
    assert sum(rereview.count_unreviewed(*arguments(bench), everybody=True).values()) == 1
    assert sum(rereview.count_unreviewed(*arguments(bench)).values()) == 1
    assert counted == [1]
    with pytest.raises(NotFound):
        rereview.decide(*arguments(bench), [bens], "remove")
    rereview.undo_last(*arguments(bench))
    assert sum(rereview.count_unreviewed(*arguments(bench), everybody=True).values()) == 2
    assert counted == [1, 1]


def test_viewers_decide_nothing(redefined):
    bench, _, mine, _, _ = redefined
    viewer = bench.person("Vi")
    with bench.database.write() as connection:
        connection.execute(insert(tables.membership).values(
            study_id=bench.study_id, coder_id=viewer.id, role="viewer", created_at="2022-01-01"
        ))  # fmt: skip
    with pytest.raises(NotAllowed, match="viewer"):
        rereview.decide(*arguments(bench, viewer), [mine], "keep")
