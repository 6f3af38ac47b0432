"""Write a file whole or not at all.

In: a path and what to write. Out: a file that takes the place of an older one only when it is
complete, and leaves nothing behind when it is not.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from workbench.errors import ExportError


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` when all has gone well.

    Raises
    ------
    ExportError
        When it cannot be written; the message names the path and the reason.
    """
    draft = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        with draft.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(
            f"{path} cannot be written: {reason}. Choose another folder or name."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
