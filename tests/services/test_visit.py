"""The guided first visit: offered once, kept with the person, ticked off by what was done."""

import pytest
from sqlalchemy import text

from workbench.domain.codings import Actor
from workbench.errors import NotFound
from workbench.services import study, visit
from workbench.services.visit import STEPS, Visit
from workbench.store import preferences


def test_it_is_offered_until_it_is_begun_or_declined(empty):
    ben = empty.person("Ben")
    assert visit.get(empty.actor, empty.database) == Visit("offered")
    assert visit.start(empty.actor, empty.database).state == "open"
    assert visit.end(ben, empty.database).state == "ended"
    assert visit.get(empty.actor, empty.database).state == "open"
    assert visit.get(ben, empty.database).state == "ended"


def test_it_goes_on_where_it_was_left(empty):
    who = empty.actor, empty.database
    visit.start(*who)
    visit.see(*who, "codebook")
    visit.go_to(*who, "done")
    assert visit.get(*who) == Visit("open", "done", frozenset({"codebook"}))
    visit.end(*who)
    assert visit.get(*who).state == "ended"
    assert visit.start(*who) == Visit("open", "study"), "from the beginning again"


def test_other_preferences_are_left_alone(empty):
    with empty.database.write() as connection:
        preferences.set_preference(connection, empty.actor.id, "colours", "dark")
    visit.start(empty.actor, empty.database)
    with empty.database.read() as connection:
        assert preferences.get_preference(connection, empty.actor.id, "colours") == "dark"
        assert preferences.get_preference(connection, empty.actor.id, "nothing") is None


@pytest.mark.parametrize("kept", ['{"visit": 7}', '{"visit": {"step": "gone", "seen": ["x"]}}'])
def test_what_an_older_or_newer_version_has_kept_does_no_harm(empty, kept):
    with empty.database.write() as connection:
        connection.execute(text("update coder set preferences = :kept"), {"kept": kept})
    found = visit.get(empty.actor, empty.database)
    assert (found.step, found.seen) == ("study", frozenset())


def test_somebody_unknown_is_told(empty):
    with pytest.raises(NotFound, match="not known in the database any more"):
        visit.start(Actor(4711, "Nobody"), empty.database)


def done(bench, step, actor=None):
    who = actor or bench.actor
    found = visit.go_to(who, bench.database, step)
    return visit.is_done(who, bench.database, bench.study_id, found)


def test_steps_are_done_when_the_person_has_done_them(empty):
    assert {step: done(empty, step) for step in STEPS} == dict.fromkeys(STEPS, False)
    empty.ingest()
    assert done(empty, "study")
    visit.see(empty.actor, empty.database, "codebook")
    assert not done(empty, "codebook"), "there are no codes to read yet"
    empty.load()
    assert done(empty, "codebook")
    ben = empty.person("Ben")
    empty.code(empty.document("R1"), "School", "left", actor=ben)
    empty.done(empty.document("R2"), ben)
    assert not done(empty, "code") and not done(empty, "done"), "somebody else has"
    assert done(empty, "code", ben) and done(empty, "done", ben)
    empty.code(empty.document("R1"), "School", "left")
    assert done(empty, "code") and not done(empty, "done")
    empty.done(empty.document("R1"))
    assert done(empty, "done")
    assert not done(empty, "themes")
    visit.see(empty.actor, empty.database, "themes")
    assert done(empty, "themes") and not done(empty, "extracts")


def test_what_was_done_in_another_study_does_not_count(bench):
    bench.code(bench.document("R1"), "School", "left")
    bench.done(bench.document("R1"))
    other = study.create_study(bench.actor, bench.database, "Other")
    for step in ("study", "codebook", "code", "done"):
        found = visit.go_to(bench.actor, bench.database, step)
        assert not visit.is_done(bench.actor, bench.database, other.id, found), step
        assert not visit.is_done(bench.actor, bench.database, None, found), step
