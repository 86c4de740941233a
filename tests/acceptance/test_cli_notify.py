"""Notices from the action to the addressee, over a real mail server, and the supervisors' morning."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from credit_workflow.casework.notifications import delivery
from credit_workflow.casework.notifications.delivery import Policy, Undelivered, deliver
from credit_workflow.casework.notifications.messages import Message as Said
from credit_workflow.casework.notifications.morning_digest import put_out
from tests import where
from tests.acceptance.conftest import Life, Office
from tests.property.lives import numbers

O1 = "OBJ-2026-000001"


class Mailbox:
    """A mail server that keeps what it is given, or answers as it is told."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the server's name for it
        if self.answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content))
        return self.answer

    def subjects(self) -> list[str]:
        return [str(make_header(decode_header(mail["Subject"]))) for mail in self.mails]

    def bodies(self) -> list[str]:
        parts = [part for mail in self.mails for part in mail.walk() if part.get_content_type() == "text/plain"]
        return [part.get_payload(decode=True).decode() for part in parts]  # type: ignore[union-attr]  # bytes of a text


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, Controller]]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, server
    if server.server is not None:
        server.stop()


def port_of(server: Controller) -> int:
    assert server.server is not None
    return int(server.server.sockets[0].getsockname()[1])


def channels(office: Office, port: int, more: str = "") -> Path:
    url = f"mailto://127.0.0.1:{port}?from=office@city.test&to=lead@city.test&mode=insecure"
    file = office.folder / "channels.yaml"
    file.write_text(
        f'recipients:\n  - to: applicant\n    urls: ["{url}"]\n  - to: supervisor\n    urls: ["{url}"]\n{more}',
        encoding="utf-8",
    )
    return file


def accepted(office: Office) -> str:
    office.ok("objection submit --record R-1 --set reason=从未欠税 --all-materials")
    return str(office.ok(f"objection accept {O1}")["case"])


def notices(office: Office, *words: str, at: str = "2026-03-02") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.ok("notify list", *words, at=at)["notices"]
    return found


def test_a_notice_is_made_with_its_action_and_laid_into_a_folder(office: Office) -> None:
    accepted(office)
    (made,) = notices(office)
    assert (made["case"], made["to"], made["paper"], made["status"]) == (O1, "applicant", "receipt", "pending")
    assert office.ok("notify run", who="") == {"sent": 1, "failed": 0, "given_up": 0}
    assert office.ok("notify run", who="") == {"sent": 0, "failed": 0, "given_up": 0}
    (file,) = (office.beside("notices")).iterdir()
    text = file.read_text(encoding="utf-8")
    assert "受理回执" in text
    assert O1 in text
    assert "期限 Due: 2026-04-01" in text
    for secret in (*numbers().values(), "从未欠税", "张三"):
        assert secret not in text
    assert notices(office)[0]["status"] == "sent"
    assert office.ok("audit verify")["ok"]


def test_a_refused_action_makes_no_notice(office: Office) -> None:
    office.ok("objection submit --record R-1 --set reason=x")
    office.refused(3, f"objection accept {O1}")
    assert notices(office) == []


def test_by_mail(office: Office, mailbox: tuple[Mailbox, Controller]) -> None:
    box, server = mailbox
    accepted(office)
    file = channels(office, port_of(server))
    assert office.ok("notify run --channels", str(file), who="")["sent"] == 1
    assert box.subjects() == [f"【受理回执】{O1}"]
    (body,) = box.bodies()
    assert notices(office)[0]["key"][:16] in body
    assert office.ok("notify test supervisor --channels", str(file))["sent"]
    assert len(box.mails) == 2


def test_a_server_that_is_down_or_refuses_is_tried_again_later_and_given_up_at_last(
    office: Office, mailbox: tuple[Mailbox, Controller]
) -> None:
    box, server = mailbox
    accepted(office)
    file = str(channels(office, port_of(server), "retry: {attempts: 3, first_wait_minutes: 10}\n"))
    box.answer = "451 try later"
    assert office.ok("notify run --channels", file, who="", at="2026-03-02T10:00")["failed"] == 1
    (made,) = notices(office)
    assert (made["status"], made["attempts"]) == ("failed", 1)
    assert made["next_attempt"].startswith("2026-03-02T02:10")
    assert "city.test" not in str(made["error"])
    assert office.ok("notify run --channels", file, who="", at="2026-03-02T10:09")["failed"] == 0
    box.answer = "554 no"
    assert office.ok("notify run --channels", file, who="", at="2026-03-02T10:10")["failed"] == 1
    port = port_of(server)
    server.stop()
    server.server = None
    assert office.ok("notify run --channels", file, who="", at="2026-03-02T10:31")["given_up"] == 1
    (lost,) = notices(office, "--failed", at="2026-03-02T11:00")
    assert office.ok("notify run --channels", file, who="", at="2026-03-05")["sent"] == 0
    assert office.ok("audit verify", at="2026-03-05")["ok"]
    assert office.refused(4, "notify retry zzz", at="2026-03-05")["code"] == "no_notice"
    office.ok("notify retry", lost["key"][:12], at="2026-03-05")
    again = Controller(box, hostname="127.0.0.1", port=port)
    again.start()
    box.answer = "250 OK"
    assert office.ok("notify run --channels", file, who="", at="2026-03-05T10:00")["sent"] == 1
    again.stop()
    assert office.refused(3, "notify retry", lost["key"], at="2026-03-06")["code"] == "state"
    assert office.ok("audit verify", at="2026-03-06")["ok"]


class Dying:
    """A channel that carries the message and then is gone, as after kill -9."""

    def __init__(self) -> None:
        self.sent: list[Said] = []

    def send(self, message: Said) -> None:
        self.sent.append(message)
        raise KeyboardInterrupt


def test_what_was_sent_and_not_recorded_is_sent_again_with_the_same_key(office: Office) -> None:
    accepted(office)
    life, dying = office.life, Dying()
    with pytest.raises(KeyboardInterrupt):
        deliver(life.database, life.calendar, life.moment("2026-03-02T10:00"), dying, Policy())
    assert office.ok("notify run", who="", at="2026-03-02T10:05")["sent"] == 0  # it is still the other one's
    assert office.ok("notify run", who="", at="2026-03-02T10:10")["sent"] == 1
    (file,) = (office.beside("notices")).iterdir()
    assert dying.sent[0].key[:16] in file.name


class Slow:
    """A channel during which another runner comes."""

    def __init__(self, office: Office) -> None:
        self.office, self.others, self.mine = office, 0, 0

    def send(self, message: Said) -> None:  # noqa: ARG002 - what it says is not looked at
        life = self.office.life
        self.mine += 1
        other = Counting()
        deliver(life.database, life.calendar, life.moment("2026-03-02T10:01"), other, Policy())
        self.others += other.count


class Counting:
    def __init__(self) -> None:
        self.count = 0

    def send(self, message: Said) -> None:  # noqa: ARG002 - as above
        self.count += 1


def test_two_runners_at_once_do_not_send_the_same_notice(office: Office) -> None:
    accepted(office)
    slow, life = Slow(office), office.life
    deliver(life.database, life.calendar, life.moment("2026-03-02T10:00"), slow, Policy())
    assert (slow.mine, slow.others) == (1, 0)


def test_the_waits_grow_to_a_limit() -> None:
    policy = Policy(first_wait_minutes=2, longest_wait_minutes=30)
    assert [policy.wait(n).total_seconds() / 60 for n in (1, 2, 3, 4, 5, 9)] == [2, 4, 8, 16, 30, 30]
    assert issubclass(Undelivered, Exception)
    assert delivery.LEASE.total_seconds() == 600


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM outbox", "UPDATE outbox SET status = 'sent', next_attempt = NULL",
        "UPDATE outbox SET role = 'window'", "UPDATE outbox SET next_attempt = '2030-01-01T00:00:00Z'",
        "UPDATE outbox SET key = 'x'", "UPDATE outbox SET attempts = 9", "UPDATE outbox SET paper = 'refusal'",
        "INSERT INTO outbox SELECT 'y', case_no, seq, 7, role, unit, paper, title_zh, title_en, made, status, 0, error, made, made, made FROM outbox",
    ],
)  # fmt: skip
def test_a_notice_that_was_changed_behind_our_back_is_found(office: Office, statement: str) -> None:
    accepted(office)
    assert office.ok("audit verify")["ok"]
    with closing(where.connect(office.database)) as db:
        db.execute(statement)
        db.commit()
    assert office("audit verify").code == 7


@pytest.mark.parametrize(
    "text",
    ["recipients: 7\n", "recipients:\n  - {to: applicant}\n", "unknown: 1\n", "retry: {attempts: many}\n",
     'recipients:\n  - {to: applicant, urls: ["no address, secret"]}\n', ":\n"],
)  # fmt: skip
def test_a_bad_file_of_channels_is_said_so_without_its_secrets(office: Office, text: str) -> None:
    accepted(office)
    (file := office.folder / "channels.yaml").write_text(text, encoding="utf-8")
    answer = office("notify run --channels", str(file))
    assert answer.code == 2
    assert "secret" not in answer.err
    assert notices(office)[0]["status"] == "pending"


def put(life: Life, at: str) -> int:
    with life.database.writing() as db:
        return put_out(db, life.calendar, life.moment(at))


def test_the_morning_digest_goes_out_once_and_never_on_a_day_off(office: Office) -> None:
    office.ok("objection submit --record R-1 --set reason=x --all-materials", at="2026-02-10")
    office.ok(f"objection accept {O1}", at="2026-02-10")  # to be filed the same day, answered by 2026-03-12
    shown = office.ok("digest", who="supervisor1", at="2026-03-10")
    (unit,) = shown["units"]
    assert [one["deadline"] for one in unit["overdue"]] == ["archive"]
    assert [(one["deadline"], one["due"]) for one in unit["soon"]] == [("handling", "2026-03-12")]
    assert [one["deadline"] for one in unit["targets"]] == ["handing_over"]
    text = office.text("digest", who="supervisor1", at="2026-03-10")
    for said in ("逾期 1 项，将到期 1 项", "超过内部目标 1 项（不属逾期）", "◇ 2026-02-11"):
        assert said in text
    life = office.life
    assert put(life, "2026-03-08T08:30") == 0  # a Sunday
    assert put(life, "2026-03-10T08:30") == 1
    assert put(life, "2026-03-10T08:31") == 0
    assert office.ok("notify run", who="", at="2026-03-10T08:32")["sent"] == 2
    texts = [file.read_text(encoding="utf-8") for file in (office.beside("notices")).iterdir()]
    (digest,) = [text for text in texts if "每日督办" in text]
    assert O1 in digest
    assert "逾期 1 项，三个工作日内到期 1 项" in digest
    assert "超过内部目标（不属逾期）" in digest
    assert "2026-03-12" in digest
    assert office.ok("audit verify", at="2026-03-11")["ok"]


def test_who_may_see_notices(office: Office) -> None:
    accepted(office)
    assert office.refused(6, "notify list", who="clerk1")["code"] == "role"
    assert office.refused(2, "notify list --status lost")["code"] == "status"
    assert "待发送" in office.text("notify list")
    assert "pending" in office.text("notify list --lang en")


def given_up(office: Office) -> dict[str, Any]:
    """Return the receipt of a case, whose delivery was given up."""
    accepted(office)
    file = channels(office, 9, "retry: {attempts: 1}\n")
    assert office.ok("notify run --channels", str(file), who="")["given_up"] == 1
    (lost,) = notices(office, "--failed")
    return lost


def test_an_administrator_sees_of_other_peoples_cases_how_they_are_delivered_and_no_more(office: Office) -> None:
    lost = given_up(office)
    (seen,) = office.ok("notify list --failed", who="admin1")["notices"]
    assert seen == lost | {"case": None, "entry": None, "paper": None, "title": None}
    assert (seen["status"], seen["attempts"], seen["to"], seen["unit"]) == ("given_up", 1, "applicant", "服务窗口")
    assert seen["error"]
    for line in ("notify list", "notify list --lang en"):
        text = office.text(line, who="admin1")
        assert lost["key"][:16] in text
        assert not [word for word in (O1, "受理回执", "张三", "None") if word in text]
    assert office.ok(f"notify list --case {O1}", who="admin1")["notices"] == []
    office.refused(4, f"case show {O1}", who="admin1")
    office.ok("notify retry", lost["key"][:12], who="admin1")
    assert office.ok("notify list", who="admin1")["notices"][0]["status"] == "pending"
    entries = office.ok("audit show", "--purpose=检查", who="auditor1")["entries"]
    assert [(one["actor"], one["role"]) for one in entries if one["action"] == "retried"] == [("admin1", "admin")]
    assert office.ok("notify run", who="")["sent"] == 1
    assert office.ok("audit verify")["ok"]


def test_whose_case_it_is_not_neither_sees_its_delivery_nor_has_it_tried_again(office: Office) -> None:
    lost = given_up(office)
    for line in (
        "account apply window9 --set unit=余杭窗口 --set roles=window --set permanent_staff=true",
        "account train window9 --set training=信用信息安全",
        "account activate window9",
    ):
        office.ok(line, who="admin1")
    assert office.ok("notify list", who="window9")["notices"] == []
    assert office.refused(4, "notify retry", lost["key"], who="window9")["code"] == "no_notice"
    office.ok("notify retry", lost["key"])
