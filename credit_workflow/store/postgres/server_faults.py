"""Tell people what the errors of PostgreSQL and psycopg mean."""

from __future__ import annotations

from typing import NamedTuple

import psycopg
from psycopg import errors

from credit_workflow.errors import Conflict, CreditWorkflowError, IntegrityFault, NotAllowed, NotFound, Refused
from credit_workflow.text import Text

_BUSY = Text("数据库正忙，没有写入任何内容。请稍后再试", "the database is busy and nothing was written; try again")
_CANCELLED = Text(
    "操作被数据库服务器中止（{f}），没有写入任何内容。请再试一次；反复出现的，请管理员取消该用户的 statement_timeout",
    "the server cancelled a statement ({f}) and nothing was written; try again, and if it keeps happening, have the"
    " administrator lift statement_timeout for this user",
)
_LOST = Text(
    "与数据库 {p} 的连接中断，没有写入任何内容。请再试一次（{f}）",
    "the connection to the database {p} was lost and nothing was written; try again ({f})",
)


class _Known(NamedTuple):
    """A fault that is known: the error of ours that it is, and by what it is told."""

    error: type[CreditWorkflowError]
    code: str
    message: Text
    kinds: tuple[type[Exception], ...]
    words: tuple[str, ...] = ()


#: The first that fits is meant; while connecting libpq gives no class, so it is the server's words.
_FAULTS = (
    _Known(Conflict, "busy", _BUSY, (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable)),
    _Known(Conflict, "busy", _CANCELLED, (errors.QueryCanceled,)),
    _Known(
        Conflict,
        "busy",
        Text(
            "数据库服务器暂不接受更多连接。请稍后再试（{f}）",
            "the server takes no more connections now; try again ({f})",
        ),
        (errors.TooManyConnections, errors.CannotConnectNow),
        ("too many", "remaining connection slots", "starting up", "shutting down"),
    ),
    _Known(
        Conflict,
        "conflict",
        Text(
            "他人同时写入了同样的内容，本次没有写入。请重新查看后再办理",
            "somebody else has just written the same, and nothing was written now; look at it again",
        ),
        (errors.UniqueViolation,),
    ),
    _Known(
        CreditWorkflowError,
        "disk_full",
        Text(
            "数据库服务器的磁盘已满，没有写入任何内容。请腾出空间后再试",
            "the server's disk is full and nothing was written; free some space and try again",
        ),
        (errors.DiskFull,),
    ),
    _Known(
        CreditWorkflowError,
        "disk_io",
        Text(
            "数据库服务器的磁盘读写出错（{f}），没有写入任何内容。请检查磁盘后再试",
            "the server's disk can't be read or written ({f}), and nothing was written; check the disk and try again",
        ),
        (errors.IoError,),
    ),
    _Known(
        IntegrityFault,
        "damaged",
        Text("数据库 {p} 已损坏（{f}）。请从备份恢复", "the database {p} is damaged ({f}); restore it from a backup"),
        (
            errors.DataCorrupted,
            errors.IndexCorrupted,
            errors.UndefinedFile,
            errors.UndefinedTable,
            errors.UndefinedColumn,
            errors.UndefinedFunction,
        ),
    ),
    _Known(
        NotFound,
        "no_database",
        Text(
            "数据库 {p} 不存在。请先在服务器上创建（CREATE DATABASE），再用 init 初始化",
            "there is no database {p}; create it on the server (CREATE DATABASE), then run init",
        ),
        (errors.InvalidCatalogName,),
        ("FATAL:  database", "FATAL: database"),
    ),
    _Known(
        NotAllowed,
        "database_login",
        Text(
            "数据库 {p} 不接受这个用户（{f}）。请检查用户名，以及 ~/.pgpass 或 PGPASSWORD 中的密码（见"
            " docs/production.md）",
            "the database {p} does not let this user in ({f}); check the user, and the password in ~/.pgpass or"
            " PGPASSWORD; see docs/production.md",
        ),
        (errors.InvalidPassword, errors.InvalidAuthorizationSpecification),
        ("password authentication", "role ", "no password", "pg_hba.conf"),
    ),
    _Known(
        NotAllowed,
        "database_rights",
        Text(
            "数据库用户的权限不足（{f}）。请授予应用角色；init 和恢复须以属主连接，见 docs/production.md",
            "the database user lacks a right ({f}); grant it the application's role, or connect as the owner for init"
            " and for restoring; see docs/production.md",
        ),
        (errors.InsufficientPrivilege,),
        ("permission denied",),
    ),
    _Known(
        Refused,
        "standby",
        Text(
            "{p} 目前只读（是备用服务器，或者用户、数据库被设为只读），没有写入任何内容。"
            "请连接主服务器，或取消只读设置",
            "{p} can only be read now (it is a standby, or the user or database is set to read only), and nothing was"
            " written; connect to the primary, or lift that setting",
        ),
        (errors.ReadOnlySqlTransaction,),
        ("session is read-only", "in hot standby mode"),
    ),
)
_GONE = (errors.AdminShutdown, errors.CrashShutdown, errors.IdleInTransactionSessionTimeout, errors.DatabaseDropped)
#: Of newer servers: a session (57P05) or a transaction (25P04) that took too long.
_ENDED = ("57P05", "25P04")


def lost(fault: BaseException) -> bool:
    """Whether a fault of psycopg means that the connection was lost."""
    if isinstance(fault, _GONE) or (isinstance(fault, psycopg.Error) and fault.sqlstate in _ENDED):
        return True
    return isinstance(fault, psycopg.OperationalError) and (fault.sqlstate is None or fault.sqlstate.startswith("08"))


def ours(fault: psycopg.Error, name: str, *, connected: bool) -> CreditWorkflowError:
    """Return the error of ours for a fault of psycopg.

    Args:
        fault: what psycopg raised.
        name: what people are told that the database is.
        connected: whether there was a connection already.
    """
    # The first line of what the server says: the statement and the values that follow are nobody's business.
    said = " ".join((fault.diag.message_primary or str(fault)).split()) or type(fault).__name__
    said = said.rpartition("All failures were: ")[2]  # of several hosts; before it stands the last one once more
    if "append-only" in said:
        return IntegrityFault(Text("日志只能追加，不能修改或删除", "the log is append-only"), code="append_only")
    for one in _FAULTS:
        if isinstance(fault, one.kinds) or (not connected and any(word in said for word in one.words)):
            return one.error(one.message.fill(p=name, f=said), code=one.code)
    if lost(fault):
        if connected:
            return CreditWorkflowError(_LOST.fill(p=name, f=said), code="connection_lost")
        message = Text(
            "连接不上数据库服务器 {p}（{f}）。请检查网络与地址",
            "the server of {p} can't be reached ({f}); check the network and the URL",
        )
        return CreditWorkflowError(message.fill(p=name, f=said), code="unreachable")
    message = Text("数据库 {p} 出错（{f}），没有写入任何内容", "the database {p} failed ({f}); nothing was written")
    return CreditWorkflowError(message.fill(p=name, f=said), code="database")
