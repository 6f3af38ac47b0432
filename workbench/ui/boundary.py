"""Where errors become messages: around the page, around every fragment, around every callback.

In: code that may raise. Out: the message of a `WorkbenchError`, in the place where it happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from workbench.errors import WorkbenchError
from workbench.ui.components.words import alone


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show what a person can be told, and go on; anything else is a fault and is raised."""
    try:
        yield
    except WorkbenchError as error:
        st.error(alone(error), icon=":material/error:")
