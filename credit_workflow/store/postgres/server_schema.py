"""Make the schema that PostgreSQL alone has, as of migration 0003. Only later migrations change it.

The logs are partitioned by the month of ``at``, so that old months can be moved to cheaper disks;
a partition is made when the first entry of its month comes, by a function of the owner's, since whoever
uses the program may not alter the schema. All text sorts by its bytes, as in SQLite.
"""

from __future__ import annotations

from collections.abc import Iterator

#: The logs that are partitioned.
PARTITIONED = ("case_event", "journal_log")
#: What every trigger that guards a log runs.
GUARD = "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END"

#: What makes a month of a log, as the owner. Whoever calls it has temporary tables of his own, which PostgreSQL would
#: take first for a bare name: every name is the schema's, and ``pg_temp`` is looked at last.
MONTH = """
DECLARE
    home text := current_schema();
    part text := log || '_' || replace(month, '-', '_');
    following text := left(month, 5) || lpad((right(month, 2)::int + 1)::text, 2, '0');
BEGIN
    IF (log IN ('case_event', 'journal_log') AND month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$') IS NOT TRUE THEN
        RAISE EXCEPTION 'there is no log % or month %', log, month;
    END IF;
    IF to_regclass(format('%I.%I', home, part)) IS NULL THEN
        EXECUTE format('CREATE TABLE %I.%I (LIKE %I.%I INCLUDING ALL)', home, part, home, log);
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I.%I'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION %I.append_only()',
                       log || '_no_truncate', home, part, home);
        EXECUTE format('ALTER TABLE %I.%I ATTACH PARTITION %I.%I FOR VALUES FROM (%L) TO (%L)',
                       home, log, home, part, month, following);
    END IF;
END
"""
_NARROW = {"log_head": ("entries",), "seal_log": ("seq", "events", "journal", "size")}


def statements() -> Iterator[str]:
    """Yield what is run after the tables have been made as on SQLite, and are still empty."""
    yield """
    DO $$ DECLARE found record; BEGIN
        FOR found IN
            SELECT table_name, column_name FROM information_schema.columns
            WHERE table_schema = current_schema() AND data_type = 'character varying'
            AND table_name <> 'alembic_version'
        LOOP
            EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE varchar COLLATE "C"',
                           found.table_name, found.column_name);
        END LOOP;
    END $$
    """
    for table, columns in _NARROW.items():
        for column in columns:
            yield f"ALTER TABLE {table} ALTER COLUMN {column} TYPE bigint"
    for log, stream in zip(PARTITIONED, ("case_no", "stream"), strict=True):
        yield f"ALTER TABLE {log} RENAME TO {log}_unparted"
        yield f"CREATE TABLE {log} (LIKE {log}_unparted INCLUDING COMMENTS) PARTITION BY RANGE (at)"
        yield f"DROP TABLE {log}_unparted"
        yield f"ALTER TABLE {log} ALTER COLUMN id TYPE bigint"
        yield f"ALTER TABLE {log} ADD PRIMARY KEY (id, at)"
        yield f"CREATE UNIQUE INDEX {log}_in_its_chain ON {log} ({stream}, seq, at)"
    yield f"CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $${GUARD}$$"
    for table in (*PARTITIONED, "seal_log"):
        for name, event, each in guards(table):
            yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION append_only()"
    yield (
        "CREATE FUNCTION log_month(log text, month text) RETURNS void"
        f" LANGUAGE plpgsql SECURITY DEFINER AS $month${MONTH}$month$"
    )
    yield """
    DO $$ BEGIN
        EXECUTE format('ALTER FUNCTION log_month(text, text) SET search_path = %I, pg_temp', current_schema());
    END $$
    """
    yield "REVOKE ALL ON FUNCTION log_month(text, text) FROM PUBLIC"


def guards(log: str) -> list[tuple[str, str, str]]:
    """Return the triggers of a log and of each of its partitions: (name, event, for each ROW or STATEMENT)."""
    return [
        (f"{log}_no_update", "UPDATE", "ROW"),
        (f"{log}_no_delete", "DELETE", "ROW"),
        (f"{log}_no_truncate", "TRUNCATE", "STATEMENT"),
    ]
