"""The sample study as it is loaded: its focus groups, who speaks there, and how they are coded."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.builders import Bench
from workbench.services import study
from workbench.services.coding import exchange
from workbench.services.discussions import focus_groups
from workbench.services.sample import CODERS, GROUPS, SAMPLE_STUDY, load_sample
from workbench.services.surveys import respondents
from workbench.services.team import agree
from workbench.settings import bundled
from workbench.store import tables

NAMES = ("Sumaiya", "Hodan", "Shannon", "Jojo", "Kai", "Wei", "Bryony")
"""As the file of the young people has them."""


@pytest.fixture
def loaded(empty: Bench) -> Bench:
    load_sample(empty.actor, empty.database)
    found = study.find_study(empty.actor, empty.database, SAMPLE_STUDY)
    return Bench(empty.database, empty.actor, found.id)


def test_the_sample_study_has_its_focus_groups(loaded: Bench) -> None:
    place = (loaded.actor, loaded.database, loaded.study_id)
    groups = focus_groups.list_focus_groups(*place)
    assert [item.name for item in groups] == list(GROUPS)
    assert [(item.n_turns, item.n_words) for item in groups] == [(240, 5933), (192, 4240)]
    linked: list[str] = []
    for item in groups:
        discussion = focus_groups.load_discussion(*place, item.id)
        shown = {speaker.name: speaker for speaker in discussion.speakers}
        assert all((shown[name].role == "facilitator") == (name[-1] not in "12345678")
                   for name in shown)  # fmt: skip
        assert all(turn.speaker in shown for turn in discussion.turns)
        linked += discussion.respondents.values()
    assert len(linked) == len(set(linked)) == 14
    assert sum(ref > "R160" for ref in linked) == 5
    assert respondents.count_respondents(*place) == 165
    assert load_sample(loaded.actor, loaded.database) == (False, SAMPLE_STUDY)
    _is_coded(loaded)
    _is_told_of_people(loaded)


def _is_coded(loaded: Bench) -> None:
    """Nobody's coding is missing, and the README tells how far the coders agree."""
    place = (loaded.actor, loaded.database, loaded.study_id)
    rows = [row for row in exchange.export_codings(*place) if row["document"] in GROUPS]
    folder = bundled("data_samples") / "speakout"
    written = (folder / "focus_groups" / "codings.csv").read_text(encoding="utf-8")
    assert len(rows) == sum(line.count(",Coder ") for line in written.splitlines())
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert f"{len(rows)} codings" in readme
    found = agree.compare(*place, unit="sentence", n_bootstrap=0)
    assert (found.coders, found.n_documents) == (CODERS, 2)
    alpha = found.overall.figures["alpha"].value
    assert alpha is not None and 0.65 <= alpha <= 0.75
    assert f"{alpha:.2f} for sentences" in readme


def _is_told_of_people(loaded: Bench) -> None:
    """All have attributes, two do not want to be quoted, and names of the meeting are nowhere."""
    with loaded.database.read() as connection:
        quoted = select(tables.respondent.c.ref).where(~tables.respondent.c.may_be_quoted)
        assert sorted(connection.execute(quoted).scalars()) == ["R162", "R164"]
        values = (
            select(func.count())
            .select_from(tables.respondent_attribute)
            .join(tables.respondent)
            .where(tables.respondent.c.ref > "R160")
            .group_by(tables.respondent.c.ref)
        )
        assert min(connection.execute(values).scalars()) >= 8
        for table in (tables.revision, tables.speaker, tables.segment, tables.import_batch):
            said = repr(connection.execute(select(table)).all())
            assert said != "[]" and not [name for name in NAMES if f"{name} " in said], table.name
