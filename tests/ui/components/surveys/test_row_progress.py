"""The bar of a long import: it tells rows, and a click does not break the work off."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def long_work() -> None:
    import streamlit as st

    from workbench.ui.components.surveys.row_progress import QUICK, row_progress

    n_rows = 2 * QUICK
    shown = st.empty()
    with shown.container(), row_progress("Importing", n_rows) as progress:
        progress(1_500, n_rows)
        st.session_state["done"] = True
        progress(n_rows, n_rows)


def short_work() -> None:
    from workbench.ui.components.surveys.row_progress import row_progress

    with row_progress("Checking", 3) as progress:
        progress(3, 3)


def test_long_work_has_a_bar_that_goes_when_it_is_done() -> None:
    at = AppTest.from_function(long_work).run()
    assert not at.exception
    assert at.session_state["done"]
    assert not at.get("progress")


def test_the_bar_tells_the_rows() -> None:
    def stops_half_way() -> None:
        from workbench.ui.components.surveys.row_progress import QUICK, row_progress

        try:
            with row_progress("Importing", 2 * QUICK) as progress:
                progress(1_500, 2 * QUICK)
                raise ValueError
        except ValueError:
            pass

    at = AppTest.from_function(stops_half_way).run()
    assert not at.exception
    (bar,) = at.get("progress")
    assert (bar.proto.text, bar.proto.value) == ("Importing row 1,500 of 4,000", 37)


def test_short_work_has_none() -> None:
    at = AppTest.from_function(short_work).run()
    assert not at.exception
    assert not at.get("progress")
