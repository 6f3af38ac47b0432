"""What a person sets outside a study: where the database is, and the bundled files.

In: environment variables that begin with WORKBENCH_. Out: one `Settings` value.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

SAMPLE_STUDY = "SpeakOut sample"
"""The study that the bundled synthetic survey is loaded into."""


class Settings(BaseSettings):
    """The workbench's settings, each from an environment variable of the same name."""

    model_config = SettingsConfigDict(env_prefix="WORKBENCH_")

    database_url: str = Field(
        default_factory=lambda: default_database_url(),
        description="Where the database is: an SQLite file or a PostgreSQL server, as a URL.",
    )
    sign_in_as: str = Field(
        default="", description="Open the app as this person instead of asking for a name."
    )
    media_url: str = Field(
        default="",
        description="Where recordings are kept: a folder or a URL that fsspec knows, such as "
        "s3://bucket/folder. Default: the folder `media` beside the database.",
    )
    model_folder: Path = Field(
        default_factory=lambda: user_data_path("speakout-workbench", appauthor=False) / "models",
        description="Where speech recognition models are kept.",
    )
    max_recording_mb: int = Field(
        default=500, gt=0, description="Largest recording that is taken in, in MB."
    )
    max_recording_minutes: int = Field(
        default=240, gt=0, description="Longest recording that is taken in, in minutes."
    )
    max_recordings: int = Field(
        default=5_000, gt=0, description="Most recordings that are taken in at once."
    )
    start_worker: bool = Field(
        default=True, description="Whether the app starts a worker when recordings wait."
    )


def default_database_url() -> str:
    """Give the SQLite file in the platform's folder for a person's own data."""
    folder = user_data_path("speakout-workbench", appauthor=False)
    return f"sqlite:///{folder / 'workbench.sqlite3'}"


@cache
def bundled(name: str) -> Path:
    """Find a file or folder that comes with the program, such as `codebooks/speakout.yaml`.

    In a checkout it lies at the top; in an installed package under `workbench/bundle`.
    """
    here = Path(__file__).parent
    installed = here / "bundle" / name
    return installed if installed.exists() else here.parent / name
