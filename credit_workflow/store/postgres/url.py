"""What a URL says of a server, as libpq reads it."""

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
    except ValueError as fault:
        raise _unreadable(url, str(fault)) from None
    options = {**_USUAL, **{key: value for key, value in pairs if key != "host"}}
    who, _, where = found.netloc.rpartition("@")
    user, _, password = who.partition(":")
    name = unquote(found.path.removeprefix("/"))
    if name:
        options["dbname"] = name
    if not options.get("dbname"):
        message = Text("数据库地址没有库名", "the database URL names no database")
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
    return host, port


def _unreadable(url: str, why: str) -> UsageFault:
    message = Text("数据库地址无法读取：{w}", "the database URL can't be read: {w}")
    return UsageFault(message.fill(w=why), code="database_url", details={"scheme": url.partition("://")[0]})
