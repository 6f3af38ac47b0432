"""A page's filter in its address: it comes back, says nobody's words, and survives what is gone."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from tests.services.coding.test_saved_filters import arguments, everything
from tests.services.counting.test_summarise import add_group
from workbench.domain.codings import DocumentFilter
from workbench.services import sessions
from workbench.services.coding import filter_links
from workbench.services.coding.saved_filters import Settings
from workbench.store.tables import study


def back(bench, parameters):
    return filter_links.from_parameters(*arguments(bench), parameters)


def written(bench, settings):
    return filter_links.as_parameters(*arguments(bench), settings)


def test_what_is_written_comes_back_without_the_words_searched_for(bench):
    made = everything(bench)
    parameters = written(bench, made)
    without_words = replace(made, documents=replace(made.documents, search=""))
    assert back(bench, parameters) == (without_words, ())
    assert set(parameters) <= set(filter_links.NAMES)
    assert written(bench, Settings()) == {}
    assert back(bench, {}) == (Settings(), ())
    for layer in ("any", "consensus"):
        shown = Settings(DocumentFilter(finished=False), layer=layer, of_nobody=True)
        assert back(bench, written(bench, shown)) == (shown, ())


def test_nobodys_words_stand_in_an_address(bench):
    add_group(bench, [("R1", "I waited")])
    parameters = written(bench, everything(bench)) | written(
        bench, Settings(DocumentFilter(series="Mothers of Leeds"))
    )
    named = filter_links.digests(*arguments(bench), ["Roma"])
    address = " ".join([*parameters.values(), *named.values()])
    for words in ("Roma", "old", "stated", "میں", "Leeds"):
        assert words not in address


def test_nobody_can_try_values_without_the_secret_of_the_study(bench):
    made = everything(bench)
    shown = replace(made, documents=replace(made.documents, series="Mothers of Leeds"))
    here = written(bench, shown)
    guesses = filter_links.digests(*arguments(bench), ["Roma", "Mothers of Leeds"])
    with bench.database.write() as connection:
        connection.execute(update(study).values(digest_key="0" * 64))
    there = written(bench, shown)
    for name in ("groups", "series"):
        assert here[name] != there[name]
    again = filter_links.digests(*arguments(bench), guesses)
    assert set(again.values()).isdisjoint(guesses.values())
    settings, gone = back(bench, here)
    assert set(gone) == {"a series", "a value of an attribute"}
    assert settings.documents.groups == ()


def test_series_and_focus_groups_come_back(bench):
    key = add_group(bench, [("R1", "I waited")])
    (held,) = sessions.list_sessions(*arguments(bench))
    for where in (DocumentFilter(series=held.series), DocumentFilter(kind="focus_group"),
                  DocumentFilter(session_id=key)):  # fmt: skip
        shown = Settings(where)
        assert back(bench, written(bench, shown)) == (shown, ())
    other = written(bench, Settings(DocumentFilter(series="Another")))
    assert back(bench, other) == (Settings(), ("a series",))


def test_what_the_study_has_not_got_is_named_and_left_out(bench):
    made = everything(bench)
    parameters = written(bench, made)
    lost = {"question_id": "99999", "coded": "99999", "coded_by": "99999",
            "groups": parameters["groups"].replace("-", "-0", 1)}  # fmt: skip
    settings, gone = back(bench, parameters | lost)
    assert set(gone) == {"a question", "a code", "a coder", "a value of an attribute"}
    assert (settings.code_id, settings.layer, settings.documents.question_id) == (None, "any", None)
    assert settings.documents.groups == made.documents.groups[1:]


@pytest.mark.parametrize("odd", ["", "x", "-1", "1" * 40, "١٢", "<b>", "any\x00", "1.5", "--", "."])
def test_odd_addresses_restrict_nothing(bench, odd):
    settings, _ = back(bench, dict.fromkeys(filter_links.NAMES, odd))
    assert settings == Settings()
