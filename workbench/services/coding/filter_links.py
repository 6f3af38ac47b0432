"""What a page filters by, as parameters of its address: a reload, or a link, shows the same.

In: the settings of a page. Out: parameters, and settings again, without what is gone by then. Words
that are searched for are never in an address: they may be somebody's own. Digests stand for values
of attributes and names of series. They are keyed with the study's own secret: nobody can try which
values give them without its database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from workbench.domain.codings import Actor, Group, ReadingState, Transcripts
from workbench.domain.documents import DocumentKind
from workbench.services.coding import saved_filters
from workbench.services.coding.saved_filters import ANYBODYS, Settings
from workbench.services.counting import summarise
from workbench.store import studies
from workbench.store.discussions import sessions
from workbench.store.engine import Database
from workbench.store.trail.digests import keyed_digest

KEYS = ("question_id", "code_id", "survey_id", "session_id", "coded")
"""Parameters that are keys of rows."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    "state": (*get_args(ReadingState), "not_done"),
    "transcripts": get_args(Transcripts),
    "kind": get_args(DocumentKind),
    "starred": ("me", "anybody"),
}
FLAGS = ("quotable_only", "of_nobody")
NAMES = (*KEYS, *CHOICES, *FLAGS, "finished", "groups", "series", "coded_by")
"""All parameters that `as_parameters` may write."""
DIGITS = 9
"""Of a key in an address, at most: no database takes longer ones."""
LETTERS = 16
"""Of a digest, hexadecimal."""


def digests(
    actor: Actor, database: Database, study_id: int, words: Iterable[str]
) -> dict[str, str]:
    """Give what stands in an address for each of these words, by word."""
    secret = _secret(database, study_id)
    return {word: _digest(secret, "word", word) for word in words}


def as_parameters(
    actor: Actor, database: Database, study_id: int, settings: Settings
) -> dict[str, str]:
    """Give the parameters of settings; nothing for what does not restrict."""
    values = settings.as_dict()
    found = {name: str(values[name]) for name in (*KEYS, *CHOICES, "coded_by") if name in values}
    found |= {name: "1" for name in FLAGS if values.get(name)}
    if settings.documents.finished is not None:
        found["finished"] = "1" if settings.documents.finished else "0"
    where = settings.documents
    secret = _secret(database, study_id) if where.groups or where.series is not None else ""
    if where.series is not None:
        found["series"] = _digest(secret, "series", where.series)
    if where.groups:
        found["groups"] = ".".join(_written(secret, group) for group in where.groups)
    return found


def from_parameters(
    actor: Actor, database: Database, study_id: int, parameters: Mapping[str, str]
) -> tuple[Settings, tuple[str, ...]]:
    """Read settings from an address; name what the study does not have, or not any more.

    What is no parameter of a filter, or cannot be read, restricts nothing.
    """
    values: dict[str, Any] = {name: int(parameters[name]) for name in KEYS
                              if _is_key(parameters.get(name, ""))}  # fmt: skip
    values |= {name: parameters[name] for name, known in CHOICES.items()
               if parameters.get(name) in known}  # fmt: skip
    values |= {name: True for name in FLAGS if parameters.get(name) == "1"}
    if parameters.get("finished") in ("0", "1"):
        values["finished"] = parameters["finished"] == "1"
    layer = parameters.get("coded_by", "")
    if layer in ANYBODYS or _is_key(layer):
        values["coded_by"] = layer if layer in ANYBODYS else int(layer)
    gone: list[str] = []
    if "series" in parameters:
        secret = _secret(database, study_id)
        with database.read() as connection:
            known = {item.series for item in sessions.list_sessions(connection, study_id)}
        named = [name for name in known
                 if _digest(secret, "series", name) == parameters["series"]]  # fmt: skip
        values |= {"series": named[0]} if named else {}
        gone += [] if named else ["a series"]
    if parameters.get("groups"):
        written = parameters["groups"].split(".")
        choices = summarise.list_groups(actor, database, study_id)
        groups = list(_read(_secret(database, study_id), written, choices))
        values["groups"] = groups
        gone += ["a value of an attribute"] if len(groups) < len(written) else []
    settings, lost = saved_filters.without_gone(actor, database, study_id, Settings.of(values))
    return settings, tuple(dict.fromkeys([*gone, *lost]))


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= DIGITS


def _secret(database: Database, study_id: int) -> str:
    with database.read() as connection:
        return studies.digest_key(connection, study_id)


def _digest(secret: str, *parts: str) -> str:
    """Write words so that an address does not tell them."""
    return keyed_digest(secret, parts)[:LETTERS]


def _written(secret: str, group: Group) -> str:
    """Write a group as `KEY-DIGEST-DIGEST`."""
    key, value = str(group[0]), group[1]
    values = (value,) if isinstance(value, str) else value
    return "-".join([key, *(_digest(secret, key, item) for item in values)])


def _read(
    secret: str, written: Iterable[str], known: Iterable[summarise.GroupChoice]
) -> Iterable[Group]:
    """Yield the groups whose attribute and values the study has."""
    titles = {str(item.attribute_id): item for item in known}
    for group in written:
        key, *found = group.split("-")
        item = titles.get(key)
        values = [] if item is None else [
            value for value in item.values if _digest(secret, key, value) in found
        ]  # fmt: skip
        if item is not None and values and len(values) == len(set(found)):
            several = tuple(values)
            yield item.attribute_id, several if len(several) > 1 else several[0]
