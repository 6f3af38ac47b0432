"""What a browser session remembers, by name and type: the only place that knows session keys.

In: Streamlit's session state and the address. Out: the person, the study, and where they are.
The person and the study stand in the address too, so that a reload keeps them, and on some pages
what they filter by.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from workbench.domain.codings import Actor
from workbench.errors import NotFound
from workbench.services import opening, study
from workbench.services.opening import Database
from workbench.services.study import Study
from workbench.settings import Settings


@dataclass(frozen=True, slots=True)
class Context:
    """Who works in which study of which database. `study` is None while there is none."""

    actor: Actor
    database: Database
    study: Study | None

    def in_study(self) -> tuple[Actor, Database, int]:
        """Give what a service of a study takes first.

        Raises
        ------
        NotFound
            When no study is open.
        """
        if self.study is None:
            raise NotFound("no study is open. Make one or import a survey first.")
        return self.actor, self.database, self.study.id


@st.cache_resource(show_spinner=False)
def _database(url: str) -> Database:
    return opening.open_database(url)


def open_database() -> Database:
    """Open the database that the settings name, once for all sessions."""
    return _database(Settings().database_url)


def person(database: Database) -> Actor | None:
    """Find who sits at this browser: signed in, named by the address, or set for the machine."""
    known: Actor | None = st.session_state.get("person")
    if known is not None:
        return known
    preset = Settings().sign_in_as
    if preset:
        return sign_in(database, preset)
    named = st.query_params.get("as", "")
    for actor in study.list_people(database) if named else ():
        if actor.name == named:
            st.session_state["person"] = actor
            return actor
    return None


def sign_in(database: Database, name: str) -> Actor:
    """Let a person of this name work in this browser session."""
    actor = study.sign_in(database, name)
    st.session_state["person"] = actor
    return actor


def sign_out() -> None:
    """Forget who sits at this browser."""
    st.session_state.pop("person", None)
    st.query_params.pop("as", None)


def open_study(study_id: int | None) -> None:
    """Work in this study from now on; what belonged to the last one is forgotten."""
    if st.session_state.get("study_id") != study_id:
        for key in [key for key in st.session_state if str(key).startswith("in_study:")]:
            del st.session_state[key]
        if "study_id" in st.session_state:
            remember_parameters({}, set(st.query_params) - KEPT)  # they name things of that study
    st.session_state["study_id"] = study_id


def current_study(actor: Actor, database: Database) -> Study | None:
    """Give the study that is open: chosen before, named by the address, else the first."""
    studies = {item.id: item for item in study.list_studies(actor, database, with_sizes=False)}
    wanted = st.session_state.get("study_id")
    if wanted not in studies:
        named = st.query_params.get("study", "")
        wanted = int(named) if named.isdigit() and int(named) in studies else None
    if wanted is None and studies:
        wanted = next(iter(studies))
    open_study(wanted)
    return studies.get(wanted) if wanted is not None else None


def remember_in_address(actor: Actor, found: Study | None) -> None:
    """Write person and study into the address, so that a reload keeps them."""
    wanted = {"as": actor.name} | ({"study": str(found.id)} if found else {})
    for name, value in wanted.items():
        if st.query_params.get(name) != value:
            st.query_params[name] = value


KEPT = frozenset({"as", "study", "embed", "embed_options"})
"""Parameters of the address that stay when another study is opened."""


def parameters() -> dict[str, str]:
    """Give what stands in the address."""
    return dict(st.query_params.to_dict())


def remember_parameters(wanted: Mapping[str, str], known: Collection[str]) -> None:
    """Write into the address, for a reload or a link; of those known the others are taken out."""
    now = parameters()
    then = {name: value for name, value in now.items() if name not in known} | dict(wanted)
    if then != now:
        st.query_params.from_dict(then)


def link() -> str:
    """Give the address of what is shown, for somebody else: it does not say who they are."""
    found = {name: value for name, value in parameters().items() if name != "as"}
    return f"{st.context.url or ''}?{urlencode(found)}"


def open_document() -> int | None:
    """Give the document that is open, or that the address names after a reload."""
    known: int | None = get("open_document")
    named = st.query_params.get("document", "")
    return int(named) if known is None and named.isdigit() and len(named) < 10 else known


def remember_document(document_id: int) -> None:
    """Keep the open document, in the address too, so that a reload comes back to it."""
    put("open_document", document_id)
    if st.query_params.get("document") != str(document_id):
        st.query_params["document"] = str(document_id)


def opened(kind: str) -> int | None:
    """Give the "respondent", "question" or "group" that is open, or that the address names."""
    known: int | None = get(f"open_{kind}")
    named = st.query_params.get(kind, "")
    return int(named) if known is None and named.isdigit() and len(named) < 10 else known


def remember_opened(kind: str, key: int) -> None:
    """Keep what is open, in the address too, so that a reload comes back to it."""
    put(f"open_{kind}", key)
    if st.query_params.get(kind) != str(key):
        st.query_params[kind] = str(key)


def context() -> Context:
    """Give who works where; the shell has seen to it that there is somebody.

    Raises
    ------
    NotFound
        When a page is opened without the shell.
    """
    found: Context | None = st.session_state.get("context")
    if found is None:
        raise NotFound("nobody is signed in. Open the app from its start page.")
    return found


def set_context(found: Context) -> None:
    """Keep who works where for the page that is about to be drawn."""
    st.session_state["context"] = found


def study_key(name: str) -> str:
    """Name a session key of the open study: forgotten when another study is opened."""
    return f"in_study:{name}"


def get(name: str, default: Any = None) -> Any:
    """Read something remembered for the open study."""
    return st.session_state.get(study_key(name), default)


def put(name: str, value: Any) -> None:
    """Remember something for the open study."""
    st.session_state[study_key(name)] = value


def has(name: str) -> bool:
    """Tell whether something is remembered for the open study."""
    return study_key(name) in st.session_state


def forget(name: str) -> None:
    """Forget something remembered for the open study."""
    st.session_state.pop(study_key(name), None)


def keep(name: str, value: Any) -> None:
    """Remember something whichever study is open, such as a file that is being imported."""
    st.session_state[f"kept:{name}"] = value


def recall(name: str, default: Any = None) -> Any:
    """Read something that was kept."""
    return st.session_state.get(f"kept:{name}", default)


def drop(name: str) -> None:
    """Forget something that was kept."""
    st.session_state.pop(f"kept:{name}", None)


def set_widget(key: str, value: Any) -> None:
    """Set what a widget shows, before it is drawn: it goes by its own memory otherwise."""
    st.session_state[key] = value


def cell_edits(key: str) -> dict[int, dict[str, Any]] | None:
    """Read what was edited in a table of fixed rows, by row and column; None if not drawn yet."""
    found = st.session_state.get(key)
    if not found:
        return None
    return {int(row): dict(cells) for row, cells in found.get("edited_rows", {}).items()}


def say_after_rerun(text: str) -> None:
    """Show a short notice once the page has been drawn again."""
    st.session_state["notice"] = text


def take_notice() -> str | None:
    """Give the notice to be shown, once."""
    notice: str | None = st.session_state.pop("notice", None)
    return notice
