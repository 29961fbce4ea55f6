"""What an application that does not speak UTF-8 does; prints what it gets. Reads PGPORT."""

import io
import os
import subprocess

import psycopg2
import psycopg2.extensions

DSN = "host=127.0.0.1 user=postgres dbname=postgres port=" + os.environ["PGPORT"]


def show(what, value):
    print(what, "=", ascii(value))


def failing(what, action):
    try:
        action()
        print(what, "did not fail")
    except psycopg2.Error as e:
        print(what, type(e).__name__, e.pgcode, ascii(e.diag.message_primary), ascii(e.diag.context))


conn = psycopg2.connect(DSN + " client_encoding=LATIN1")
conn.autocommit = True
show("encoding", conn.encoding)
cur = conn.cursor()
cur.execute(b"CREATE TABLE words (id int PRIMARY KEY, caf\xe9 text)")
cur.execute("INSERT INTO words VALUES (1, %s), (2, U&'\\20ac')", ("d\xe9j\xe0 vu",))
cur.execute("SELECT * FROM words WHERE id = 1")
show("names", [each.name for each in cur.description])
show("row", cur.fetchone())
cur.execute("SELECT octet_length(caf\xe9), length(caf\xe9) FROM words ORDER BY id")
show("lengths", cur.fetchall())
failing("euro in latin1", lambda: cur.execute("SELECT caf\xe9 FROM words ORDER BY id"))
failing("unknown column", lambda: cur.execute("SELECT \xe9l\xe8ve FROM words"))
failing("bad number", lambda: cur.execute("SELECT '\xe9'::int"))

conn.set_client_encoding("WIN1252")
show("encoding", conn.encoding)
show("setting", conn.get_parameter_status("client_encoding"))
cur.execute("SELECT caf\xe9 FROM words ORDER BY id")
show("both", cur.fetchall())
failing("no such byte", lambda: cur.execute(b"SELECT '\x81'"))

out = io.BytesIO()
cur.copy_expert("COPY words TO STDOUT", out)
show("copied", out.getvalue())
cur.copy_expert("COPY words FROM STDIN", io.BytesIO(b"3\t\x80 5\n4\tna\xefve\n"))
out = io.BytesIO()
cur.copy_expert("COPY words TO STDOUT (FORMAT csv, HEADER, ENCODING 'utf8')", out)
show("copied as utf8", out.getvalue())
cur.copy_expert("COPY words FROM STDIN (ENCODING 'sjis')", io.BytesIO(b"5\t\x93\xfa\x96\x7b\x83\x5c\n"))
out = io.BytesIO()
cur.copy_expert("COPY (SELECT * FROM words WHERE id = 5) TO STDOUT (ENCODING 'euc_jp')", out)
show("japanese", out.getvalue())
failing(
    "half a character",
    lambda: cur.copy_expert("COPY words FROM STDIN (ENCODING 'sjis')", io.BytesIO(b"6\ta\n7\t\x93\n")),
)
failing(
    "not in the table",
    lambda: cur.copy_expert("COPY words FROM STDIN", io.BytesIO(b"6\ta\n7\t\x81\n")),
)
failing("japanese in win1252", lambda: cur.copy_expert("COPY words TO STDOUT", io.BytesIO()))

conn.autocommit = False
cur.execute("SET LOCAL client_encoding = 'UTF8'")
show("within", (conn.encoding, conn.get_parameter_status("client_encoding")))
conn.rollback()
show("after", (conn.encoding, conn.get_parameter_status("client_encoding")))
cur.execute("SELECT caf\xe9 FROM words WHERE id = 4")
show("still read", cur.fetchone())
conn.rollback()
conn.set_client_encoding("UTF8")
cur.execute("SELECT count(*), max(length(caf\xe9)) FROM words")
show("back in utf8", cur.fetchone())
conn.commit()
failing("unknown encoding", lambda: cur.execute("SET client_encoding = 'nothing'"))
conn.rollback()
conn.close()

script = b"\\encoding\n\\encoding latin9\n\\encoding\nSELECT id, caf\xe9 FROM words WHERE id < 4 ORDER BY id;\n\\encoding nothing\n"
psql = ["psql", "-X", "-At", "-h", "127.0.0.1", "-p", os.environ["PGPORT"], "-U", "postgres", "postgres"]
environment = dict(os.environ, PGCLIENTENCODING="LATIN1")
done = subprocess.run(psql, input=script, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)
show("psql", done.stdout)
