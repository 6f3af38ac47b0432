"""The key map is whole: what the scripts listen to, what they show, and what is written agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
COMPONENTS = ROOT / "workbench" / "ui" / "components"
KEYBOARD = (ROOT / "docs" / "keyboard.md").read_text(encoding="utf-8")

WRITTEN = {
    "ArrowUp": "↑", "ArrowDown": "↓", "ArrowLeft": "←", "ArrowRight": "→", "PageUp": "Page Up",
    "PageDown": "Page Down", " ": "Space", "Backspace": "Delete",
}  # fmt: skip
"""How a key is written in the documentation, where not by its own name."""


def script(name: str) -> str:
    return (COMPONENTS / name).read_text(encoding="utf-8")


def section(heading: str) -> str:
    found = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", KEYBOARD, re.M | re.S)
    assert found, heading
    return found[1]


def written_keys(heading: str) -> set[str]:
    """Every key that a section names, in backquotes: `Shift + D` as it stands, `J  K` as two."""
    quoted = re.findall(r"`([^`]+)`", section(heading))
    return {part for text in quoted for part in re.split(r"  |, ", text)}


def object_of(name: str, text: str) -> dict[str, str]:
    """A literal of one level, such as LETTERS, as a dictionary."""
    found = re.search(rf"const {name} = \{{(.*?)\}};", text, re.S)
    assert found, name
    return dict(re.findall(r'["]?([^\s",:]+)["]?: "(\w+)"', found[1]))


def test_every_key_of_checking_by_ear_is_written_down() -> None:
    keys = script("checking_pane/commands.js")
    signs = {"Comma": ",", "Period": "."}
    heard = {f"Alt + {letter.upper()}" for letter in object_of("LETTERS", keys)}
    heard |= {f"Alt + {WRITTEN[key]}" for key in object_of("ARROWS", keys)}
    heard |= {f"Alt + {signs[key]}" for key in object_of("SIGNS", keys)}
    assert len(heard) == 10
    assert written_keys("On the page Check by ear") - {"."} >= (heard | {"Escape", "Ctrl + Enter"})


def heard_keys(text: str) -> set[str]:
    """Keys that a script compares `event.key` with, or looks up in a table of steps."""
    compared = set(re.findall(r'event\.key === "([^"]+)"', text))
    for table in re.findall(r"const (?:steps|goals) = \{(.*?)\};", text, re.S):
        compared |= set(re.findall(r"(\w+): ", table))
    return {WRITTEN.get(key, key) for key in compared}


def test_every_command_of_the_pane_stands_in_its_key_map() -> None:
    keys = script("coding_pane/keys.js")
    listed = re.search(r"KEY_MAP = \[\n(.*?)\n\];", keys, re.S)
    assert listed
    shown = {
        part
        for entry in re.findall(r'\["([^"]+)", "', listed[1])
        for part in re.split(r"  |, ", entry)
    }
    letters = object_of("LETTERS", keys)
    signs = object_of("SIGNS", keys)
    assert len(letters) == 12 and len(signs) == 4
    wanted = {letter.upper() for letter in letters} | set(signs)
    wanted |= heard_keys(keys) - {"↑"} | {"Alt + ↑", "1–9"}
    wanted |= {f"Shift + {letter.upper()}" for letter in object_of("SHIFTED", keys)}
    wanted |= {"Ctrl + Z", "Ctrl + Shift + Z", "Ctrl + Y"}
    assert shown == wanted | {"Shift + arrows"}


def test_every_command_can_be_carried_out() -> None:
    """A name in keys.js is a method of the deeds, the discussion, the moves or the memo."""
    keys = script("coding_pane/keys.js")
    named = {*object_of("LETTERS", keys).values(), *object_of("SIGNS", keys).values()}
    named |= {*object_of("SHIFTED", keys).values()}
    named |= set(re.findall(r'name: (?:event\.shiftKey \? )?"(\w+)"', keys))
    methods = set()
    for name in ("deeds", "discussion", "moves", "document_memo"):
        methods |= set(re.findall(r"^  (\w+)\(.*\) \{$", script(f"coding_pane/{name}.js"), re.M))
    assert len(named) > 15
    assert named <= methods


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("coding_pane/answers.js", "In the list of answers"),
        ("coding_pane/codes.js", "In the list of codes and its search box"),
    ],
)
def test_keys_of_the_lists_are_written_down(name: str, heading: str) -> None:
    heard = heard_keys(script(name))
    assert len(heard) >= 6
    assert heard <= written_keys(heading)


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("coding_pane/popover.js", "In the list of codings under the caret"),
        ("coding_pane/dialogs.js", "In a memo"),
    ],
)
def test_keys_of_small_boxes_are_written_down(name: str, heading: str) -> None:
    heard = heard_keys(script(name))
    assert heard
    written = " ".join(written_keys(heading) | written_keys("In a memo"))
    assert [key for key in heard if key not in written] == []


def test_keys_for_placing_again_are_written_down() -> None:
    placing = script("placing_pane/placing.js")
    deeds = object_of("DEEDS", placing)
    assert set(deeds.values()) >= {"accept", "guess", "next", "previous"}
    written = written_keys("On the Place again page")
    assert {letter.upper() for letter in deeds} <= written
    assert {"Enter", "Delete", "Ctrl + Z"} <= written


def test_keys_for_reviewing_again_are_written_down() -> None:
    signs = {"ArrowRight": "→", "ArrowLeft": "←"}
    keys = object_of("KEYS", script("codebooks/review_keys.js"))
    assert set(keys.values()) >= {"review_keep", "review_remove", "review_recode"}
    written = written_keys("On the Review again page")
    assert {signs.get(key, key.upper()) for key in keys} == written


def test_the_key_for_help_is_the_same_everywhere() -> None:
    assert 'event.key !== "?"' in script("help_key.js")
    assert object_of("SIGNS", script("coding_pane/keys.js"))["?"] == "help"
    assert "?" in written_keys("On every page")
