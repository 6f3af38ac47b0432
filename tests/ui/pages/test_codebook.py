"""The Codebook page: the tree, its changes, taking them back, and codebooks as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Bench
from workbench.domain.codings import Actor
from workbench.services import files, study
from workbench.services.codebooks import codebook
from workbench.services.opening import Database

Open = Callable[..., Any]
BOOK = """\
format: speakout-codebook/1
name: Small
codes:
  - name: Contact
    colour: "#332288"
    definition: Getting through.
    cues: [ring, café]
    children:
      - {name: No answer, definition: Nobody picks up.}
      - {name: Waiting, include: A queue., examples: [they said wait]}
  - {name: Respect, colour: "#117733"}
"""


def button(at: Any, start: str) -> Any:
    found = [item for item in at.button if item.label.replace("\\", "").startswith(start)]
    assert found, [item.label for item in at.button]
    return found[0]


def click(at: Any, start: str) -> Any:
    button(at, start).click()
    at.run()
    assert not at.exception, at.exception
    return at


def tree(at: Any) -> Any:
    return next(item for item in at.radio if item.label.startswith("Code ("))


def names(at: Any) -> list[str]:
    """The tree as it is listed: names only."""
    return [option.rsplit(" :gray", 1)[0] for option in tree(at).options]


def choose(at: Any, key: int) -> Any:
    tree(at).set_value(key)
    return at.run()


def field(at: Any, label: str) -> Any:
    fields = [item for item in (*at.text_input, *at.text_area) if item.label == label]
    return fields[-1]


def said(at: Any) -> str:
    return "\n".join(
        [
            element.proto.body
            for element in at.get("html")
            if not element.proto.body.startswith("<style")
        ]
        + [item.value.replace("\\", "") for item in (*at.error, *at.markdown)]
    )


@pytest.fixture
def small(ana: Actor, database: Database) -> tuple[int, dict[str, int]]:
    """A study with a small codebook, and its codes' keys by name."""
    made = study.create_study(ana, database, "Small study")
    codebook.load_codebook(ana, database, made.id, files.read_codebook(BOOK, "book.yaml"))
    return made.id, {item.name: item.id for item in codebook.list_codes(ana, database, made.id)}


def codes(ana: Actor, database: Database, study_id: int) -> dict[str, Any]:
    found = codebook.list_codes(ana, database, study_id, with_retired=True)
    return {item.name: item for item in found}


def test_without_a_study_the_import_is_the_next_step(open_page: Open) -> None:
    at = open_page("codebook")
    assert "There is no study yet." in said(at)
    assert button(at, "Import a survey or transcripts")


def test_an_empty_codebook_has_one_clear_next_step(
    open_page: Open, ana: Actor, database: Database
) -> None:
    made = study.create_study(ana, database, "Empty")
    at = open_page("codebook", study=made.id)
    assert "This study has no codes yet." in said(at)
    at = click(at, "Load the SpeakOut codebook")
    n_codes = len(codebook.list_codes(ana, database, made.id))
    assert n_codes > 30
    assert f"{n_codes} codes added, 0 updated, 0 as they were." in said(at)
    assert len(tree(at).options) == n_codes
    at = click(at, "Undo codebook")
    assert codebook.list_codes(ana, database, made.id) == []
    assert "Undone: codebook SpeakOut" in said(at)
    at = click(at, "Redo codebook")
    assert len(codebook.list_codes(ana, database, made.id)) == n_codes


def test_the_tree_shows_names_counts_and_definitions(
    open_page: Open, sample_study: int, database: Database, ana: Actor
) -> None:
    at = open_page("codebook", study=sample_study)
    usage = codebook.usage(ana, database, sample_study)
    found = codebook.list_codes(ana, database, sample_study)
    some = next(item for item in found if usage.get(item.id, 0) > 1)
    assert f"{some.name} :gray[0 / {usage[some.id]}]" in [
        o.replace("\\", "") for o in tree(at).options
    ]
    assert f"{len(found)} codes in 5 themes" in said(at)
    captions = list(tree(at).proto.captions)
    assert captions[0].replace("\\", "").startswith(found[0].definition[:30])
    at = choose(at, some.id)
    assert [item.value for item in at.header] == [some.name]
    assert f"0 codings of yours, {usage[some.id]} by everybody" in said(at)


def test_search_finds_names_definitions_and_cues_with_what_is_above(
    open_page: Open, small: tuple[int, dict[str, int]]
) -> None:
    at = open_page("codebook", study=small[0])

    def search(wanted: str) -> None:
        next(item for item in at.text_input if item.label == "Search").set_value(wanted)
        at.run()

    for wanted, expected in (
        ("waiting", ["Contact", "Waiting"]),
        ("PICKS", ["Contact", "No answer"]),
        ("cafe", ["Contact"]),
        ("", ["Contact", "No answer", "Waiting", "Respect"]),
    ):
        search(wanted)
        assert names(at) == expected, wanted
    search("zzz")
    assert "No code is shown. Change the search" in said(at)
    assert "0 of 4 codes in 2 themes" in said(at)


def test_a_code_is_edited(
    open_page: Open, small: tuple[int, dict[str, int]], ana: Actor, database: Database
) -> None:
    study_id, keys = small
    at = choose(open_page("codebook", study=study_id), keys["Waiting"])
    assert field(at, "Use it for").value == "A queue."
    assert field(at, "Examples, one a line").value == "they said wait"
    assert not at.color_picker, "only themes have a colour to choose"
    field(at, "Name").set_value("Queues")
    field(at, "Do not use it for").set_value("Delays of one day.")
    field(at, "Examples, one a line").set_value("they said wait\n\n  a year \n")
    field(at, "Cues, one a line").set_value("wait\nqueue")
    at = click(at, "Save")
    item = codes(ana, database, study_id)["Queues"]
    assert (item.exclude, item.examples, item.cues) == (
        "Delays of one day.",
        ("they said wait", "a year"),
        ("wait", "queue"),
    )
    assert item.include == "A queue."
    assert "Queues" in names(at)
    at = click(at, "Undo editing Waiting")
    assert "Waiting" in codes(ana, database, study_id)
    assert field(at, "Name").value == "Waiting"
    assert field(at, "Cues, one a line").value == ""


def test_the_colour_of_a_theme_is_changed(
    open_page: Open, small: tuple[int, dict[str, int]], ana: Actor, database: Database
) -> None:
    study_id, keys = small
    at = choose(open_page("codebook", study=study_id), keys["Respect"])
    at.color_picker[0].set_value("#aa4499")
    at = click(at, "Save")
    assert codes(ana, database, study_id)["Respect"].colour == "#AA4499"


def test_a_name_that_breaks_a_rule_is_refused(
    open_page: Open, small: tuple[int, dict[str, int]], ana: Actor, database: Database
) -> None:
    study_id, keys = small
    at = choose(open_page("codebook", study=study_id), keys["Waiting"])
    for name, message in (("no ANSWER", "is there already"), ("  ", "A code needs a name")):
        field(at, "Name").set_value(name)
        at = click(at, "Save")
        assert message in said(at)
    assert "Waiting" in codes(ana, database, study_id)


def test_saving_does_not_overwrite_what_somebody_else_changed(
    open_page: Open, small: tuple[int, dict[str, int]], ana: Actor, database: Database
) -> None:
    study_id, keys = small
    ben = study.sign_in(database, "Ben")
    at = choose(open_page("codebook", study=study_id), keys["Waiting"])
    codebook.edit_code(ben, database, study_id, keys["Waiting"], {"include": "Ben's."})
    field(at, "Definition").set_value("Mine.")
    at = click(at, "Save")
    item = codes(ana, database, study_id)["Waiting"]
    assert (item.definition, item.include) == ("Mine.", "Ben's.")
    codebook.edit_code(ben, database, study_id, keys["Waiting"], {"definition": "Ben's too."})
    field(at, "Definition").set_value("Mine again.")
    at = click(at, "Save")
    assert "The definition of Waiting has been changed in the meantime; nothing was saved" in said(
        at
    )
    assert codes(ana, database, study_id)["Waiting"].definition == "Ben's too."


def test_what_was_not_saved_stays_when_another_code_is_opened(
    open_page: Open, small: tuple[int, dict[str, int]], ana: Actor, database: Database
) -> None:
    study_id, keys = small
    at = choose(open_page("codebook", study=study_id), keys["Waiting"])
    assert "Not saved" not in said(at)
    field(at, "Use it for").set_value("Half a thought").run()
    assert "Not saved." in said(at)
    assert not [item for item in at.button if item.key == f"unsaved_{keys['Waiting']}"]
    at = choose(at, keys["Respect"])
    assert field(at, "Use it for").value == ""
    assert "Not saved yet:" in said(at) and "Not saved." not in said(at)
    at.button(key=f"unsaved_{keys['Waiting']}").click().run()
    assert tree(at).value == keys["Waiting"]
    assert field(at, "Use it for").value == "Half a thought"
    at = click(at, "Save")
    assert codes(ana, database, study_id)["Waiting"].include == "Half a thought"
    assert "Not saved" not in said(at)


def test_a_new_definition_says_beforehand_what_comes_under_review(
    open_page: Open, small: tuple[int, dict[str, int]], ana: Actor, database: Database
) -> None:
    study_id, keys = small
    bench = Bench(database, ana, study_id, "Small study")
    bench.ingest()
    bench.code(bench.document("R1"), "Waiting", "Then she left")
    at = choose(open_page("codebook", study=study_id), keys["Waiting"])
    field(at, "Name").set_value("Queueing").run()
    assert "under review" not in said(at), "a name changes nothing of what is meant"
    field(at, "Definition").set_value("Other words.").run()
    assert "Saving it brings 1 coding by 1 coder in 1 answer under review again." in said(at)


def test_what_was_not_saved_stays_when_another_page_is_opened(
    open_page: Open, small: tuple[int, dict[str, int]]
) -> None:
    study_id, keys = small
    at = choose(open_page("codebook", study=study_id), keys["Contact"])
    at.color_picker[0].set_value("#aa4499")
    field(at, "Name").set_value("Getting in touch").run()
    pages = Path(__file__).parents[3] / "workbench" / "ui" / "pages"
    at.switch_page(str(pages / "overview.py")).run()
    at.switch_page(str(pages / "codebook.py")).run()
    assert not at.exception
    assert field(at, "Name").value == "Getting in touch"
    assert at.color_picker[0].value.upper() == "#AA4499"
    assert "Not saved." in said(at)


def test_what_was_not_saved_is_thrown_away_on_request(
    open_page: Open, small: tuple[int, dict[str, int]], ana: Actor, database: Database
) -> None:
    study_id, keys = small
    before = codes(ana, database, study_id)["Waiting"]
    at = choose(open_page("codebook", study=study_id), keys["Waiting"])
    field(at, "Definition").set_value("No.").run()
    at = click(at, "Discard")
    assert field(at, "Definition").value == before.definition
    assert "Not saved" not in said(at)
    field(at, "Definition").set_value("Twice.").run()
    field(at, "Definition").set_value(before.definition).run()
    assert "Not saved" not in said(at), "written back by hand"
    at = choose(at, keys["Respect"])
    assert "Not saved" not in said(at)
    assert codes(ana, database, study_id)["Waiting"] == before


def test_what_was_not_saved_survives_somebody_elses_change(
    open_page: Open, small: tuple[int, dict[str, int]], ana: Actor, database: Database
) -> None:
    study_id, keys = small
    ben = study.sign_in(database, "Ben")
    at = choose(open_page("codebook", study=study_id), keys["Waiting"])
    field(at, "Definition").set_value("Mine.").run()
    at = choose(at, keys["Respect"])
    codebook.edit_code(ben, database, study_id, keys["Waiting"], {"include": "Ben's."})
    at = choose(at, keys["Waiting"])
    assert field(at, "Definition").value == "Mine."
    at = click(at, "Save")
    item = codes(ana, database, study_id)["Waiting"]
    assert (item.definition, item.include) == ("Mine.", "Ben's.")
    assert field(at, "Use it for").value == "Ben's."


def test_codes_and_themes_are_added(
    open_page: Open, small: tuple[int, dict[str, int]], ana: Actor, database: Database
) -> None:
    study_id, keys = small
    at = choose(open_page("codebook", study=study_id), keys["Respect"])

    def add(at: Any, form: str, name: str) -> Any:
        box = next(i for i in at.text_input if i.label == "Name" and i.form_id.startswith(form))
        box.set_value(name)
        next(i for i in at.button if i.label == "Add" and i.form_id.startswith(form)).click()
        at.run()
        assert not at.exception
        return at

    at = add(at, f"add_below_{keys['Respect']}_", "Tone <b>")
    at = add(at, "add_below_top", "Money")
    found = codes(ana, database, study_id)
    assert found["Tone <b>"].path == ("Respect", "Tone <b>")
    assert found["Money"].parent_id is None
    assert found["Money"].colour
    assert [item.value for item in at.header] == ["Money"], "what was added is open"
    assert "Money is in the codebook." in said(at)
    at = add(at, "add_below_top", "money")
    assert "Money is there already." in said(at)


def test_a_code_is_added_beside_the_chosen_one_or_below_it(
    open_page: Open, small: tuple[int, dict[str, int]], ana: Actor, database: Database
) -> None:
    study_id, keys = small
    at = choose(open_page("codebook", study=study_id), keys["Waiting"])

    def add(name: str, label: str | None = None) -> str | None:
        where = next(item for item in at.radio if item.label == "Where")
        if label is not None:
            where.set_value(keys[label])
        form = f"add_below_{keys['Waiting']}_"
        box = next(i for i in at.text_input if i.label == "Name" and i.form_id.startswith(form))
        box.set_value(name)
        next(i for i in at.button if i.label == "Add" and i.form_id.startswith(form)).click().run()
        assert not at.exception
        made = codes(ana, database, study_id)[name].parent_id
        choose(at, keys["Waiting"])
        return next((name for name, key in keys.items() if key == made), None)

    assert "below Contact" in next(i for i in at.radio if i.label == "Where").options[0]
    assert add("Queue") == "Contact"  # the list goes on
    assert add("At the door", "Waiting") == "Waiting"
    assert next(i for i in at.radio if i.label == "Where").options[0] == "Below Waiting"
    choose(at, keys["Contact"])
    assert not [item for item in at.radio if item.label == "Where"]  # a theme: below it


def test_codes_move_among_their_siblings_and_elsewhere(
    open_page: Open, small: tuple[int, dict[str, int]], ana: Actor, database: Database
) -> None:
    study_id, keys = small
    at = choose(open_page("codebook", study=study_id), keys["No answer"])
    assert button(at, "Up").disabled
    at = click(at, "Down")
    assert names(at) == ["Contact", "Waiting", "No answer", "Respect"]
    assert button(at, "Down").disabled
    below = next(item for item in at.selectbox if item.label == "Put it below")
    assert below.options == ["Top level, as a theme", "Contact", "Contact / Waiting", "Respect"]
    below.set_value(keys["Respect"])
    at.run()
    at = click(at, "Move it")
    assert codes(ana, database, study_id)["No answer"].path == ("Respect", "No answer")
    below = next(item for item in at.selectbox if item.label == "Put it below")
    below.set_value(0)
    at.run()
    place = next(item for item in at.selectbox if item.label == "Place")
    assert place.options == ["first", "after Contact", "after Respect"]
    place.set_value(0)
    at.run()
    at = click(at, "Move it")
    assert names(at) == ["No answer", "Contact", "Waiting", "Respect"]
    assert [item.value for item in at.header] == ["No answer"]
    at = click(at, "Undo moving No answer")
    assert names(at) == ["Contact", "Waiting", "Respect", "No answer"]


def test_retiring_tells_what_happens_and_can_be_taken_back(
    open_page: Open, sample_study: int, ana: Actor, database: Database
) -> None:
    at = open_page("codebook", study=sample_study)
    n_before = len(tree(at).options)
    theme = codebook.list_codes(ana, database, sample_study)[0]
    usage = codebook.usage(ana, database, sample_study)
    family = [c for c in codebook.list_codes(ana, database, sample_study) if c.theme_id == theme.id]
    n_codings = sum(usage.get(item.id, 0) for item in family)
    assert n_codings > 3
    told = f"Its {n_codings} codings stay, and still count in themes and extracts."
    assert told in said(at)
    assert f"and the {len(family) - 1} codes below it out of the list" in said(at)
    at = click(at, "Retire it")
    assert f"{theme.name} and the {len(family) - 1} codes below it is retired. {told}" in said(at)
    assert len(tree(at).options) == n_before - len(family)
    assert codebook.usage(ana, database, sample_study) == usage
    at.toggle[0].set_value(True)
    at.run()
    assert len(tree(at).options) == n_before
    at = choose(at, family[1].id)
    at = click(at, "Bring back")
    assert {c.id for c in codebook.list_codes(ana, database, sample_study)} >= {
        theme.id,
        family[1].id,
    }
    assert family[2].id not in {c.id for c in codebook.list_codes(ana, database, sample_study)}
    at = click(click(at, "Undo reviving"), "Undo retiring")
    assert len(codebook.list_codes(ana, database, sample_study)) == n_before


def test_undo_that_meets_somebody_elses_change_is_refused(
    open_page: Open, small: tuple[int, dict[str, int]], ana: Actor, database: Database
) -> None:
    study_id, keys = small
    codebook.edit_code(ana, database, study_id, keys["Waiting"], {"include": "Mine."})
    ben = study.sign_in(database, "Ben")
    codebook.edit_code(ben, database, study_id, keys["Waiting"], {"include": "Ben's."})
    at = click(open_page("codebook", study=study_id), "Undo editing Waiting")
    assert "Ben has changed it since" in said(at)
    assert codes(ana, database, study_id)["Waiting"].include == "Ben's."


def test_a_codebook_file_is_loaded_with_a_report(
    open_page: Open, small: tuple[int, dict[str, int]], ana: Actor, database: Database
) -> None:
    study_id, _ = small
    at = open_page("codebook", study=study_id)
    changed = BOOK.replace("Nobody picks up.", "Nobody answers.") + "  - {name: Money}\n"
    for content, message in (
        (b"format: other\nname: x\ncodes: []\n", "b.yaml, row 1"),
        (b"\xff\xfe", "b.yaml: this is not text in UTF-8. Save it as UTF-8."),
    ):
        at = send(at, "b.yaml", content)
        assert message in said(at)
        assert not [item for item in at.button if item.label.startswith("Load this file")]
    at = send(at, "b.yaml", changed.encode())
    assert "Small: 1 code new, 1 changed, 3 the same." in said(at)
    assert at.dataframe[0].value.values.tolist() == [
        ["Money", "new"], ["Contact / No answer", "Definition"],
    ]  # fmt: skip
    assert codes(ana, database, study_id)["No answer"].definition == "Nobody picks up."
    at = click(at, "Load this file")
    assert "Small: 1 code added, 1 updated, 3 as they were." in said(at)
    assert codes(ana, database, study_id)["No answer"].definition == "Nobody answers."
    assert "Money" in codes(ana, database, study_id)


def send(at: Any, name: str, content: bytes) -> Any:
    at.file_uploader[0].set_value((name, content, "application/octet-stream"))
    return at.run()


def test_a_table_with_bad_rows_is_loaded_without_them(
    open_page: Open, small: tuple[int, dict[str, int]], ana: Actor, database: Database
) -> None:
    study_id, _ = small
    table = b"code,parent,definition,Files\nMoney,,Fees,3\nmoney,,,1\nWaiting,Contact,,2\n"
    at = send(open_page("codebook", study=study_id), "codes.csv", table)
    assert "codes: 1 code new, 0 changed, 2 the same." in said(at)
    assert "Not taken from the file: Files." in said(at)
    assert "1 row to look at." in said(at)
    rows = at.dataframe[1].value.values.tolist()
    assert rows[0][:2] == [3, "name"] and len(rows) == 1
    assert rows[0][2].startswith("money: this code is there already, in row 2. Give one of them")
    at = click(at, "Load the other rows")
    assert "codes: 1 code added, 0 updated, 2 as they were. 1 row left out." in said(at)
    found = codes(ana, database, study_id)
    assert found["Money"].definition == "Fees" and found["Waiting"].include == "A queue."
    at = send(at, "codes.csv", b"code\nMoney\n")
    assert "Nothing will change: the study has all of this already." in said(at)


def test_the_codebook_is_offered_in_every_format(
    open_page: Open, small: tuple[int, dict[str, int]]
) -> None:
    at = open_page("codebook", study=small[0])
    assert [item.label for item in at.get("download_button")] == ["Download the codebook"]
    kinds = next(item for item in at.selectbox if item.label == "Format")
    assert kinds.options == [
        "YAML, to edit and to share", "CSV, for any spreadsheet", "Excel workbook",
        "Word document, to print", "Web page", "REFI-QDA, for NVivo, ATLAS.ti, MAXQDA and others",
        "CSV for Taguette",
    ]  # fmt: skip
    counted = [item for item in at.checkbox if item.label == "With the number of codings"]
    assert not counted, "YAML has no room for them"
    kinds.set_value("docx").run()
    assert [item.label for item in at.checkbox] == ["With the number of codings"]
    assert not at.exception


def test_codes_of_one_name_under_two_themes_are_told_apart(
    open_page: Open, small: tuple[int, dict[str, int]], ana: Actor, database: Database
) -> None:
    study_id, keys = small
    other = codebook.add_code(ana, database, study_id, parent_id=keys["Respect"], name="Waiting")
    at = open_page("codebook", study=study_id)
    assert len(set(tree(at).options)) == 5
    for key, theme in ((keys["Waiting"], "Contact"), (other, "Respect")):
        at = choose(at, key)
        assert f"In {theme}. 0 codings of yours" in said(at)


def test_the_choice_outlives_a_look_at_another_page_and_new_counts(
    open_page: Open, small: tuple[int, dict[str, int]]
) -> None:
    study_id, keys = small
    at = choose(open_page("codebook", study=study_id), keys["Waiting"])
    at.switch_page("workbench/ui/pages/import_survey.py")
    at.run()
    at.switch_page("workbench/ui/pages/codebook.py")
    at.run()
    assert tree(at).value == keys["Waiting"]
    field(at, "Name").set_value("Queues")
    at = click(at, "Save")
    assert tree(at).value == keys["Waiting"]
    assert [item.value for item in at.header] == ["Queues"]


def test_hostile_names_are_only_text(open_page: Open, ana: Actor, database: Database) -> None:
    hostile = "<script>x</script> **b** :red[c] `d`"
    made = study.create_study(ana, database, "Hostile")
    key = codebook.add_code(
        ana, database, made.id, parent_id=None, name=hostile, definition=hostile
    )
    at = open_page("codebook", study=made.id)
    assert tree(at).options[0].replace("\\", "").startswith(hostile)
    raw = [
        *tree(at).options,
        *tree(at).proto.captions,
        *(i.value for i in at.header),
        *(i.label for i in at.button),
    ]
    assert all(hostile not in text for text in raw)
    codebook.retire_code(ana, database, made.id, key)
    at.toggle[0].set_value(True)
    at.run()
    assert tree(at).options[0].endswith("~~ (retired) :gray[0 / 0]")
    assert all("<script>" not in element.proto.body for element in at.get("html"))
