"""What an application does through asyncpg; prints what it gets. Reads PGPORT."""

import asyncio
import datetime
import decimal
import ipaddress
import os
import uuid

import asyncpg

HOW = {"host": "127.0.0.1", "user": "postgres", "database": "postgres", "port": int(os.environ["PGPORT"])}


def show(what, value):
    print(what, "=", repr(value))


async def failing(what, action):
    try:
        await action
        print(what, "did not fail")
    except asyncpg.PostgresError as e:
        print(what, type(e).__name__, e.sqlstate, e.message, e.constraint_name)


KINDS = [
    ("boolean", True), ("smallint", -5), ("int", 7), ("bigint", 2**40), ("real", 1.5), ("float8", 2.25),
    ("numeric", decimal.Decimal("123.4560")), ("text", "naïve"), ("varchar(9)", "nine"), ("char(3)", "abc"),
    ("bytea", b"\x00\xff"), ("date", datetime.date(2024, 2, 29)), ("time", datetime.time(13, 14, 15, 16)),
    ("timetz", datetime.time(1, 2, tzinfo=datetime.timezone.utc)),
    ("timestamp", datetime.datetime(2024, 2, 29, 1, 2, 3, 4)),
    ("timestamptz", datetime.datetime(2024, 2, 29, 1, 2, 3, tzinfo=datetime.timezone.utc)),
    ("interval", datetime.timedelta(days=3, seconds=7)), ("uuid", uuid.UUID("12345678-1234-5678-1234-567812345678")),
    ("json", '{"a": 1}'), ("jsonb", '{"a": 1}'), ("int[]", [1, None, 3]), ("text[]", ["x", "y,z"]),
    ("int[]", [[1, 2], [3, 4]]), ("inet", ipaddress.ip_interface("10.0.0.1/8")), ("cidr", ipaddress.ip_network("10.0.0.0/8")),
    ("macaddr", "08:00:2b:01:02:03"), ("bit(3)", asyncpg.BitString("101")), ("varbit", asyncpg.BitString("10101")),
    ("oid", 42), ("name", "n"),
]


async def main():
    conn = await asyncpg.connect(**HOW)
    show("version", conn.get_server_version()[:1])
    for kind, value in KINDS:
        try:
            show(kind, await conn.fetchval("SELECT $1::" + kind, value))
        except Exception as e:
            print(kind, type(e).__name__, e)
    await conn.execute("CREATE TABLE items (id int PRIMARY KEY, name text NOT NULL, price numeric(8,2))")
    show("insert", await conn.execute("INSERT INTO items VALUES ($1, $2, $3)", 1, "one", decimal.Decimal("1.50")))
    await conn.executemany("INSERT INTO items VALUES ($1, $2, $3)", [(i, "item", i) for i in range(2, 50)])
    show("rows", [dict(r) for r in await conn.fetch("SELECT * FROM items WHERE id < 4 ORDER BY id")])
    statement = await conn.prepare("SELECT id, name FROM items WHERE id = $1 AND name <> $2")
    show("parameters", [(t.oid, t.name, t.kind, t.schema) for t in statement.get_parameters()])
    show("attributes", [(a.name, a.type.name) for a in statement.get_attributes()])
    show("row", tuple(await statement.fetchrow(3, "none")))
    show("status", statement.get_statusmsg())
    async with conn.transaction():
        got = []
        async for record in conn.cursor("SELECT id FROM items ORDER BY id", prefetch=10):
            got.append(record["id"])
        show("cursor", len(got))
        cursor = await conn.cursor("SELECT id FROM items ORDER BY id")
        await cursor.forward(10)
        show("forward", [r[0] for r in await cursor.fetch(3)])
    async with conn.transaction(isolation="serializable", readonly=True, deferrable=True):
        show("count", await conn.fetchval("SELECT count(*) FROM items"))
    try:
        async with conn.transaction():
            await conn.execute("DELETE FROM items")
            try:
                async with conn.transaction():
                    await conn.execute("SELECT 1/0")
            except asyncpg.DivisionByZeroError as e:
                show("inner", e.message)
            show("gone", await conn.fetchval("SELECT count(*) FROM items"))
            raise ValueError
    except ValueError:
        show("back", await conn.fetchval("SELECT count(*) FROM items"))
    await failing("duplicate", conn.execute("INSERT INTO items VALUES (1, 'again', 1)"))
    await failing("syntax", conn.fetch("SELEC 1"))
    await failing("table", conn.fetch("SELECT * FROM nowhere"))
    show("copied", await conn.copy_records_to_table("items", records=[(100, "copied", decimal.Decimal(1)), (101, "too", None)]))
    with open(os.devnull, "wb") as out:
        show("copied out", await conn.copy_from_query("SELECT * FROM items", output=out, format="csv"))
    await conn.execute("CREATE TYPE mood AS ENUM ('sad', 'fine')")
    await conn.execute("CREATE DOMAIN positive AS int CHECK (VALUE > 0)")
    await conn.execute("CREATE TABLE people (name text, m mood, ms mood[], p positive)")
    await conn.execute("INSERT INTO people VALUES ($1, $2, $3, $4)", "Anna", "fine", ["sad", "fine"], 3)
    show("mood", tuple(await conn.fetchrow("SELECT m, ms, p FROM people")))
    statement = await conn.prepare("SELECT m, ms, p FROM people WHERE m = $1")
    show("mood type", [(a.name, a.type.name, a.type.kind, a.type.schema) for a in statement.get_attributes()])
    show("record", await conn.fetchval("SELECT ROW(1, 'a'::text, NULL::int)"))
    show("records", await conn.fetchval("SELECT array_agg(ROW(id, name)) FROM items WHERE id < 3"))
    await conn.set_type_codec("mood", encoder=str.lower, decoder=str.upper, schema="public")
    show("codec", await conn.fetchval("SELECT m FROM people"))
    await conn.execute("ALTER TABLE people ADD COLUMN age int")
    show("after change", tuple((await conn.fetch("SELECT name, age FROM people"))[0]))
    heard = asyncio.get_running_loop().create_future()
    await conn.add_listener("news", lambda c, pid, channel, payload: heard.set_result((channel, payload)))
    await conn.execute("SELECT pg_notify('news', 'hello')")
    show("heard", await asyncio.wait_for(heard, 30))
    logged = []
    conn.add_log_listener(lambda c, m: logged.append(m.message))
    await conn.execute("DROP TABLE IF EXISTS not_there")
    await asyncio.sleep(0)
    show("logged", logged)
    try:
        await conn.fetch("SELECT pg_sleep(60)", timeout=0.2)
    except asyncio.TimeoutError:
        show("timeout", await conn.fetchval("SELECT 1"))
    show("settings", conn.get_settings().server_encoding)
    await conn.reset()
    await conn.execute("DROP TABLE items, people; DROP TYPE mood; DROP DOMAIN positive")
    async with asyncpg.create_pool(min_size=2, max_size=4, **HOW) as pool:
        async def work(n):
            async with pool.acquire() as c:
                return await c.fetchval("SELECT $1::int * 2", n)
        show("pool", await asyncio.gather(*(work(i) for i in range(10))))
    await conn.close()


asyncio.run(main())
