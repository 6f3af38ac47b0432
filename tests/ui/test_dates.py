"""Dates that are known of people: written on screens as people do, in files as they were."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import CODEBOOK, MAPPING, SURVEY, Bench
from workbench.domain.codings import Actor
from workbench.services import study
from workbench.services.coding import extract_files, extracts
from workbench.services.opening import Database

BORN = MAPPING.replace(
    "attributes:\n", "attributes:\n  - {column: born, kind: date, grouping: true}\n"
)
DAY, TOLD = "2014-02-10", "10 Feb 2014"


@pytest.fixture
def bench(ana: Actor, database: Database) -> Bench:
    """Make a study that knows when people were born, with one coding."""
    head, *rows = SURVEY.strip().splitlines()
    text = "\n".join([f"{head},born", *(f"{row},{DAY}" for row in rows)]) + "\n"
    bench = Bench(database, ana, study.create_study(ana, database, "Test").id)
    bench.ingest(text, BORN)
    bench.load(CODEBOOK)
    bench.code(bench.document("R1"), "School", "She listened")
    return bench


def everything(at: Any) -> str:
    """Give all that the browser is told to show, and what lists offer."""
    drawn = [item.proto.body for item in at.get("html")]
    for item in at.get("bidi_component"):
        sent = json.loads(item.proto.json or "null")
        if isinstance(sent, dict):
            sent.pop("groups", None)  # the keys of a table's columns
        drawn.append(json.dumps(sent))
    drawn += [item.value for item in (*at.markdown, *at.caption)]
    drawn += [" ".join(map(str, item.options)) for item in (*at.multiselect, *at.selectbox)]
    for radio in at.radio:
        drawn += [*radio.options, *radio.proto.captions]
    return json.dumps(drawn)


@pytest.mark.parametrize(
    "page", ["respondents", "questions", "coding", "themes", "extracts", "groups"]
)
def test_a_date_is_shown_as_people_write_it(
    open_page: Callable[..., Any], bench: Bench, page: str
) -> None:
    at = open_page(page, study=bench.study_id)
    if page == "themes":
        at.selectbox(key="in_study:themes_by").set_value("born").run()
    assert not at.exception
    shown = everything(at)
    assert TOLD in shown
    assert DAY not in shown


def test_files_keep_dates_as_they_were(bench: Bench) -> None:
    arguments = (bench.actor, bench.database, bench.study_id)
    written = extract_files.extracts_file(
        *arguments, extracts.make_filter(*arguments), format="csv"
    ).decode("utf-8-sig")
    assert DAY in written and TOLD not in written
