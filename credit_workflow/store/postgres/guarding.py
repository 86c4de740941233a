"""Check that what protects the logs on a server is as it was made: a part of ``audit verify``."""

from __future__ import annotations

import re

from credit_workflow.store.connection import Connection
from credit_workflow.store.postgres.server_schema import GUARD, MONTH, PARTITIONED, guards
from credit_workflow.store.reading.log_reader import APPEND_ONLY, CHANGED, TOO_MANY
from credit_workflow.text import Text

_HERE = "(SELECT relnamespace FROM pg_class WHERE oid = 'meta'::regclass)"
#: Every trigger of ours, with the table or partition that it is on, whether it is on, and what it runs.
_TRIGGERS = f"""
SELECT c.relname, t.tgname, t.tgenabled::text, pg_get_triggerdef(t.oid), p.prosrc
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND c.relnamespace = {_HERE}
"""
_PARTS = (
    "SELECT inhparent::regclass::text, inhrelid::regclass::text FROM pg_inherits"
    " WHERE inhparent::regclass::text = ANY(?)"
)
#: What runs as the owner: its words, and where it looks names up.
_MONTHS = f"""
SELECT p.prosrc = ? AND p.proconfig = ARRAY['search_path=' || quote_ident(n.nspname) || ', pg_temp']
FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE p.proname = 'log_month' AND n.oid = {_HERE}
"""
#: Whoever but the owner may change the log, in whole or in a column of it.
_RIGHTS = """
SELECT c.relname FROM pg_class AS c, aclexplode(c.relacl) AS may
WHERE c.oid::regclass::text = ANY(?) AND may.grantee <> c.relowner
AND may.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
UNION
SELECT c.relname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid, aclexplode(a.attacl) AS may
WHERE c.oid::regclass::text = ANY(?) AND may.grantee <> c.relowner AND may.privilege_type = 'UPDATE'
ORDER BY 1
"""
_MONTHS_CHANGED = Text(
    "为日志建立月份分区的函数缺失或被改动", "the function that makes the logs' monthly partitions is not as it was"
)
_RIGHT = Text("有属主以外的角色可以改动日志", "a role other than the owner may change it")


def unguarded(db: Connection) -> tuple[str, Text] | None:
    """Return what protects the logs and is missing, off or changed, or what is one too many, and what is wrong.

    Args:
        db: the database.
    """
    there = {(row[0], row[1]): row[2:] for row in db.execute(_TRIGGERS).fetchall()}
    parts = db.execute(_PARTS, (list(PARTITIONED),)).fetchall()
    for log, table in (*((name, name) for name in APPEND_ONLY), *parts):
        for name, event, each in guards(log):
            on, declared, runs = there.pop((table, name), ("", "", ""))
            wanted = f"BEFORE {event} ON .*{table} FOR EACH {each} EXECUTE FUNCTION .*append_only\\(\\)"
            if on != "O" or runs != GUARD or not re.fullmatch(f"CREATE TRIGGER {name} {wanted}", declared):
                return name, CHANGED
    if there:
        return min(there)[1], TOO_MANY
    if [row[0] for row in db.execute(_MONTHS, (MONTH,)).fetchall()] != [True]:
        return "log_month", _MONTHS_CHANGED
    tables = [*APPEND_ONLY, *(table for _, table in parts)]
    loose = db.execute(_RIGHTS, (tables, tables)).fetchone()
    return (loose[0], _RIGHT) if loose is not None else None
