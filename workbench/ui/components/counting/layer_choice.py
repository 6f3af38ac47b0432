"""Whose codings count: anybody's, the consensus, or one coder's.

In: a name for the choice. Out: the layer, as the services take it.
"""

from __future__ import annotations

from workbench.services import study
from workbench.services.counting import summarise
from workbench.ui import state
from workbench.ui.components.remembered import choose, prepare

WORDS = {"any": "Any coder", "consensus": "Consensus"}


def layer_choice(name: str) -> str:
    """Draw the list of layers and give the one that is chosen."""
    layers = summarise.list_layers(*state.context().in_study())
    return choose(
        "Coded by",
        f"{name}_layer",
        layers,
        words=lambda layer: WORDS.get(layer, layer),
        width=130,
        help="Any coder: what anybody has coded. Consensus: what was adjudicated, or the only "
        "finished coder's work.",
    )


def prepare_layer(name: str, layer: str | int) -> None:
    """Set the layer of a page about to be opened: by its name, or a coder's key."""
    if isinstance(layer, int):
        names = {item.id: item.name for item in study.list_people(state.context().database)}
        layer = names.get(layer, "any")
    prepare(f"{name}_layer", layer)


def layer_of(name: str) -> str | int:
    """Give what a layer's name is kept as: a coder's key, which stays when the name changes."""
    if name in WORDS:
        return name
    keys = {item.name: item.id for item in study.list_people(state.context().database)}
    return keys.get(name, "any")
