"""The trail to JSON: everything that is needed to walk its chain without this program.

In: rows of the trail. Out: one JSON object in UTF-8, one event a line, written as they come.

The hash of an event is the SHA-256 of the JSON array `[previous_hash, number, operation, actor_id,
verb, payload, at]`, written without spaces and with letters outside ASCII as they are, in UTF-8.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, BinaryIO

from pipelines.export.neutralise import encodable
from workbench.domain.trail import TrailAbout, TrailRow

FORMAT = "speakout-trail/1"


def write_trail_json(stream: BinaryIO, rows: Iterable[TrailRow], about: TrailAbout) -> int:
    """Write the rows; give how many they are."""
    chained = not about.why_no_chain
    opening = {
        "format": FORMAT,
        "study": about.study,
        "written_at": about.written_at,
        "chain": chained,
        "why_no_chain": about.why_no_chain or None,
        "head": {"number": about.n_events, "hash": about.head} if chained else None,
    }
    stream.write(_json(opening)[:-1] + b', "events": [')
    n = 0
    for row in rows:
        stream.write((b",\n" if n else b"\n") + _json(_event(row, chained=chained)))
        n += 1
    stream.write(b"\n]}\n")
    return n


def _event(row: TrailRow, *, chained: bool) -> dict[str, Any]:
    entry = row.entry
    told: dict[str, Any] = {
        "number": entry.number,
        "operation": entry.uuid,
        "at": entry.at,
        "actor_id": entry.actor_id,
        "actor": entry.actor,
        "verb": entry.verb,
        "what": entry.what,
        "label": entry.label,
        "document": entry.document,
        "codes": list(entry.codes),
        "taken_back": entry.undone,
    }
    if chained:
        told |= {
            "payload": row.payload, "previous_hash": row.previous_hash, "hash": row.hash,
        }  # fmt: skip
    return told


def _json(value: dict[str, Any]) -> bytes:
    return encodable(json.dumps(value, ensure_ascii=False)).encode("utf-8")
