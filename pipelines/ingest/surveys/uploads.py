"""Files that a respondent uploaded, as LimeSurvey writes them into one cell.

In: the text of a cell. Out: the files' names; none where the cell is not such a list.
"""

from __future__ import annotations

import json

MAX_CHARS = 20_000
"""Characters of a cell beyond which it is no list of a few files."""


def uploaded_names(cell: str) -> tuple[str, ...]:
    """Return the names of the uploaded files that a cell lists.

    Examples
    --------
    >>> uploaded_names('[{"title": "", "size": "48.2", "name": "answer.m4a", "ext": "m4a"}]')
    ('answer.m4a',)
    >>> uploaded_names("They never rang back.")
    ()
    """
    if not cell.lstrip().startswith("[") or len(cell) > MAX_CHARS:
        return ()
    try:
        listed = json.loads(cell)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(listed, list):
        return ()
    return tuple(
        str(file["name"])
        for file in listed
        if isinstance(file, dict) and isinstance(file.get("name"), str) and "size" in file
    )
