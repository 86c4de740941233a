"""``python -m benchmarks [NAME …]`` measures and prints the rows of docs/benchmarks.md."""

from __future__ import annotations

import sys
from importlib import import_module

_ALL = (
    "due", "overdue", "action", "desk", "django_action", "spiff_action", "timers", "query", "outbox", "sweep", "postgres",
    "verify", "simulate",
)  # fmt: skip


def main() -> None:
    """Run the benchmarks named, or all."""
    print("| what | reference | goal | ours / reference, median (range) |\n|---|---|---|---|", flush=True)
    for name in sys.argv[1:] or _ALL:
        for result in import_module(f"benchmarks.{name}").run():
            print(result.row(), flush=True)
            print(f"  ours {result.ours:.6g}, reference {result.theirs:.6g}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
