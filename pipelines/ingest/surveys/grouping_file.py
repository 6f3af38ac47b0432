"""A merge of values, written down as YAML.

In: YAML text: groups, each with its values, and what becomes of the values that no group lists.
Out: a `Merge`. Every scalar is taken as text.
"""

from __future__ import annotations

from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.ingest.tables.records import shorten
from pipelines.ingest.text_yaml import load_text
from workbench.domain.groupings import Merge, check, merge_of
from workbench.errors import InputError


class GroupingFile(BaseModel):
    """The file's fields, in the order in which they are documented."""

    model_config = ConfigDict(extra="forbid", strict=True)

    groups: dict[str, list[str]]
    rest: Literal["keep", "other"] = "keep"
    other: str = "Other"


def load_grouping(text: str, source: str = "the groups") -> Merge:
    """Read a merge of values from YAML.

    Raises
    ------
    InputError
        When it is not YAML, has unknown fields, or its groups cannot be.
    """
    try:
        read = GroupingFile.model_validate(load_text(text))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(
            f"this is not YAML: {getattr(error, 'problem', None) or error}.",
            source=source,
            line=mark.line + 1 if mark else None,
            hint="Check the indentation and the colons there.",
        ) from error
    except RecursionError as error:
        raise InputError("the YAML is nested too deeply.", source=source) from error
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"])) or "the file"
        raise InputError(
            f"{shorten(where)}: {problem['msg']}.",
            source=source,
            hint="Fields: groups (a list of values for each name), rest (keep or other), other.",
        ) from error
    pairs = [(value, name) for name, values in read.groups.items() for value in values]
    rule = merge_of(pairs, rest=read.rest, other=read.other)
    try:
        check(rule)
    except InputError as error:
        raise InputError(error.message, source=source, hint=error.hint) from error
    return rule
