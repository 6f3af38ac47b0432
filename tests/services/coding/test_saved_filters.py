"""Saved filters: under a name, shared in the study, and true to what the study still has."""

import pytest
from sqlalchemy import text

from workbench.domain.codings import DocumentFilter
from workbench.errors import InputError, NotFound
from workbench.services.codebooks import codebook
from workbench.services.coding import extracts, saved_filters
from workbench.services.coding.saved_filters import Settings
from workbench.services.counting import summarise


def arguments(bench, actor=None):
    return actor or bench.actor, bench.database, bench.study_id


def save(bench, name, settings, page="extracts", **options):
    return saved_filters.save_filter(*arguments(bench), page, name, settings, **options)


def names(bench, page="extracts"):
    return [item.name for item in saved_filters.list_filters(*arguments(bench), page)]


def everything(bench):
    groups = {item.name: item.attribute_id for item in summarise.list_groups(*arguments(bench))}
    codes = bench.codes()
    return Settings(
        DocumentFilter(
            question_id=bench.documents()[0].question_id,
            groups=((groups["group"], ("Roma", "Not stated")), (groups["age"], "old")),
            state="done",
            code_id=codes["School"].id,
            search="میں",
            finished=False,
        ),
        codes["Access"].id,
        bench.actor.id,
        "me",
        True,
    )


def test_what_is_saved_comes_back(bench):
    made = everything(bench)
    save(bench, "  Fathers   on waiting ", made)
    ben = bench.person("Ben")
    (found,) = saved_filters.list_filters(*arguments(bench, ben), "extracts")
    assert (found.name, found.settings, found.created_by) == ("Fathers on waiting", made, "Asha")
    assert found.gone == ()
    assert names(bench, "themes") == []
    assert Settings.of({}) == Settings()
    assert Settings().as_dict() == {}


def test_it_finds_what_it_found_on_the_page(bench):
    bench.code(bench.document("R1"), "Waiting", "She listened")
    bench.code(bench.document("R3"), "Waiting", None)
    groups = {item.name: item.attribute_id for item in summarise.list_groups(*arguments(bench))}
    documents = DocumentFilter(groups=((groups["group"], ("Roma", "Irish")),), finished=False)
    made = Settings(documents, bench.codes()["Access"].id, bench.actor.id)
    save(bench, "F", made)
    kept = saved_filters.find_filter(*arguments(bench), "extracts", " f ")
    where = saved_filters.extract_filter(kept.settings)
    on_page = extracts.make_filter(
        *arguments(bench), code_ids=[made.code_id], layer="Asha", documents=documents
    )
    assert where == on_page
    assert extracts.count_extracts(*arguments(bench), where).n_extracts == 2


def test_names_are_one_each_and_a_filter_can_take_anothers_place(bench):
    key = save(bench, "One", Settings(quotable_only=True))
    with pytest.raises(InputError, match="there is a filter 'One' already"):
        save(bench, "ONE", Settings())
    assert save(bench, "ONE", Settings(starred="anybody"), overwrite=True) == key
    (found,) = saved_filters.list_filters(*arguments(bench), "extracts")
    assert (found.name, found.settings) == ("ONE", Settings(starred="anybody"))
    save(bench, "One", Settings(), page="themes")
    for name in ("", "   ", "x" * 201):
        with pytest.raises(InputError, match="a filter's name has 1 to 200 characters"):
            save(bench, name, Settings())


def test_rename_and_delete(bench):
    one, _ = save(bench, "One", Settings()), save(bench, "Two", Settings())
    saved_filters.rename_filter(*arguments(bench), "extracts", one, "one")
    with pytest.raises(InputError, match="there is a filter 'Two' already"):
        saved_filters.rename_filter(*arguments(bench), "extracts", one, "two")
    assert names(bench) == ["one", "Two"]
    saved_filters.delete_filter(*arguments(bench), "extracts", one)
    assert names(bench) == ["Two"]
    for deed in (
        lambda: saved_filters.delete_filter(*arguments(bench), "extracts", one),
        lambda: saved_filters.rename_filter(*arguments(bench), "extracts", one, "x"),
    ):
        with pytest.raises(NotFound, match="not there any more"):
            deed()
    with pytest.raises(NotFound, match=r"no saved filter 'Three'. Saved filters: Two"):
        saved_filters.find_filter(*arguments(bench), "extracts", "Three")


def test_retired_codes_stay_and_what_is_gone_is_named(bench):
    bench.code(bench.document("R1"), "School", None)
    school = bench.codes()["School"].id
    save(bench, "Kept", Settings(code_id=school))
    codebook.retire_code(*arguments(bench), school)
    (found,) = saved_filters.list_filters(*arguments(bench), "extracts")
    assert (found.settings.code_id, found.gone) == (school, ())
    where = saved_filters.extract_filter(found.settings)
    assert extracts.count_extracts(*arguments(bench), where).n_extracts == 1
    gone = Settings(
        DocumentFilter(question_id=999, survey_id=999, code_id=999, groups=((999, "x"),)), 999, 999
    )
    save(bench, "Gone", gone)
    found = saved_filters.find_filter(*arguments(bench), "extracts", "Gone")
    assert found.settings == Settings()
    assert found.gone == ("a code", "a question", "a survey", "an attribute", "a coder")


def test_an_attribute_that_became_identifying_is_gone(bench):
    groups = {item.name: item.attribute_id for item in summarise.list_groups(*arguments(bench))}
    save(bench, "One", Settings(DocumentFilter(groups=((groups["age"], "old"),))))
    with bench.database.write() as connection:
        connection.execute(text("UPDATE attribute SET identifying = true WHERE name = 'age'"))
    (found,) = saved_filters.list_filters(*arguments(bench), "extracts")
    assert (found.settings, found.gone) == (Settings(), ("an attribute",))


def test_the_trail_holds_no_words(bench):
    key = save(bench, "A name to be kept out", Settings(DocumentFilter(search="some words")))
    saved_filters.rename_filter(*arguments(bench), "extracts", key, "Another name")
    saved_filters.delete_filter(*arguments(bench), "extracts", key)
    with bench.database.read() as connection:
        rows = connection.execute(text("SELECT verb, payload FROM event ORDER BY number")).all()
    assert [row.verb for row in rows[-3:]] == ["save filter", "rename filter", "delete filter"]
    written = " ".join(row.payload for row in rows)
    assert "some words" not in written
    assert "name to be" not in written
