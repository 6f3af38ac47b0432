"""Which model transcribes: what each can do and needs, whether it is here, and fetching it.

In: the open study. Out: the chosen model, or None while it cannot be used yet.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from workbench.services.voice_notes import model_downloads, models
from workbench.services.voice_notes.models import SAMPLE_MODEL, ListedModel
from workbench.ui import state
from workbench.ui.components import remembered
from workbench.ui.components.style import escape
from workbench.ui.components.words import line

OWN = "own"
"""The choice of a file of one's own."""

MODEL, PATH = "transcribe_model", "transcribe_path"
FETCH_EVERY_S = 1.0
MB = 1 << 20


@dataclass(frozen=True, slots=True)
class ChosenModel:
    """A model to transcribe with. Of a file of one's own it is not known yet what it can do."""

    name: str
    multilingual: bool
    translates: bool
    known: bool = True


def ask_model() -> str:
    """Let the person choose a model; give its name, or `OWN`."""
    place = state.context().in_study()
    listed = {item.model.name: item for item in models.list_models()}
    sample = models.sample_allowed(*place)
    names = [*([SAMPLE_MODEL] if sample else []), *listed, OWN]
    if remembered.recall(MODEL, models.proposed(*place)) not in names:
        state.put(MODEL, names[0])
    return remembered.keep(
        MODEL,
        st.selectbox(
            "Model",
            names,
            format_func=lambda name: _label(name, listed),
            key=state.study_key(MODEL),
        ),
    )


def use_model(name: str) -> ChosenModel | None:
    """Say what a model can do and needs, and fetch it if it is not here; None: not usable yet."""
    if name == SAMPLE_MODEL:
        _about_sample()
        return ChosenModel(SAMPLE_MODEL, multilingual=False, translates=False)
    if name == OWN:
        return _own_file()
    return _known(next(item for item in models.list_models() if item.model.name == name))


def _label(name: str, listed: dict[str, ListedModel]) -> str:
    if name == SAMPLE_MODEL:
        return f"{SAMPLE_MODEL} (for trying out)"
    if name == OWN:
        return "A model file of my own"
    item = listed[name]
    return f"{name} · {_size(item)}{'' if item.here else ' · not on this machine yet'}"


def _size(item: ListedModel) -> str:
    mb = item.model.size_mb
    return f"{mb / 1024:.1f} GB" if mb >= 1024 else f"{mb} MB"


def _about_sample() -> None:
    line(
        "This model is for trying out. It knows 40 English sentences, those of the sample's voice "
        "notes, and takes whatever else it hears for one of them. How well it does says nothing "
        "about speech recognition. It comes with the workbench and works without a network.",
    )


def _own_file() -> ChosenModel | None:
    path = st.text_input(
        "Path of the file, on the machine that runs the workbench",
        remembered.recall(PATH, ""),
        key=state.study_key(PATH),
        placeholder="/home/me/whisper-tuned.pt",
        width=480,
    )
    remembered.keep(PATH, path)
    if not path.strip():
        line("A checkpoint as openai-whisper writes it (.pt), such as one trained on your region.")
        return None
    return ChosenModel(path.strip(), multilingual=True, translates=True, known=False)


def _known(item: ListedModel) -> ChosenModel | None:
    found = item.model
    languages = "about 100 languages" if found.multilingual else "English only"
    english = ", and translates them into English" if found.translates else ""
    if found.multilingual and not found.translates:
        english = ", but cannot translate"
    line(
        f"{found.advice} Takes about {found.memory_gb:g} GB of memory; knows {languages}{english}."
        if found.advice != "English only."
        else f"Takes about {found.memory_gb:g} GB of memory; knows English only."
    )
    if not item.here:
        _fetch(item)
        return None
    model_downloads.forget(found.name)
    return ChosenModel(found.name, found.multilingual, found.translates)


def _fetch(item: ListedModel) -> None:
    """Offer to fetch a model, show how far that is, and what to do without a network."""
    name = item.model.name
    known = model_downloads.watch(name)
    if known is not None and known.running:
        st.fragment(_watch_fetch, run_every=FETCH_EVERY_S)(name, item.model.size_mb)
        return
    if known is not None and known.cancelled:
        line("Fetching was stopped. What has come is kept, and is taken up again.")
    elif known is not None and known.error:
        st.error(escape(known.error), icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(f"Fetch {name} ({_size(item)})", type="primary", icon=":material/download:"):
            model_downloads.start(name)
            st.rerun()
        line("From the address that openai-whisper names. Nothing is sent but the request.")
    with st.expander("Without a network"):
        st.markdown(
            f"On a machine that has one, run `workbench models download {name}`. Bring the file "
            f"**{escape(item.place.name)}** here and put it into the folder "
            f"`{str(item.place.parent).replace('`', '')}`. Then open this page again."
        )


def _watch_fetch(name: str, size_mb: int) -> None:
    found = model_downloads.watch(name)
    if found is None or not found.running:
        st.rerun()
    total = found.total or size_mb * MB
    words = f"Fetching {name}: {found.have / MB:,.0f} of {total / MB:,.0f} MB"
    st.progress(min(1.0, found.have / total), text=words)
    with st.container(horizontal=True, vertical_alignment="center"):
        stop = st.button("Stop fetching", disabled=found.cancelled, key=f"stop_{name}")
        if stop:
            model_downloads.cancel(name)
        line("You can go on with other work, and close the browser.")
