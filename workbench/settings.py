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
