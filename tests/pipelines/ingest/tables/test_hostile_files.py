"""Files that were made to hurt: memory stays small, and each is read or refused with a reason."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.ingest.tables.grid import read_grid

resource = pytest.importorskip("resource", reason="memory is measured as Unix does")

MIB = 1024**2
MEASURE = """
import json, re, sys
from pathlib import Path
from pipelines.ingest.tables.grid import read_grid
from workbench.errors import SurveyError
try:
    grid = read_grid(Path(sys.argv[1]))
    told = [len(grid.rows), len(grid.header)]
except SurveyError as error:
    told = str(error)
# Not the most that `getrusage` tells: there a process begins with its parent's.
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(json.dumps([told, int(peak[1]) // 1024]))
"""


def measured(path: Path) -> tuple[object, int]:
    """What comes of a file (rows and columns, or a refusal), and the memory it took in MiB."""
    told, memory = json.loads(
        subprocess.run(
            [sys.executable, "-c", MEASURE, str(path)], check=True, capture_output=True, text=True
        ).stdout
    )
    return told, memory


def wide() -> bytes:
    header = ",".join(f"question {n}" for n in range(5_000))
    row = ",".join("yes" if n % 7 else "" for n in range(5_000))
    return "\n".join([header, *[row] * 400]).encode()


HOSTILE = {
    "answers of two million characters": (
        lambda: b"id,why\n" + b"".join(b'R%d,"%s"\n' % (n, b"no, " * 500_000) for n in range(25)),
        [25, 2],
    ),
    "five thousand columns": (wide, [400, 5_000]),
    "one line without an end": (lambda: b"x" * (40 * MIB), "row 1: the line has more than"),
    "a quotation that takes in the file": (
        lambda: b'id,why\nR1,"' + b"and so on\n" * (3 * MIB),
        "row 2: a cell has more than 16,777,216 characters",
    ),
    "a million cells in a line": (
        lambda: b"a,b\n" + b"," * MIB + b"\n",
        "row 2: the line has 1,048,577 cells",
    ),
    "an emoji in every long answer": (
        lambda: b"id,why\n" + ("R1," + "a" * 3_000 + "🙂\n").encode() * 12_000,
        [12_000, 2],
    ),
}


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
@pytest.mark.parametrize("name", HOSTILE)
def test_memory_stays_small(name, tmp_path):
    make, expected = HOSTILE[name]
    path = tmp_path / "survey.csv"
    path.write_bytes(make())
    told, memory = measured(path)
    assert memory < 400
    if isinstance(expected, str):
        assert expected in str(told)
    else:
        assert told == expected


def test_what_answers_may_hold_comes_through_as_it_is():
    answers = [
        "<script>alert(1)</script>",
        "<b onmouseover=alert(1)>**bold** [x](javascript:y)</b>",
        "=HYPERLINK(1)",
        "+1 from me",
        "\u202egnp.exe\u202c",
        "\u2066isolated\u2069",
        "a\u200bb",
        "{{ 7 * 7 }}",
        "Robert'); DROP TABLE",
    ]
    data = "id|why\n" + "".join(f"R{n}|{text}\n" for n, text in enumerate(answers))
    assert read_grid(data.encode(), "survey.csv").column("why") == answers
