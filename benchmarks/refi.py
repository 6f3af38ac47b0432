"""How long 100,000 codings take to be written as REFI-QDA and read back, and in how much memory.

Run: `python -m benchmarks.refi`. In: nothing. Out: two lines of seconds and MiB.
"""

from __future__ import annotations

import resource
import tempfile
import time

from pipelines.export.refi_archive import write_archive
from pipelines.export.refi_xml import RefiOptions
from pipelines.ingest.refi_project import read_refi
from workbench.domain.refi import (
    PRODUCT,
    RefiCode,
    RefiCoding,
    RefiProject,
    RefiSelection,
    RefiSource,
    RefiUser,
    derived_guid,
)

N_CODINGS = 100_000
PER_SOURCE = 20
N_CODES = 50
SENTENCE = "I waited 😬 three weeks for the appointment, and nobody rang back. "


def project(n_codings: int = N_CODINGS, per_source: int = PER_SOURCE) -> RefiProject:
    """Make a project with so many codings."""
    codes = tuple(RefiCode(derived_guid("code", str(at)), f"Code {at}") for at in range(N_CODES))
    user = RefiUser(derived_guid("user"), "Ana")
    text = SENTENCE * (per_source + 1)

    def selection(source: int, at: int) -> RefiSelection:
        name = f"{source} {at}"
        start = at * len(SENTENCE)
        code = codes[at % N_CODES].guid
        coding = RefiCoding(derived_guid("coding", name), code, user.guid, "2024-05-01T09:00:00Z")
        return RefiSelection(derived_guid("selection", name), start, start + 30, codings=(coding,))

    sources = []
    for source in range(n_codings // per_source):
        guid = derived_guid("source", str(source))
        selections = tuple(selection(source, at) for at in range(per_source))
        sources.append(
            RefiSource(guid, "text", f"Answer {source}", text=text, selections=selections)
        )
    return RefiProject("Large", f"{PRODUCT} 0.1.0", users=(user,), codes=codes,
                       sources=tuple(sources))  # fmt: skip


def peak_mib() -> float:
    """Return the largest memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    one = project()
    print(f"{N_CODINGS:,} codings in {len(one.sources):,} texts; {peak_mib():,.0f} MiB before")
    with tempfile.TemporaryFile() as stream:
        start = time.perf_counter()
        write_archive(stream, one, options=RefiOptions(profile="utf16"))
        took = time.perf_counter() - start
        size = stream.tell() / 1024**2
        print(f"written in {took:.1f} s, {size:.1f} MiB; at most {peak_mib():,.0f} MiB")
        start = time.perf_counter()
        found = read_refi(stream, "large.qdpx")
        took = time.perf_counter() - start
        n = sum(len(s.codings) for source in found.project.sources for s in source.selections)
        print(f"{n:,} codings read in {took:.1f} s; at most {peak_mib():,.0f} MiB")


if __name__ == "__main__":
    main()
