"""`workbench serve` and `demo`: the app in the browser, and the sample study."""

from __future__ import annotations

import os
import runpy
import sys
from typing import Annotated

import typer

from workbench.cli.app import JSON_OPTION, Session, app, say, show

LOOPBACK = "127.0.0.1"


@app.command("serve")
def serve(
    context: typer.Context,
    address: Annotated[
        str, typer.Option(help="Whom to answer. Default: this machine only.")
    ] = LOOPBACK,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port.")] = 8501,
    with_sample: Annotated[
        bool, typer.Option("--with-sample", help="Load the sample study into a new database.")
    ] = False,
    open_browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the browser.")
    ] = True,
) -> None:
    """Start the app."""
    from workbench.settings import bundled

    session: Session = context.obj
    if with_sample:
        _load_sample(session, only_if_new=True)
    if address != LOOPBACK:
        say("Everybody who can reach this address can read the studies: there is no sign-in yet.")
    script = bundled("streamlit_app.py")
    os.environ["WORKBENCH_DATABASE_URL"] = session.url
    shown = "browser" if open_browser and _has_screen() else "headless"
    sys.argv = ["workbench", str(script), address, str(port), shown]
    say(f"The workbench is at http://{address}:{port} (stop it with Ctrl C)")
    # In this process: what is loaded need not be loaded again, and ending it ends the app.
    runpy.run_module("workbench.ui.server", run_name="__main__", alter_sys=True)


@app.command("demo")
def demo(context: typer.Context, as_json: JSON_OPTION = False) -> None:
    """Load the synthetic sample study, or what is missing of it."""
    loaded, name = _load_sample(context.obj, only_if_new=False)
    text = f"Loaded the study {name}." if loaded else f"The study {name} is there already."
    show({"study": name, "loaded": loaded}, as_json=as_json, text=text)


def _load_sample(session: Session, *, only_if_new: bool) -> tuple[bool, str]:
    from workbench.services import study

    actor, database = session.enter()
    if only_if_new and study.list_studies(actor, database):
        return False, ""
    if only_if_new:
        say("First use: loading the sample study.")
    from workbench.services import sample

    return sample.load_sample(actor, database)


def _has_screen() -> bool:
    return sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
