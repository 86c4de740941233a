"""The load of a city, a province and the nation: counted from stated assumptions and from what was measured.

``python -m benchmarks.scale`` prints the tables of ``docs/scale.md`` from ``docs/scale.json``; with ``--write`` it puts them
into the page. What was measured is made anew by ``python -m benchmarks.load > docs/scale.json``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MEASURED, PAGE = ROOT / "docs" / "scale.json", ROOT / "docs" / "scale.md"
LEVELS = ("low", "middle", "high")
LEVEL_NAMES = {"low": "低 low", "middle": "中 middle", "high": "高 high"}
PLACES = {"市 city": 12e6, "省 province": 65e6, "全国 nation": 1_400e6}
#: Working days a year: what the notices of 2025 and 2026 leave.
WORKING_DAYS = 248
#: How much more than an average working day the busiest one brings, and what part of a day its busiest hour.
BUSIEST_DAY, BUSIEST_HOUR = 1.8, 0.25
#: How much more than an average night the fullest one has to do: marks and duties that end after a long holiday.
FULLEST_NIGHT = 8
YEARS = 10
YEARS_OF_SCANS = 5
#: What is held to be too much: the busy share of the writer, or of a server, in the busiest hour, and hours of a night.
MOST_BUSY, MOST_SWEEP_HOURS, MOST_VERIFY_HOURS, MOST_COPY_HOURS = 0.5, 4.0, 8.0, 8.0
#: Actions a second on a server of two cores on which the operators work, too: the most that ``docs/production.md`` measured.
SERVER_ACTIONS = 72.0
#: Bytes a second at which a copy of the database is written or read; assumed.
COPY_RATE = 100e6
#: How many arrivals are simulated in the busiest hour, at most.
MOST_ARRIVALS = 20_000


@dataclass(frozen=True)
class Assumed:
    """One assumption, at three levels: ``key``, what it is, values, where it comes from (A to D, see the page)."""

    key: str
    zh: str
    en: str
    values: tuple[float, float, float]
    source: str
    why: str

    def at(self, level: str) -> float:
        return self.values[LEVELS.index(level)]


ASSUMED = {
    a.key: a
    for a in (
        Assumed("objections", "每10万人每年异议", "objections per 100,000 people and year", (2, 20, 200), "D",
                "no count was at hand; two orders of magnitude, so that a city's own count falls within"),
        Assumed("marks", "其中申请存疑标注", "of these: followed by a dispute mark", (0.05, 0.15, 0.30), "D",
                "who is content with the report does not ask for one"),
        Assumed("revoked", "标注中提前撤销", "of the marks: revoked before they expire", (0.05, 0.20, 0.40), "D",
                "the mark stays 30 days at most (附件2·六(五))"),
        Assumed("overdue", "每件异议的逾期次数", "duties that become overdue, per objection", (0.02, 0.10, 0.50), "D",
                "each is an entry and a notice of the night's sweep"),
        Assumed("queries", "每10万人每年窗口查询", "queries at a window per 100,000 people and year", (200, 2_000, 10_000), "D",
                "from one person in 500 a year to one in ten"),
        Assumed("look_ups", "每10万人每年其他查看", "other look-ups, each logged, per 100,000 people and year", (1_000, 20_000, 200_000), "D",
                "government users, the credit centre and the site; at the high level two per person and year"),
        Assumed("scans", "每件案件扫描件 MB", "scans, MB a case", (0, 2, 10), "D",
                "from none to ten pages at 1 MB; they lie beside the database, encrypted, and are kept for 5 years (附件2·八(二))"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Load:
    """The load of a place at a level. Rates are of an average working day unless they say otherwise."""

    place: str
    level: str
    cases: dict[str, float]
    look_ups: float
    notices: float
    entries: float
    rows: float
    bytes: float
    actions: float
    nightly: float
    scans: float

    @property
    def transactions(self) -> float:
        """Writing transactions a year: each action, look-up and notice is one."""
        return self.actions + self.look_ups + self.notices


def load_of(measured: dict[str, Any], place: str, level: str) -> Load:
    """Return a year's load of a place."""
    share = PLACES[place] / 100_000
    said = {key: assumed.at(level) for key, assumed in ASSUMED.items()}
    objections = share * said["objections"]
    marks = objections * said["marks"]
    cases = {
        "objection": objections,
        "marking": marks,
        "revocation": marks * said["revoked"],
        "query": share * said["queries"],
    }
    late, look_ups = objections * said["overdue"], share * said["look_ups"]
    entries = bytes_ = rows = actions = notices = 0.0
    for kind, number in cases.items():
        plain, real = measured["kinds"][kind], measured["simulated"][kind]
        detours = real["entries"] / plain["rows"]["case_event"]
        actions += number * real["actions"]
        entries += number * real["entries"]
        rows += number * detours * sum(plain["rows"].values())
        bytes_ += number * detours * plain["bytes"]
        notices += number * detours * plain["rows"].get("outbox", 0)
    flag, expiry = measured["night"]["overdue"], measured["night"]["expiry"]
    ends = marks - cases["revocation"]
    notices += late + ends
    entries += late
    rows += late * sum(flag["rows"].values()) + look_ups + notices
    bytes_ += late * flag["bytes"] + look_ups * measured["look_up"]["bytes"] + notices * measured["notice"]["bytes"]
    closes = (
        objections - marks
    )  # whoever asks for no mark lets the right to one lapse; taken to cost what an expiry does
    nightly = (late * flag["whole_ms"] + (ends + closes) * expiry["whole_ms"]) / 1000
    scans = 1e6 * said["scans"] * sum(cases.values())
    return Load(place, level, cases, look_ups, notices, entries, rows, bytes_, actions, nightly, scans)


@dataclass(frozen=True)
class Peak:
    """The busiest hour: transactions a second, the writer's busy share, waits (ms) where they do not grow without end."""

    rate: float
    busy: float
    waits: tuple[float, float, float] | None


def peak_of(measured: dict[str, Any], load: Load) -> Peak:
    """Return what those wait who find the one writer busy, by simulating the busiest hour's arrivals.

    They come by chance (Poisson), are served in the order of coming, and each holds the writer for a time drawn
    from those measured for its kind.
    """
    rate = load.transactions / WORKING_DAYS * BUSIEST_DAY * BUSIEST_HOUR / 3600
    kinds = {kind: measured["kinds"][kind]["held_ms"] for kind in load.cases} | {
        "look_up": measured["look_up"]["held_ms"],
        "notice": measured["notice"]["held_ms"],
    }
    often = {kind: number * measured["simulated"][kind]["actions"] for kind, number in load.cases.items()}
    often |= {"look_up": load.look_ups, "notice": load.notices}
    mean = sum(often[kind] * _mean(times) for kind, times in kinds.items()) / sum(often.values())
    busy = rate * mean / 1000
    if busy >= 1:
        return Peak(rate, busy, None)
    rng, names, weights = Random(1), list(often), list(often.values())  # noqa: S311 - the same page each time
    found = waits(rate, lambda: _drawn(kinds[rng.choices(names, weights)[0]], rng.random()), rng, _arrivals(rate))
    return Peak(rate, busy, (_place(found, 0.5), _place(found, 0.95), _place(found, 0.99)))


def waits(rate: float, service: Callable[[], float], rng: Random, arrivals: int) -> list[float]:
    """Return how long each of those who come waits for the one who serves, in ms, the shortest first.

    Args:
        rate: how many come in a second, on average; they come by chance (Poisson).
        service: draws how many ms one is served.
        rng: where chance comes from.
        arrivals: how many come.
    """
    found, wait = [], 0.0
    for _ in range(arrivals):
        found.append(wait)
        wait = max(0.0, wait + service() - 1000 * rng.expovariate(rate))
    return sorted(found)


def _arrivals(rate: float) -> int:
    return min(MOST_ARRIVALS, max(10_000, round(rate * 3600)))


#: Percent of the times that are kept in the file; the last hundredth is drawn from evenly.
_PLACES = (0, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99, 100)


def _drawn(times: list[float], chance: float) -> float:
    """Return the time at a place from 0 to 1, between the kept ones in a straight line."""
    percent = 100 * chance
    n = next(n for n in range(1, len(_PLACES)) if percent <= _PLACES[n])
    before, after = _PLACES[n - 1], _PLACES[n]
    return times[n - 1] + (times[n] - times[n - 1]) * (percent - before) / (after - before)


def _mean(times: list[float]) -> float:
    return sum((a + b) / 2 * (q - p) / 100 for a, b, p, q in zip(times, times[1:], _PLACES, _PLACES[1:], strict=False))


def _place(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def gives_first(measured: dict[str, Any], load: Load, peak: Peak) -> dict[str, float]:
    """Return by part how much of what it can bear is used after ten years; over 1 is too much."""
    entries = YEARS * (load.entries + load.look_ups + load.notices)
    night = measured["night"]["idle_ms"] / 1000 + FULLEST_NIGHT * load.nightly / 365
    hours = {
        "sweep": night / 3600 / MOST_SWEEP_HOURS,
        "verify": entries * measured["verify_us"] / 1e6 / 3600 / MOST_VERIFY_HOURS,
        "copy": YEARS * load.bytes / COPY_RATE / 3600 / MOST_COPY_HOURS,
    }
    return {"writer": peak.busy / MOST_BUSY, "server": peak.rate / SERVER_ACTIONS / MOST_BUSY, **hours}


PARTS = {
    "writer": "单个文件的写入 a file's writer",
    "server": "实测的服务器 the server measured",
    "sweep": "夜间任务 sweep",
    "verify": "全部校验 full verify",
    "copy": "整库复制 whole copy",
}


def tables(measured: dict[str, Any]) -> dict[str, str]:
    """Return the page's tables by name, as Markdown."""
    loads = [load_of(measured, place, level) for place in PLACES for level in LEVELS]
    peaks = [peak_of(measured, load) for load in loads]
    return {
        "assumed": _table(
            ["假设 Assumption", *LEVEL_NAMES.values(), "来源 source", "理由 reason"],
            [[f"{a.zh} · {a.en}", *map(_number, a.values), a.source, a.why] for a in ASSUMED.values()],
        ),
        "measured": _measured(measured),
        "load": _table(
            ["", "", "异议/年 objections a year", "查询/年 queries a year", "写事务/工作日 transactions a working day",
             "行/工作日 rows a working day", "MB/工作日 a working day", "十年行数 rows in 10 years", "十年 GB in 10 years",
             "扫描件 GB scans kept"],
            [
                [load.place, LEVEL_NAMES[load.level], *(_number(n) for n in (
                    load.cases["objection"], load.cases["query"], load.transactions / WORKING_DAYS, load.rows / WORKING_DAYS,
                    load.bytes / WORKING_DAYS / 1e6, YEARS * load.rows, YEARS * load.bytes / 1e9,
                    YEARS_OF_SCANS * load.scans / 1e9,
                ))]
                for load in loads
            ],
        ),
        "peak": _table(
            ["", "", "事务/秒 a second", "单个文件：写入占用 on a file: writer busy", "等待 waits: p50 / p95 / p99, ms",
             "实测的服务器：占用 of the server measured", "最满一夜 fullest night",
             "十年日志校验 verify 10 years", "先到极限 gives first"],
            [_peak_row(measured, load, peak) for load, peak in zip(loads, peaks, strict=True)],
        ),
    }  # fmt: skip


def _peak_row(measured: dict[str, Any], load: Load, peak: Peak) -> list[str]:
    used = gives_first(measured, load, peak)
    worst = max(used, key=lambda part: used[part])
    waits = "无止境 without end" if peak.waits is None else " / ".join(f"{wait:.0f}" for wait in peak.waits)
    first = (
        f"**{PARTS[worst]}** ×{_number(used[worst])}"
        if used[worst] > 1
        else f"— ({PARTS[worst]} {100 * used[worst]:.0f} %)"
    )
    night, verify = (used[part] * most for part, most in (("sweep", MOST_SWEEP_HOURS), ("verify", MOST_VERIFY_HOURS)))
    return [
        load.place,
        LEVEL_NAMES[load.level],
        _number(peak.rate),
        f"{_number(100 * peak.busy)} %",
        waits,
        f"{_number(100 * peak.rate / SERVER_ACTIONS)} %",
        _time(night),
        _time(verify),
        first,
    ]


def _measured(measured: dict[str, Any]) -> str:
    rows = []
    for kind, plain in measured["kinds"].items():
        real, held = measured["simulated"][kind], plain["held_ms"]
        rows.append([
            kind, f"{real['actions']:.1f}", f"{real['entries']:.1f}", _number(plain["bytes"] / plain["rows"]["case_event"]),
            _number(plain["bytes"]), str(plain["rows"].get("case_deadline", 0)), str(plain["rows"].get("outbox", 0)),
            f"{held[6]:.1f} / {held[11]:.1f}",
        ])  # fmt: skip
    for name, title in (("look_up", "look-up"), ("notice", "notice delivered")):
        part = measured[name]
        rows.append(
            [
                title,
                "1",
                "1",
                _number(part["bytes"]),
                _number(part["bytes"]),
                "—",
                "—",
                f"{part['held_ms'][6]:.1f} / {part['held_ms'][11]:.1f}",
            ]
        )
    table = _table(
        ["每件 each", "人的步骤 actions", "日志 entries", "每条日志字节 bytes an entry", "直行字节 bytes, plain way",
         "期限 deadlines", "通知 notices", "占用写入 writer held, ms: p50 / p95"],
        rows,
    )  # fmt: skip
    night = measured["night"]
    return (
        f"{table}\n\n{measured['engine']}, CPython {measured['python']}, {measured['cores']} cores, {measured['count']:,} objections and as many queries. "
        f"A night with nothing due took {night['idle_ms']:.0f} ms, an expiry {night['expiry']['whole_ms']:.2f} ms, a duty that becomes "
        f"overdue {night['overdue']['whole_ms']:.2f} ms, `audit verify` {measured['verify_us']:.0f} µs an entry, a record {_number(measured['record']['bytes'])} bytes."
    )


def _number(value: float) -> str:
    """Return a number with two or three digits that matter."""
    if value >= 1e9:
        return f"{value / 1e9:.3g} G"
    if value >= 1e6:
        return f"{value / 1e6:.3g} M"
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.2g}"


def _time(hours: float) -> str:
    if hours < 1 / 60:
        return f"{_number(3600 * hours)} s"
    return f"{_number(60 * hours)} min" if hours < 1 else f"{_number(hours)} h"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page(text: str, made: dict[str, str]) -> str:
    """Return the page with each table between its two marks."""
    for name, table in made.items():
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        text = re.sub(f"{begin}.*?{end}", lambda _, t=table, b=begin, e=end: f"{b}\n{t}\n{e}", text, flags=re.DOTALL)
    return text


def main() -> None:
    """Print the tables, or write them into the page."""
    made = tables(json.loads(MEASURED.read_text(encoding="utf-8")))
    if "--write" in sys.argv:
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), made), encoding="utf-8", newline="\n")
    else:
        print("\n\n".join(made.values()))


if __name__ == "__main__":
    main()
