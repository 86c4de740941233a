"""Read what a URL says of a server, as libpq does."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from credit_workflow.errors import UsageFault
from credit_workflow.text import Text

#: What holds unless the URL says otherwise. A server that no longer answers is noticed within half a minute.
_USUAL = {
    "connect_timeout": "10",
    "application_name": "credit_workflow",
    "client_encoding": "UTF8",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}


class Server(NamedTuple):
    """Where a database is: libpq's keywords, and the name that people are told."""

    options: dict[str, str]
    name: str


def server_of(url: str) -> Server:
    """Return the server that a URL means.

    Args:
        url: ``postgresql+psycopg://USER:PASSWORD@HOST:PORT/NAME?…``. Several hosts stand as libpq's
            URLs have them (``HOST:PORT,HOST:PORT``) or as SQLAlchemy's (``?host=HOST:PORT&host=HOST:PORT``);
            of several, the one that can be written is taken.

    Raises:
        UsageFault: it names no database, or can't be read.
    """
    try:
        found = urlsplit(url.replace("+psycopg", "", 1))
        pairs = parse_qsl(found.query, keep_blank_values=True, strict_parsing=bool(found.query))
    except ValueError:  # what it says may have a part of a password in it
        raise _unreadable(url) from None
    if found.fragment or "@" in found.path + found.query:
        raise _unreadable(url)
    options = {**_USUAL, **{key: value for key, value in pairs if key != "host"}}
    who, _, where = found.netloc.rpartition("@")
    user, _, password = who.partition(":")
    name = unquote(found.path.removeprefix("/"))
    if name:
        options["dbname"] = name
    if not options.get("dbname"):
        message = Text(
            "数据库地址中没有库名；使用 service 的也须写明：postgresql+psycopg:///库名?service=…",
            "the database URL names no database, which it must even with a service:"
            " postgresql+psycopg:///NAME?service=…",
        )
        raise UsageFault(message, code="database_url")
    options |= {key: unquote(value) for key, value in (("user", user), ("password", password)) if value}
    hosts = [host for host in where.split(",") if host] + [
        host for key, value in pairs if key == "host" for host in value.split(",")
    ]
    shown = ",".join(hosts)
    if hosts:
        parts = [_host_port(host) for host in hosts]
        options["host"] = ",".join(host for host, _ in parts)
        if any(port for _, port in parts):
            options["port"] = ",".join(port or "5432" for _, port in parts)
    if len(hosts) > 1:
        options.setdefault("target_session_attrs", "read-write")
    return Server(options, f"postgresql://{user}{'@' if user else ''}{shown}/{options['dbname']}")


def _host_port(text: str) -> tuple[str, str]:
    """Return the host and the port of ``HOST:PORT``, ``[IPv6]:PORT`` or a folder of sockets."""
    text = unquote(text)
    if text.startswith("/"):
        folder, colon, port = text.rpartition(":")
        return (folder, port) if colon and port.isdigit() else (text, "")
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        return host, rest.removeprefix(":")
    host, _, port = text.partition(":")
    if port and not port.isdigit():
        raise _unreadable("postgresql://")  # as where a slash in a password ends the host
    return host, port


def _unreadable(url: str) -> UsageFault:
    """Return what is said of a URL in which a password may stand anywhere, so nothing of it is repeated."""
    message = Text(
        "数据库地址无法读取，应为 postgresql+psycopg://用户@主机:端口/库名，端口为数字。"
        "密码等处的 / ? # @ [ ] : % 须写作 %2F %3F %23 %40 %5B %5D %3A %25；"
        "密码最好放在 ~/.pgpass",
        "the database URL can't be read; it should be postgresql+psycopg://USER@HOST:PORT/NAME, the port a number;"
        " in a password, / ? # @ [ ] : % are written %2F %3F %23 %40 %5B %5D %3A %25;"
        " it is better kept in ~/.pgpass",
    )
    return UsageFault(message, code="database_url", details={"scheme": url.partition("://")[0]})
