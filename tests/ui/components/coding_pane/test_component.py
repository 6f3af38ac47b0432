"""The two mounts inside Streamlit: what they send, and what comes back."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest


def app() -> None:
    from workbench.ui.components.coding_pane import delta, triggered, workspace

    workspace(key="pane", data={"role": "workspace", "list": {"items": []}}, on_open=lambda: None)
    delta(key="pane_delta", data={"role": "delta", "acked": ["ü"]}, on_ops=lambda: None)
    assert triggered("pane", "open") is None
    assert triggered("pane_delta", "ops") is None
    assert triggered("no such key", "ops") is None


def test_both_mounts_carry_their_data_and_their_scripts() -> None:
    at = AppTest.from_function(app).run(timeout=30)
    assert not at.exception
    first, second = at.get("bidi_component")
    assert json.loads(first.proto.json) == {"role": "workspace", "list": {"items": []}}
    assert json.loads(second.proto.json) == {"role": "delta", "acked": ["ü"]}
    assert "class Pane" in first.proto.js_content
    assert ".cp-root" in first.proto.css_content
    assert not first.proto.isolate_styles
    assert len(second.proto.js_content) < 400
    assert not second.proto.css_content


def test_a_second_run_mounts_the_same_again() -> None:
    at = AppTest.from_function(app).run(timeout=30)
    before = [node.proto.id for node in at.get("bidi_component")]
    again = at.run(timeout=30)
    assert [node.proto.id for node in again.get("bidi_component")] == before
