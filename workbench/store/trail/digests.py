"""Digests: what is written down of values that must not be written down themselves."""

from __future__ import annotations

import hashlib
import hmac
import json

_WRITER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def canonical(payload: object) -> str:
    """Write a value as JSON in one way only."""
    return _WRITER.encode(payload)


def keyed_digest(key: str, payload: object) -> str:
    """Digest a value so that only who holds the study's key can test a guess."""
    return hmac.new(bytes.fromhex(key), canonical(payload).encode(), hashlib.sha256).hexdigest()
