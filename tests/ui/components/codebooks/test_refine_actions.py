"""New codes as a person writes them, one a line."""

from __future__ import annotations

from workbench.services.codebooks.refine_split import Part
from workbench.ui.components.codebooks.refine_actions import read_parts


def test_a_line_is_a_name_and_after_a_colon_its_definition() -> None:
    assert read_parts("Looks: scarf, skin: all\n\n  Name  \nLanguage:\n") == [
        Part("Looks", "scarf, skin: all"), Part("Name"), Part("Language"),
    ]  # fmt: skip
    assert read_parts(" \n") == []
