"""What an application does through psycopg 3, plain and asynchronous; prints what it gets. Reads PGPORT."""

import asyncio
import datetime
import decimal
import os
import uuid

import psycopg
from psycopg import sql
from psycopg.rows import class_row, dict_row, namedtuple_row
from psycopg.types.enum import EnumInfo, register_enum
from psycopg.types.json import Jsonb
from psycopg.types import TypeInfo

DSN = "host=127.0.0.1 user=postgres dbname=postgres port=" + os.environ["PGPORT"]


def show(what, value):
    print(what, "=", repr(value))


def failing(what, action):
    try:
        action()
        print(what, "did not fail")
    except psycopg.Error as e:
        print(what, type(e).__name__, e.sqlstate, e.diag.message_primary, e.diag.constraint_name)


VALUES = [True, -5, 2**40, 2**70, 1.5, decimal.Decimal("123.456"), "naïve", b"\x00\xff", datetime.date(2024, 2, 29),
          datetime.time(13, 14, 15, 16), datetime.datetime(2024, 2, 29, 1, 2, 3, 4),
          datetime.datetime(2024, 2, 29, 1, 2, 3, tzinfo=datetime.timezone.utc), datetime.timedelta(days=3, seconds=7),
          uuid.UUID("12345678-1234-5678-1234-567812345678"), Jsonb({"a": [1, None]}), [1, None, 3], ["x", "y,z"],
          [decimal.Decimal("1.5")], None]

with psycopg.connect(DSN, autocommit=True) as conn:
    show("status", conn.info.transaction_status.name)
    for binary in (False, True):
        for mark in ("%s", "%b", "%t"):
            cur = conn.cursor(binary=binary)
            got = []
            for value in VALUES:
                got.append(cur.execute("SELECT " + mark, (value,)).fetchone()[0])
            show("%s binary=%s" % (mark, binary), got)
    conn.execute("CREATE TABLE items (id int PRIMARY KEY, name text NOT NULL, price numeric(8,2), at timestamptz)")
    with conn.cursor() as cur:
        cur.executemany("INSERT INTO items VALUES (%s, %s, %s, '2024-01-01Z') RETURNING id",
                        [(i, "item %d" % i, i * 1.5) for i in range(1, 6)], returning=True)
        ids = []
        while True:
            ids.append(cur.fetchone()[0])
            if not cur.nextset():
                break
        show("ids", ids)
        show("rowcount", cur.rowcount)

    # Prepared on the fifth use.
    for i in range(8):
        assert conn.execute("SELECT name FROM items WHERE id = %s", (i % 5 + 1,)).fetchone()[0].startswith("item")
    show("prepared", conn.execute("SELECT count(*) FROM pg_prepared_statements").fetchone())
    show("prepared text", conn.execute("SELECT statement, parameter_types::text, from_sql FROM pg_prepared_statements"
                                       " ORDER BY statement, parameter_types::text", prepare=False).fetchall())

    with conn.pipeline() as p:
        cur = conn.cursor()
        cur.execute("INSERT INTO items VALUES (%s, 'in a pipeline', 1, now())", (10,))
        second = conn.cursor()
        second.execute("SELECT name FROM items WHERE id = %s", (10,))
        show("pipeline", second.fetchone())
    try:
        with conn.pipeline():
            conn.execute("INSERT INTO items VALUES (11, 'lost', 1, now())")
            conn.execute("SELECT 1/0")
            conn.execute("INSERT INTO items VALUES (12, 'never', 1, now())")
    except psycopg.Error as e:
        show("pipeline failed", (type(e).__name__, e.sqlstate))
    show("left", conn.execute("SELECT id FROM items WHERE id > 10").fetchall())

    with conn.transaction() as outer:
        conn.execute("UPDATE items SET price = 0 WHERE id = 1")
        try:
            with conn.transaction():
                conn.execute("UPDATE items SET price = 99 WHERE id = 1")
                conn.execute("SELECT 1/0")
        except psycopg.errors.DivisionByZero as e:
            show("inner", e.diag.message_primary)
        show("price", conn.execute("SELECT price FROM items WHERE id = 1").fetchone())
        with conn.transaction(force_rollback=True):
            conn.execute("DELETE FROM items")
    show("after", conn.execute("SELECT count(*) FROM items").fetchone())

    with conn.cursor() as cur:
        with cur.copy("COPY items (id, name, price) FROM STDIN") as copy:
            for record in [(20, "copied\twith tab", decimal.Decimal("2.5")), (21, "next", None)]:
                copy.write_row(record)
        with cur.copy("COPY items (id, name, price) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["int4", "text", "numeric"])
            copy.write_row((22, "binary", decimal.Decimal("3.25")))
        with cur.copy("COPY (SELECT id, name, price FROM items ORDER BY id) TO STDOUT") as copy:
            copy.set_types(["int4", "text", "numeric"])
            show("rows", list(copy.rows()))
        with cur.copy("COPY (SELECT id, name, price FROM items WHERE id > 20 ORDER BY id) TO STDOUT (FORMAT BINARY)") as copy:
            copy.set_types(["int4", "text", "numeric"])
            show("binary rows", list(copy.rows()))

    with conn.transaction(), conn.cursor(name="walk") as walk:
        walk.itersize = 2
        walk.execute("SELECT id FROM items ORDER BY id")
        show("walked", [r[0] for r in walk])
        walk.scroll(-3)
        show("scrolled", walk.fetchone())

    failing("duplicate", lambda: conn.execute("INSERT INTO items VALUES (1, 'again', 1, now())"))
    failing("syntax", lambda: conn.execute("SELEC 1"))
    failing("type", lambda: conn.execute("SELECT %s::int", ("abc",)))
    failing("many", lambda: conn.execute("SELECT 1; SELECT %s", (1,)))
    show("names", conn.cursor(row_factory=dict_row).execute("SELECT 1 AS a, 2 AS b").fetchall())
    show("tuples", conn.cursor(row_factory=namedtuple_row).execute("SELECT 1 AS a, 2 AS b").fetchone()._asdict())
    conn.execute(sql.SQL("CREATE TYPE {} AS ENUM ('sad', 'fine')").format(sql.Identifier("mood")))
    info = EnumInfo.fetch(conn, "mood")
    register_enum(info, conn)
    show("labels", info.labels)
    show("enum", conn.execute("SELECT 'fine'::mood, ARRAY['sad'::mood]").fetchone())
    show("enum in", conn.execute("SELECT %s = 'fine'", (info.enum.fine,)).fetchone())
    show("info", TypeInfo.fetch(conn, "int4").array_oid)
    seen = []
    conn.add_notice_handler(lambda d: seen.append((d.severity, d.message_primary)))
    conn.execute("DROP TABLE IF EXISTS not_there")
    show("notice", seen)
    show("cancel", conn.info.parameter_status("server_encoding"))


async def asynchronously():
    async with await psycopg.AsyncConnection.connect(DSN, autocommit=True) as conn:
        await conn.execute("LISTEN news")
        async with await psycopg.AsyncConnection.connect(DSN) as other:
            async with other.transaction():
                await other.execute("NOTIFY news, 'hello'")
        async for notice in conn.notifies():
            show("notified", (notice.channel, notice.payload))
            break
        try:
            task = asyncio.create_task(conn.execute("SELECT pg_sleep(60)"))
            await asyncio.sleep(0.2)
            conn.cancel()
            await task
        except psycopg.errors.QueryCanceled as e:
            show("cancelled", e.diag.message_primary)
        cur = conn.cursor()
        rows = [r async for r in cur.stream("SELECT id FROM items WHERE id < 4 ORDER BY id")]
        show("streamed", rows)
        await conn.execute("DROP TABLE items; DROP TYPE mood")


asyncio.run(asynchronously())
with psycopg.connect(DSN) as conn:
    xid = conn.xid(1, "gtrid", "bqual")
    conn.tpc_begin(xid)
    conn.execute("SELECT 1")
    conn.tpc_prepare()
    conn.tpc_rollback()
    show("none left", conn.tpc_recover())
