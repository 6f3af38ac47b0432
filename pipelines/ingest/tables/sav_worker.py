"""Reads an SPSS file in a process of its own, and writes its cells as lines of JSON.

In: a path, and an encoding or nothing. Out, on standard output: what `apart` reads.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TextIO

from pipelines.ingest.apart import limit_memory, write
from pipelines.ingest.tables.as_seen import as_seen

DAMAGED = 3
"""Exit status for a file that the library refuses."""
CHUNK_BYTES = 64 * 1024**2
"""What the padded cases that are read at a time come to."""
MIN_CASES = 100
MAX_CASE_BYTES = 8 * 1024**2
EPOCH = dt.datetime(1582, 10, 14)
"""SPSS counts seconds from the first day of the Gregorian calendar."""
DATES = re.compile(r"(A|E|J|S)?DATE\d*|(MOYR|QYR|WKYR)\d*")
MOMENTS = re.compile(r"(DATETIME|YMDHMS)[\d.]*")
CLOCKS = re.compile(r"(TIME|DTIME|MTIME)[\d.]*")
OTHER_ENCODINGS = ("windows-1252", "iso-8859-1")
KNOWN_VALUES = 10_000

Meta = Any
"""pyreadstat's description of a file, which has no type of its own."""


def main(path: str, wanted: str, out: TextIO) -> int:
    """Read the file; give the exit status."""
    from pyreadstat import PyreadstatError, ReadstatError

    limit_memory()
    refusals = (ReadstatError, PyreadstatError, ValueError, OverflowError, LookupError, MemoryError)
    for encoding in (wanted,) if wanted else (None, *OTHER_ENCODINGS):
        try:
            _, meta = _read(path, encoding, row_limit=50)
            break
        except refusals:
            continue
    else:
        return DAMAGED
    try:
        about = _description(meta, encoding if encoding != (wanted or None) else None)
        write(out, about, _cases(path, meta, encoding))
    except refusals:
        return DAMAGED
    return 0


def _read(path: str, encoding: str | None, **how: Any) -> tuple[Mapping[str, Any], Meta]:
    import pyreadstat

    return pyreadstat.read_sav(
        path, encoding=encoding, disable_datetime_conversion=True, output_format="dict", **how
    )


def _description(meta: Meta, encoding: str | None) -> dict[str, Any]:
    """Return the names, wordings and value labels, and the encoding where it was a guess."""
    names = list(meta.column_names)
    return {
        "names": names,
        "texts": [str(meta.column_names_to_labels.get(name) or "").strip() for name in names],
        "labels": [_labels_in_order(meta, name) for name in names],
        "ordinal": [meta.variable_measure.get(name) == "ordinal" for name in names],
        "sets": _sets(meta),
        "encoding": encoding,
        "n_cases": meta.number_rows,
    }


def _labels(meta: Meta, name: str) -> Mapping[Any, str]:
    found: Mapping[Any, str] = meta.variable_value_labels.get(name) or {}
    return found


def _labels_in_order(meta: Meta, name: str) -> list[str]:
    labels = _labels(meta, name)
    in_order = sorted(labels, key=lambda value: (isinstance(value, str), value))
    return list(dict.fromkeys(str(labels[value]) for value in in_order))


def _sets(meta: Meta) -> list[dict[str, Any]]:
    """Return the multiple response sets of ticks: name, wording, variables."""
    found = []
    for name, about in (getattr(meta, "mr_sets", None) or {}).items():
        if about.get("is_dichotomy"):
            found.append(
                {
                    "ref": str(name).lstrip("$"),
                    "question": str(about.get("label") or "").strip(),
                    "variables": list(
                        about.get("variable_list") or about.get("subvariables") or ()
                    ),
                }
            )
    return found


def _counted(meta: Meta) -> dict[str, Any]:
    """Return, for each variable of a set of ticks, the value that is a tick."""
    return {
        variable: about.get("counted_value")
        for about in (getattr(meta, "mr_sets", None) or {}).values()
        if about.get("is_dichotomy")
        for variable in about.get("variable_list") or ()
    }


def _tick_reader(counted: Any) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value is None or value != value:
            return ""
        return "Yes" if value == counted or str(value).strip() == str(counted).strip() else "No"

    return read


def _cases(path: str, meta: Meta, encoding: str | None) -> Iterator[list[str]]:
    """Yield the cells of every case, reading as many at a time as fit into memory."""
    names = list(meta.column_names)
    counted = _counted(meta)
    texts = [
        _tick_reader(counted[name]) if name in counted else _reader_of(meta, name) for name in names
    ]
    width = max(1, sum(meta.variable_storage_width.values()))
    if width > MAX_CASE_BYTES:
        raise ValueError("a case is larger than any survey's")
    n_at_once = max(MIN_CASES, CHUNK_BYTES // width)
    start = 0
    # some programs do not write how many cases there are
    while True:
        columns, _ = _read(path, encoding, row_offset=start, row_limit=n_at_once)
        cells = [
            [text(value) for value in columns[name]]
            for name, text in zip(names, texts, strict=True)
        ]
        yield from map(list, zip(*cells, strict=True))
        if not cells or len(cells[0]) < n_at_once:
            return
        start += n_at_once


def _reader_of(meta: Meta, name: str) -> Callable[[Any], str]:
    """Return how a variable's values are written: by their label, as a date, or as they are."""
    labels = {_key(value): str(text) for value, text in _labels(meta, name).items()}
    form = str(meta.original_variable_types.get(name) or "").upper()
    date = bool(DATES.fullmatch(form) or MOMENTS.fullmatch(form))
    clock = CLOCKS.fullmatch(form) is not None
    known: dict[Any, str] = {}

    def read(value: Any) -> str:
        if value is None or value != value:
            return ""
        if (text := known.get(value)) is None:
            text = labels.get(_key(value)) or _unlabelled(value, date, clock)
            if len(known) < KNOWN_VALUES:
                known[value] = text
        return text

    return read


def _key(value: Any) -> Any:
    return value.rstrip() if isinstance(value, str) else value


def _unlabelled(value: Any, date: bool, clock: bool) -> str:
    if isinstance(value, str):
        return value
    if date:
        try:
            return as_seen(EPOCH + dt.timedelta(seconds=value))
        except (OverflowError, ValueError):
            return as_seen(value)
    if clock and 0 <= value < 1e9:
        minutes, seconds = divmod(round(value), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    return as_seen(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.stdout))
