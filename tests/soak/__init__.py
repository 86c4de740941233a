"""A year of a city: see `test_soak`."""

import pytest

pytest.register_assert_rewrite("tests.soak.year", "tests.unit.naive_statistics")
