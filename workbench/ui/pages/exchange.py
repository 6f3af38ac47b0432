"""Exchange: projects to and from other programs for qualitative analysis, by REFI-QDA.

In: the open study, or a file of another program. Out: a file for these programs; a study.
"""

from __future__ import annotations

import streamlit as st

from workbench.ui import state
from workbench.ui.components.projects.refi_export import export_section
from workbench.ui.components.projects.refi_intake import import_section
from workbench.ui.components.surveys.import_history import draw_history
from workbench.ui.components.words import line

st.title("Exchange")
line(
    "Projects and codebooks to and from NVivo, ATLAS.ti, MAXQDA, QualCoder, Taguette and others, "
    "in their common format REFI-QDA. Projects of Taguette (its SQLite export) and of QualCoder "
    "come in as they are, too."
)
if state.context().study is not None:
    export_section()
import_section()
draw_history()
