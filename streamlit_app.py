"""The app's entry: `streamlit run streamlit_app.py`, or better `workbench serve`."""

from workbench.ui.shell import run

run()
