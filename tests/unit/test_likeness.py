"""What a record says stays the same under another spelling, and nothing else does."""

from __future__ import annotations

from datetime import date

import pytest

from credit_workflow.engine.likeness import same_revisions
from credit_workflow.engine.values import Record, record_values
from credit_workflow.identity import parse_subject

ONE = Record(
    no="R-1",
    subject=parse_subject("Z-1", "natural", "张三", "any"),
    provider="杭州市税务局",
    open_class="B",
    title="欠税信息",
    content="Acme 于2025.1.5欠税15元，已公告",
    valid_from=date(2025, 1, 5),
    valid_until=date(2028, 1, 5),
    revision=2,
)


def alike(**values: object) -> bool:
    return same_revisions(ONE, {1: {**record_values(ONE), **values}}) == [1, 2]


@pytest.mark.parametrize(
    "content",
    [
        "Acme 于2025.1.5欠税15元，已公告。",
        "Acme于2025.1.5欠税 15元,已公告",
        "ＡＣＭＥ　于２０２５．１．５欠税１５元，已公告！\n",
        "acme 于2025.1.5欠税15元；已公告\u200b",
    ],
)
def test_stops_blanks_width_and_case_change_nothing(content: str) -> None:
    assert alike(content=content)


@pytest.mark.parametrize(
    "values",
    [
        {"content": "Acme 于2025.1.5欠税1.5元，已公告"},
        {"content": "Acme 于20251.5欠税15元，已公告"},
        {"content": "Acme 于2025.1.5欠税-15元，已公告"},
        {"content": "Acme 于2025.1.5欠税15%，已公告"},
        {"content": "Acme 于2025.1.5欠税15元，未公告"},
        {"title": "欠费信息"},
        {"provider": "杭州市财政局"},
        {"open_class": "A"},
        {"valid_until": "2028-01-06"},
        {"subject_name": "张山"},
        {"removed": True},
    ],
)
def test_everything_else_is_a_change(values: dict[str, object]) -> None:
    assert not alike(**values)


def test_what_was_changed_and_changed_back_is_the_same() -> None:
    then = record_values(ONE)
    assert same_revisions(ONE, {0: then, 1: {**then, "content": "别的"}}) == [0, 2]


def test_of_a_record_without_a_known_past_it_is_the_revision_of_now() -> None:
    assert same_revisions(ONE, {}) == [2]
