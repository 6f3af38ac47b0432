"""A bare HTTP door to two services, so that both sides of a comparison cross the same boundary.

In: requests on 127.0.0.1 (`POST /import` with a CSV, `POST /code` with one operation as JSON, `GET
/` that does nothing). Out: JSON. Run as a process of its own: `python -m benchmarks.http_door
FOLDER`; it prints its port. It is no part of the product, whose own door is the browser.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from benchmarks import studies
from workbench.services.coding import code


class Door(BaseHTTPRequestHandler):
    """Answers one client at a time on a connection that stays open."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    bench: studies.Bench

    def do_GET(self) -> None:
        """Answer with nothing: what the way there and back costs."""
        self._answer({})

    def do_POST(self) -> None:
        """Import a CSV, or apply one operation."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/import":
            self._answer({"answers": studies.import_csv(self.bench, body)})
            return
        outcome = code.apply_operations(
            self.bench.actor, self.bench.database, self.bench.study_id, [json.loads(body)]
        )
        self._answer({"stored": outcome.acked, "refused": [item.why for item in outcome.rejected]})

    def log_message(self, format: str, *args: Any) -> None:
        """Write no log."""

    def _answer(self, values: dict[str, Any]) -> None:
        body = json.dumps(values).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Serve until terminated."""
    Door.bench = studies.new_study(Path(sys.argv[1]))
    server = HTTPServer(("127.0.0.1", 0), Door)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
