"""Help in place: every page has some, all of it comes along, and no link leads anywhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from workbench.ui.components import help_entry

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in (ROOT / "workbench" / "ui" / "pages").glob("[a-z]*.py"))


def guides() -> set[str]:
    """The documentation's page for each page of the app."""
    found = {name: help_entry.guide_of(name) for name in NAMES}
    assert all(found.values()), found
    return {str(name) for name in found.values()}


def test_a_page_that_nobody_has_described_leads_nowhere() -> None:
    assert help_entry.guide_of("no_such_page") is None


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_what_it_is_for_and_what_people_ask(name: str) -> None:
    path = help_entry.HELP / f"{name}.md"
    assert path.exists(), f"write {path.name}: what the page is for, and what people ask"
    purpose, *asked = path.read_text(encoding="utf-8").strip().split("\n\n")
    assert 40 < len(purpose) < 300
    questions = [re.match(r"\*\*(.+?[?.])\*\* \S", text) for text in asked]
    assert all(questions), f"{name}: each paragraph begins with a question in bold"
    assert 3 <= len(questions) <= 6
    assert help_entry.help_text(name) == path.read_text(encoding="utf-8").strip()


def test_a_page_without_help_of_its_own_tells_of_the_whole() -> None:
    assert "order of the work" in help_entry.help_text("no_such_page")


def test_help_leads_nowhere_outside_and_names_no_file() -> None:
    texts = [path.read_text(encoding="utf-8") for path in help_entry.HELP.glob("*.md")]
    texts += [help_entry.guide_text(name) for name in guides()]
    texts.append(help_entry.guide_text(help_entry.KEYBOARD))
    assert len(texts) > 10
    for text in texts:
        assert not re.search(r"\]\(|https?://(?!127\.0\.0\.1)", text)


def test_every_guide_is_there_and_goes_into_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    taken = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for name in {*guides(), help_entry.KEYBOARD}:
        assert (ROOT / name).is_file()
        assert any(name == source or name.startswith(f"{source}/") for source in taken), name
        assert help_entry.guide_text(name)
    assert all(target == f"workbench/bundle/{source}" for source, target in taken.items())


@pytest.mark.parametrize("name", NAMES)
def test_help_stands_on_every_page(open_page, sample_study, name: str) -> None:
    at = open_page(name, study=sample_study)
    assert not at.exception
    assert help_entry.help_text(name) in [item.value for item in at.sidebar.markdown]
    at.button(key="help_guide").click().run()
    assert not at.exception
    assert help_entry.guide_text(str(help_entry.guide_of(name))) in [
        item.value for item in at.markdown
    ]


def test_the_keys_are_listed_on_request(open_page) -> None:
    at = open_page("overview")
    at.button(key="all_keys").click().run()
    assert not at.exception
    shown = "\n".join(str(item.value) for item in at.markdown)
    for key in ("`1–9`", "`Alt + ↑`", "`Shift + D`", "`?`"):
        assert key in shown
