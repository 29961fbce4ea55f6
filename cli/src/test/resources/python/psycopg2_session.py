"""What an application does through psycopg2; prints what it gets. Reads PGPORT."""

import datetime
import decimal
import io
import json
import os
import select
import uuid

import psycopg2
import psycopg2.extensions
import psycopg2.extras
import psycopg2.pool
import psycopg2.sql

DSN = "host=127.0.0.1 user=postgres dbname=postgres port=" + os.environ["PGPORT"]


def show(what, value):
    print(what, "=", repr(value))


def failing(what, action):
    try:
        action()
        print(what, "did not fail")
    except psycopg2.Error as e:
        print(what, type(e).__name__, e.pgcode, e.diag.message_primary, e.diag.constraint_name, e.diag.table_name)


conn = psycopg2.connect(DSN)
show("server version", conn.server_version)
show("encoding", conn.encoding)
show("status", conn.status)
cur = conn.cursor()

cur.execute("CREATE TABLE kinds (id serial PRIMARY KEY, b boolean, i2 smallint, i8 bigint, f real, d double precision,"
            " n numeric(12,3), t text, v varchar(10), c char(4), by bytea, dt date, ti time, ts timestamp,"
            " tz timestamptz, iv interval, u uuid, j json, jb jsonb, ia int[], ta text[], ip inet)")
conn.commit()
psycopg2.extras.register_uuid()
psycopg2.extras.register_inet()
row = (True, -5, 2**40, 1.5, 2.25, decimal.Decimal("123.456"), "naïve 'quoted' \\ text", "var", "ab", b"\x00\xff\x10",
       datetime.date(2024, 2, 29), datetime.time(13, 14, 15, 16), datetime.datetime(2024, 2, 29, 1, 2, 3, 4),
       datetime.datetime(2024, 2, 29, 1, 2, 3, tzinfo=datetime.timezone.utc), datetime.timedelta(days=3, seconds=7),
       uuid.UUID("12345678-1234-5678-1234-567812345678"), psycopg2.extras.Json({"a": [1, None]}),
       psycopg2.extras.Json({"b": {"c": 2}}), [1, None, 3], ["x", "y,z", 'q"'], psycopg2.extras.Inet("10.0.0.1/8"))
columns = "b i2 i8 f d n t v c by dt ti ts tz iv u j jb ia ta ip".split()
insert = psycopg2.sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING id").format(
    psycopg2.sql.Identifier("kinds"),
    psycopg2.sql.SQL(", ").join(map(psycopg2.sql.Identifier, columns)),
    psycopg2.sql.SQL(", ").join(psycopg2.sql.Placeholder() * len(columns)))
cur.execute(insert, row)
show("id", cur.fetchone())
show("status message", cur.statusmessage)
cur.execute("SELECT * FROM kinds")
for column, value in zip(cur.description, cur.fetchone()):
    value = bytes(value) if isinstance(value, memoryview) else value
    print(column.name, column.type_code, column.internal_size, column.precision, column.scale, repr(value))
conn.commit()

# Rows by name, many at once, COPY.
cur = conn.cursor(cursor_factory=psycopg2.extras.RealDictCursor)
cur.execute("CREATE TABLE items (id int PRIMARY KEY, name text NOT NULL, price numeric(8,2) CHECK (price >= 0))")
psycopg2.extras.execute_values(
    cur, "INSERT INTO items VALUES %s RETURNING id", [(i, "item %d" % i, i * 1.5) for i in range(1, 8)], page_size=3)
show("last page", [dict(r) for r in cur.fetchall()])
cur.execute("SELECT * FROM items WHERE id IN %s ORDER BY id", ((2, 4),))
show("rows", [dict(r) for r in cur.fetchall()])
cur.execute("SELECT count(*) FROM items WHERE id = ANY(%s) AND name LIKE 'item%%'", ([1, 2, 30],))
show("any", dict(cur.fetchone()))
psycopg2.extras.execute_batch(cur, "UPDATE items SET price = price + %s WHERE id = %s", [(1, 1), (2, 2)])
cur.copy_expert("COPY items FROM STDIN WITH (FORMAT csv)", io.StringIO('8,"eight, or so",8.00\n9,nine,\n'))
show("copied", cur.rowcount)
out = io.StringIO()
cur.copy_expert("COPY (SELECT * FROM items ORDER BY id) TO STDOUT WITH (FORMAT csv, HEADER)", out)
print(out.getvalue())
cur.copy_from(io.StringIO("10\tten\t10\n"), "items", columns=("id", "name", "price"))
conn.commit()

# A cursor of the server, with hold and without.
named = conn.cursor("walk")
named.itersize = 3
named.execute("SELECT id FROM items ORDER BY id")
show("walked", [r[0] for r in named])
named.close()
scroll = conn.cursor("scrolling", scrollable=True)
scroll.execute("SELECT id FROM items ORDER BY id")
scroll.fetchmany(5)
scroll.scroll(-2)
show("after scroll", scroll.fetchone())
scroll.close()
conn.commit()
hold = conn.cursor("kept", withhold=True)
hold.execute("SELECT id FROM items ORDER BY id")
conn.commit()
show("held", hold.fetchmany(2))
hold.close()
conn.commit()

# Errors, savepoints, transactions.
plain = conn.cursor()
failing("duplicate", lambda: plain.execute("INSERT INTO items VALUES (1, 'again', 1)"))
failing("after it", lambda: plain.execute("SELECT 1"))
conn.rollback()
failing("check", lambda: plain.execute("INSERT INTO items VALUES (100, 'cheap', -1)"))
conn.rollback()
failing("null", lambda: plain.execute("INSERT INTO items VALUES (101, NULL, 1)"))
conn.rollback()
failing("no table", lambda: plain.execute("SELECT * FROM nowhere"))
conn.rollback()
plain.execute("SAVEPOINT a")
failing("in savepoint", lambda: plain.execute("SELECT 1/0"))
plain.execute("ROLLBACK TO SAVEPOINT a")
plain.execute("SELECT 1")
show("after savepoint", plain.fetchone())
conn.rollback()
try:
    with conn:
        with conn.cursor() as c:
            c.execute("DELETE FROM items")
            raise ValueError("given up")
except ValueError:
    pass
with conn:
    with conn.cursor() as c:
        c.execute("SELECT count(*) FROM items")
        show("still there", c.fetchone())
conn.set_session(isolation_level="REPEATABLE READ", readonly=True)
plain.execute("SHOW transaction_isolation")
show("isolation", plain.fetchone())
failing("read only", lambda: plain.execute("DELETE FROM items"))
conn.rollback()
conn.set_session(isolation_level="DEFAULT", readonly=False, autocommit=True)
plain.execute("SELECT 1")
show("transaction status", conn.info.transaction_status)

# Two-phase commit through the driver.
conn.autocommit = False
xid = conn.xid(7, "global", "branch")
conn.tpc_begin(xid)
plain.execute("INSERT INTO items VALUES (200, 'in two phases', 2)")
conn.tpc_prepare()
conn.reset()
show("recovered", [(x.format_id, x.gtrid, x.bqual) for x in conn.tpc_recover()])
conn.tpc_commit(xid)
plain.execute("SELECT name FROM items WHERE id = 200")
show("in two phases", plain.fetchone())
conn.commit()

# Notifications and notices.
conn.autocommit = True
plain.execute("LISTEN news")
other = psycopg2.connect(DSN)
other.autocommit = True
other.cursor().execute("SELECT pg_notify('news', 'hello')")
while not conn.notifies:
    if select.select([conn], [], [], 30) == ([], [], []):
        print("nothing came")
        break
    conn.poll()
show("notification", [(n.channel, n.payload) for n in conn.notifies])
plain.execute("DROP TABLE IF EXISTS not_there")
show("notices", conn.notices)

# A pool.
pool = psycopg2.pool.ThreadedConnectionPool(1, 3, DSN)
one, two = pool.getconn(), pool.getconn()
show("two connections", one.info.backend_pid != two.info.backend_pid)
pool.putconn(one)
pool.putconn(two)
pool.closeall()

# Composite and enum types.
plain.execute("CREATE TYPE mood AS ENUM ('sad', 'fine')")
plain.execute("CREATE TABLE people (name text, m mood, ms mood[])")
plain.execute("INSERT INTO people VALUES (%s, %s, %s::mood[])", ("Anna", "fine", ["sad", "fine"]))
plain.execute("SELECT m, ms FROM people")
show("mood", plain.fetchone())
plain.execute("SELECT oid, typarray FROM pg_type WHERE typname = 'mood'")
oid, array_oid = plain.fetchone()
psycopg2.extensions.register_type(psycopg2.extensions.new_array_type((array_oid,), "MOODS", psycopg2.STRING), conn)
plain.execute("SELECT ms FROM people")
show("moods", plain.fetchone())
show("json", json.dumps(conn.get_dsn_parameters().get("dbname")))
plain.execute("SELECT %s, %s, %s, %s", (None, float("nan"), float("inf"), [[1, 2], [3, 4]]))
show("specials", [str(x) for x in plain.fetchone()])
plain.callproc("upper", ("by name",))
show("callproc", plain.fetchone())
show("mogrify", plain.mogrify("SELECT %s", (datetime.date(2020, 1, 1),)))
plain.execute("DROP TABLE people, items, kinds; DROP TYPE mood")
conn.close()
