"""Many rows in one statement: the right ones, each as given, in one transaction and in the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.postgres.unit import unit


@pytest.mark.parametrize("count", [3, 40])  # as arrays, and by COPY
def test_rows_are_written_as_given_again_and_again(postgres_url: str, tmp_path: Path, count: int) -> None:
    office = unit(tmp_path, postgres_url)
    mine = "SELECT workflow, year, last FROM number_series WHERE workflow LIKE 'w%' ORDER BY workflow, year"
    rows = [(f"w{n % 2}", n, n) for n in range(count)]
    with office.database.staying_open():
        for turn in (1, 2):
            with office.database.writing() as db:
                db.within.rows.upsert("number_series", [(*row[:2], turn) for row in rows])
                changed = [(100 * turn + row[1], *row[:2]) for row in rows]
                assert db.within.rows.change("number_series", ("last",), changed) == count
                assert db.within.rows.change("number_series", ("last",), changed[:-1]) == count - 1
                wanted = sorted((*row[:2], 100 * turn + row[1]) for row in rows)
                assert db.plain.execute(mine).fetchall() == wanted
