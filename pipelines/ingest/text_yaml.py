"""YAML whose every scalar is text: `yes` and `007` stay as they are written.

In: YAML. Out: lists, dictionaries and texts; a key that is there twice is refused.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import yaml

from pipelines.ingest.tables.records import shorten


class _TextLoader(yaml.BaseLoader):
    """Loads every scalar as text, and refuses a key that is there twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = Counter(str(key.value) for key, _ in node.value)
        key, n_times = next(iter(keys.most_common(1)), ("", 1))
        if n_times > 1:
            raise yaml.MarkedYAMLError(
                problem=f"{shorten(key)!r} is there twice", problem_mark=node.start_mark
            )
        return super().construct_mapping(node, deep)


SAFE_NESTING = 2_000
"""Opening signs in a text that the loader in C reads without running out of stack."""


def load_text(text: str) -> Any:
    """Load YAML as text.

    PyYAML's own loader refuses `{text: What helped?}`, which YAML 1.2 allows; libyaml reads it,
    but dies of deep nesting. So it is asked second, and only about texts that cannot nest deeply.
    """
    try:
        return yaml.load(text, Loader=_TextLoader)
    except yaml.MarkedYAMLError as error:
        n_signs = sum(text.count(sign) for sign in ("[", "{", "- ", "? ", ": "))
        if "'?'" not in str(error.problem) or n_signs > SAFE_NESTING:
            raise
        loader = getattr(yaml, "CBaseLoader", None)
        if loader is None:
            raise
        found = yaml.compose(text, Loader=loader)
        # Once more through the loader that watches for double keys, written out without doubt.
        return yaml.load(
            yaml.serialize(found, canonical=True, allow_unicode=True), Loader=_TextLoader
        )
