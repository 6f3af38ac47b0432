"""The same on a graphics processor: `python -m benchmarks.transcribe_gpu`.

In: a CUDA device, with the dimensions of large-v3-turbo and random weights of a fixed seed. Out: a
table on the screen. It is no part of the report, since most machines lack the device.
"""

from __future__ import annotations

import sys

from benchmarks.transcribe import rows

BATCHES = (4, 8, 16, 32)


def main() -> int:
    """Print the table, or say what is missing."""
    import torch

    if not torch.cuda.is_available():
        print("No CUDA device is here.", file=sys.stderr)
        return 1
    print(torch.cuda.get_device_name())
    for row in rows(("--size", "turbo", "--device", "cuda"), BATCHES, "large-v3-turbo, half"):
        print(" | ".join(row))
    return 0


if __name__ == "__main__":
    sys.exit(main())
