"""Models: which speech recognition models there are, fetch one, and find the one that is chosen.

In: a model's name or file. Out: what it can do and where it lies. Nothing is fetched unasked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.transcribe import models
from pipelines.transcribe.engines import check_form
from pipelines.transcribe.models import KnownModel, OnBytes
from pipelines.transcribe.sample_model import PACKED, SAMPLE_MODEL
from pipelines.transcribe.transcriber import ModelFile
from workbench.domain.codings import Actor
from workbench.services.trail import trail
from workbench.settings import SAMPLE_STUDY, Settings, bundled
from workbench.store import studies
from workbench.store.engine import Connection, Database

__all__ = ["SAMPLE_MODEL", "KnownModel", "ListedModel", "ModelFile", "check_form"]

IS_SAMPLE = "is_sample"
"""The study's setting that allows the sample model."""


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model as it is offered: what it is, whether it is on this machine, and where it belongs."""

    model: KnownModel
    here: bool
    place: Path


def list_models() -> list[ListedModel]:
    """List all models that can be had, in the order in which they are offered."""
    folder = Settings().model_folder
    return [
        ListedModel(item, models.is_here(item.name, folder), models.place_of(item.name, folder))
        for item in models.KNOWN
    ]


def download(
    name: str,
    *,
    on_bytes: OnBytes | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Path:
    """Fetch a model, since a person asked for it; see `pipelines.transcribe.models`."""
    folder = Settings().model_folder
    return models.download_model(name, folder, on_bytes=on_bytes, cancelled=cancelled)


def find(name: str, *, sample_allowed: bool = False) -> ModelFile:
    """Find a model on this machine, by name or as a file; ModelError where it is not there."""
    return models.find_model(
        name,
        Settings().model_folder,
        sample_allowed=sample_allowed,
        bundled=bundled("data_samples") / PACKED,
    )


def sample_allowed(actor: Actor, database: Database, study_id: int) -> bool:
    """Tell whether a study is a sample, so that the sample model may be used on it."""
    with database.read() as connection:
        return sample_allowed_in(connection, study_id)


def sample_allowed_in(connection: Connection, study_id: int) -> bool:
    """Tell the same, within a transaction."""
    if studies.get_settings(connection, study_id).get(IS_SAMPLE):
        return True
    return studies.get_study(connection, study_id).name == SAMPLE_STUDY


def mark_sample(actor: Actor, database: Database, study_id: int) -> None:
    """Mark a study as a sample, once, so that the sample model may be used on it."""
    with database.write() as connection:
        if studies.get_settings(connection, study_id).get(IS_SAMPLE):
            return
        trail.require(connection, actor, study_id)
        studies.change_settings(connection, study_id, **{IS_SAMPLE: True})
        trail.record(connection, actor, study_id, "mark as a sample", label="sample study")


def proposed(actor: Actor, database: Database, study_id: int) -> str:
    """Give the model to offer first: the sample's in a sample study, else the best that is here."""
    if sample_allowed(actor, database, study_id):
        return SAMPLE_MODEL
    here = [item.model.name for item in list_models() if item.here]
    order = ("turbo", "large-v3", "medium", "small", "base", "tiny")
    return next((name for name in order if name in here), here[0] if here else "small")


def said_of_folder() -> str:
    """Say which models are on this machine, and where, for the doctor."""
    folder = Settings().model_folder
    here = [item.model.name for item in list_models() if item.here]
    if here:
        return f"{', '.join(here)}, in {folder}"
    return f"none in {folder}; fetch one for your own recordings: workbench models download small"


def said_of_sample() -> tuple[bool, str]:
    """Say whether the sample model came with the program, for the doctor."""
    if (bundled("data_samples") / PACKED).is_file():
        return True, "there, for sample studies only"
    return False, "missing: install the workbench again"
