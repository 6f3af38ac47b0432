"""The page Compare: what to do first, figures, sentences, and where coders differ."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from workbench.domain.codings import Actor, DocumentFilter
from workbench.services import study
from workbench.services.codebooks import codebook
from workbench.services.coding import code, reading
from workbench.store.documents import documents
from workbench.store.engine import Database
from workbench.store.tables import document_state

HOSTILE = "<img src=x onerror=alert(1)> *Ben*"


def html(at: Any) -> str:
    return "\n".join(item.proto.body for item in at.get("html"))


def words(at: Any) -> str:
    return "\n".join(item.value for item in at.markdown)


def read(place: tuple[Any, ...], who: Actor, plan: dict[int, list[str]]) -> None:
    """Let somebody code the first words of answers and mark them done."""
    _, database, study_id = place
    guids = {item.name: item.guid for item in codebook.list_codes(*place)}
    for document_id, names in plan.items():
        with database.read() as connection:
            opened = documents.open_document(connection, study_id, who.id, document_id)
        words = opened.text.split(maxsplit=1)[0]
        start = opened.text.index(words)
        sent: list[dict[str, Any]] = [
            {"id": str(uuid.uuid4()), "kind": "add", "document": document_id,
             "code": guids[name], "coding": str(uuid.uuid4()), "start": start,
             "end": start + len(words), "quote": words, "sha": opened.sha256}
            for name in names
        ]  # fmt: skip
        sent.append({"id": str(uuid.uuid4()), "kind": "done", "document": document_id,
                     "done": True})  # fmt: skip
        assert not code.apply_operations(who, database, study_id, sent).rejected


@pytest.fixture
def twice(ana: Actor, database: Any, sample_study: int) -> tuple[Any, ...]:
    """Two people have done eight answers, and differ on two of them."""
    place = (ana, database, sample_study)
    listed, _ = reading.list_documents(*place, DocumentFilter(), limit=8)
    one, other = [item.name for item in codebook.list_codes(*place) if item.depth][:2]
    keys = [item.id for item in listed]
    base = {key: [one] if at % 2 else [] for at, key in enumerate(keys)}
    read(place, ana, base)
    read(place, study.sign_in(database, HOSTILE),
         {**base, keys[0]: [one], keys[1]: [other]})  # fmt: skip
    return place


def test_it_says_what_to_do_where_nobody_has_done_the_same(
    open_page: Any, database: Database, sample_study: int
) -> None:
    with database.write() as connection:  # as it was before anybody was done with anything
        connection.execute(document_state.delete())
    at = open_page("compare", study=sample_study)
    assert not at.exception
    assert "Nobody has done the same answer as somebody else yet." in html(at)
    assert "Give answers to two people" in [item.label for item in at.button]


def test_where_no_figure_has_an_interval_it_is_said_once(open_page: Any, sample_study: int) -> None:
    at = open_page("compare", study=sample_study)  # two focus groups are all that is done twice
    assert not at.exception
    overall, by_code = [item for item in html(at).split("<table") if "kappa" in item][:2]
    assert overall.count(">no interval<") and ">no interval<" not in by_code
    reason = "No interval: fewer than 5 documents cannot be resampled"
    assert f"{reason}." in overall and reason in by_code


def test_without_a_study_it_leads_to_a_first_one(open_page: Any) -> None:
    at = open_page("compare")
    assert not at.exception
    assert "There is no study yet" in html(at)
    assert "Give answers to two people" not in [item.label for item in at.button]


def test_it_shows_figures_sentences_and_where_they_differ(
    open_page: Any, twice: tuple[Any, ...]
) -> None:
    at = open_page("compare", study=twice[2])
    assert not at.exception
    shown = html(at)
    assert "8 documents that both have done." in shown
    assert "6 of 8" in shown and "Krippendorff&#x27;s alpha" in shown
    assert "agree in 13 of 16 decisions" in words(at)
    table = next(item for item in shown.split("<table") if "Agreed" in item)
    assert ">no interval<" in table and "no interval:" not in table
    assert "No interval: it " in shown  # why, once below the table
    assert "It rests on 8 documents" in words(at)
    assert "What is taken for what" in [item.value for item in at.header]
    assert 'class="said"' in shown and "did not apply the code" in shown
    assert "<img" not in shown and "&lt;img src=x" in shown
    assert "<img" not in words(at).replace("\\<img", "")
    labels = [item.label for item in at.get("download_button")]
    assert labels == ["Table as CSV", "Table as XLSX"]
    assert "No two weeks have a figure yet" in shown


def test_other_units_a_reference_and_one_coder(open_page: Any, twice: tuple[Any, ...]) -> None:
    at = open_page("compare", study=twice[2])
    by_label = {item.label: item for item in at.selectbox}
    by_label["Held against"].set_value(twice[0].id).run()
    assert not at.exception and "Precision" in html(at) and "Recall" in html(at)
    unit = next(item for item in at.get("button_group") if "Sentences" in str(item.proto))
    unit.set_value("character").run()
    assert not at.exception
    assert "Alpha for unitizing" in html(at) and " characters." in html(at)
    at.multiselect[0].set_value([twice[0].id]).run()
    assert not at.exception and "Choose at least two coders." in html(at)


def test_a_disagreement_leads_to_adjudication(open_page: Any, twice: tuple[Any, ...]) -> None:
    at = open_page("compare", study=twice[2])
    next(item for item in at.button if item.label == "Adjudicate").click().run()
    assert not at.exception
    assert at.title[0].value != "Compare"
