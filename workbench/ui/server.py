"""The app's server: Streamlit's own, with two more addresses.

Under one recordings are heard. In: a ticket from `services/voice_notes/listen.py` and a range of
bytes. Out: these bytes. The other tells open coding pages whether anything was done
(`services/coding/live.py`). Run as a module by `workbench serve`; under a plain `streamlit run`
everything works but listening and seeing at once what others code.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import NotAllowed, StoreError, WorkbenchError
from workbench.services import opening
from workbench.services.coding import live
from workbench.services.opening import Database
from workbench.services.voice_notes import listen
from workbench.services.voice_notes.listen import Heard
from workbench.settings import Settings

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

PART = 256 * 1024
"""Bytes handed out at a time."""

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")

HEADERS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-store",
    "Content-Disposition": "inline",
    "X-Content-Type-Options": "nosniff",
}


def span_of(wanted: str | None, size: int) -> tuple[int, int] | None:
    """Read a Range header of one range: (first, last) of the bytes, both included.

    Returns
    -------
    tuple[int, int] | None
        None where the header asks for what is not there. Without a header, or with one that is not
        understood, everything (RFC 9110, section 14.2).

    Examples
    --------
    >>> span_of("bytes=0-99", 1000), span_of("bytes=900-", 1000), span_of("bytes=-100", 1000)
    ((0, 99), (900, 999), (900, 999))
    >>> span_of("bytes=1000-", 1000) is None
    True
    """
    found = _RANGE.fullmatch((wanted or "").strip())
    if found is None or not any(found.groups()):
        return 0, size - 1
    first, last = found.groups()
    if not first:
        n = int(last)
        return (max(0, size - n), size - 1) if n and size else None
    begin = int(first)
    end = min(int(last), size - 1) if last else size - 1
    return (begin, end) if begin < size and begin <= end else None


def answer(database: Database, ticket: str, wanted: str | None, *, head: bool) -> Response:
    """Answer a request for a recording."""
    from starlette.responses import PlainTextResponse, Response, StreamingResponse

    try:
        heard = listen.hear(database, ticket)
    except NotAllowed as error:
        return PlainTextResponse(str(error), status_code=403)
    except (WorkbenchError, ValueError):
        return PlainTextResponse("The recording is not there.", status_code=404)
    span = span_of(wanted, heard.size)
    if span is None:
        headers = HEADERS | {"Content-Range": f"bytes */{heard.size}"}
        return Response(status_code=416, headers=headers)
    first, last = span
    headers = HEADERS | {"Content-Length": str(last - first + 1)}
    status = 200
    if (wanted and last - first + 1 < heard.size) or (wanted and _RANGE.fullmatch(wanted.strip())):
        status = 206
        headers |= {"Content-Range": f"bytes {first}-{last}/{heard.size}"}
    if head:
        return Response(status_code=status, headers=headers, media_type=heard.media_type)
    return StreamingResponse(
        _parts(heard, first, last), status_code=status, headers=headers,
        media_type=heard.media_type,
    )  # fmt: skip


def _parts(heard: Heard, first: int, last: int) -> Iterator[bytes]:
    with heard.open() as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (block := file.read(min(PART, left))):
            left -= len(block)
            yield block


def handle(request: Request) -> Response:
    """Take a request; Starlette runs this in a thread, so that it may wait for the disk."""
    return answer(
        _database(),
        request.path_params["ticket"],
        request.headers.get("range"),
        head=request.method == "HEAD",
    )


def handle_live(request: Request) -> Response:
    """Tell an open coding page whether it has news to fetch."""
    from starlette.responses import PlainTextResponse

    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    try:
        told = live.answer(_database(), request.path_params["ticket"])
    except NotAllowed as error:
        return PlainTextResponse(str(error), status_code=403, headers=headers)
    except StoreError:  # away for a moment: the page asks again
        return PlainTextResponse("Ask again later.", status_code=503, headers=headers)
    except (WorkbenchError, ValueError):
        return PlainTextResponse("Nothing is known of this study.", status_code=404)
    return PlainTextResponse(told, headers=headers)


_OPENED: dict[str, Database] = {}


def _database() -> Database:
    url = Settings().database_url
    if url not in _OPENED:
        _OPENED[url] = opening.open_database(url)
    return _OPENED[url]


def configured(script: Path) -> dict[str, Any]:
    """Read the settings beside the app's script, as dotted names.

    Streamlit itself looks for them in the folder where it is started, which may be any.
    """
    with (script.parent / ".streamlit" / "config.toml").open("rb") as file:
        return dict(_dotted("", tomllib.load(file)))


def _dotted(lead: str, values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _dotted(f"{lead}{name}.", value)
        else:
            yield f"{lead}{name}", value


def serve(script: str, address: str, port: int, *, headless: bool) -> None:
    """Run the app until it is stopped."""
    import streamlit as st
    from starlette.routing import Route

    app = st.App(
        script,
        routes=[
            Route(f"{listen.PATH}/{{ticket}}", handle, methods=["GET", "HEAD"]),
            Route(f"{live.PATH}/{{ticket}}", handle_live, methods=["GET"]),
        ],
    )
    app.run(
        config=configured(Path(script))
        | {
            "server.address": address,
            "server.port": port,
            "server.headless": headless,
            "browser.gatherUsageStats": False,
            "client.showErrorDetails": "none",
            "logger.hideWelcomeMessage": True,
        }
    )


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], int(sys.argv[3]), headless=sys.argv[4] == "headless")
