"""What the checking page is told of a transcript beside its words."""

from workbench.ui.components.checking_pane.payload import machine_html


def test_words_that_people_changed_are_marked_and_only_ever_text():
    html = machine_html("She listned to me", "She <b>listened</b> to me")
    assert "<del>listned</del>" in html
    assert "<ins>&lt;b&gt;listened&lt;/b&gt;</ins>" in html
    assert html.count("<del>") == html.count("<ins>") == 1
