"""What an application does through SQLAlchemy; prints what it gets. Reads PGPORT."""

import asyncio
import datetime
import decimal
import enum
import os
import pprint
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, declarative_base, joinedload, relationship, selectinload

ADDRESS = "postgres@127.0.0.1:" + os.environ["PGPORT"] + "/postgres"


def show(what, value):
    print(what, "=", pprint.pformat(value, width=120))


engine = sa.create_engine("postgresql+psycopg2://" + ADDRESS, pool_size=3, max_overflow=2, pool_pre_ping=True, future=True)
show("dialect", (engine.dialect.name, engine.connect().dialect.server_version_info[:1]))
Base = declarative_base()


class Mood(enum.Enum):
    sad = 1
    fine = 2


tags = sa.Table("post_tags", Base.metadata,
                sa.Column("post_id", sa.ForeignKey("blog.posts.id", ondelete="CASCADE"), primary_key=True),
                sa.Column("tag_id", sa.ForeignKey("blog.tags.id"), primary_key=True), schema="blog")


class Author(Base):
    __tablename__ = "authors"
    __table_args__ = (
        sa.UniqueConstraint("name", "born", name="uq_author"), sa.CheckConstraint("id > 0", name="positive_id"),
        sa.Index("ix_lower_name", sa.text("lower(name)")), sa.Index("ix_fine", "mood", postgresql_where=sa.text("active")),
        {"schema": "blog", "comment": "who writes"})
    id = sa.Column(sa.Integer, sa.Identity(always=True, start=10), primary_key=True)
    name = sa.Column(sa.String(40), nullable=False, comment="as printed")
    born = sa.Column(sa.Date)
    bio = sa.Column(sa.Text)
    mood = sa.Column(sa.Enum(Mood, name="mood", schema="blog"), server_default="fine")
    active = sa.Column(sa.Boolean, server_default=sa.true(), nullable=False)
    upper_bio = sa.Column(sa.Text, sa.Computed("upper(bio)", persisted=True))
    posts = relationship("Post", back_populates="author", cascade="all, delete-orphan", order_by="Post.id")


class Post(Base):
    __tablename__ = "posts"
    __table_args__ = {"schema": "blog"}
    id = sa.Column(sa.BigInteger, primary_key=True)
    author_id = sa.Column(sa.ForeignKey("blog.authors.id", onupdate="CASCADE", deferrable=True, initially="DEFERRED"), index=True)
    title = sa.Column(sa.Text, nullable=False)
    price = sa.Column(sa.Numeric(10, 2), server_default="0.50")
    made = sa.Column(sa.DateTime(timezone=True), server_default=sa.func.now())
    took = sa.Column(sa.Interval)
    at = sa.Column(sa.Time)
    key = sa.Column(pg.UUID(as_uuid=True))
    extra = sa.Column(pg.JSONB)
    words = sa.Column(pg.ARRAY(sa.Text))
    data = sa.Column(sa.LargeBinary)
    ratio = sa.Column(sa.Float)
    small = sa.Column(sa.SmallInteger)
    address = sa.Column(pg.INET)
    code = sa.Column(sa.CHAR(3))
    bits = sa.Column(pg.BIT(3))
    author = relationship(Author, back_populates="posts")
    tags = relationship("Tag", secondary=tags, back_populates="posts", order_by="Tag.name")


class Tag(Base):
    __tablename__ = "tags"
    __table_args__ = {"schema": "blog"}
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(20), unique=True)
    posts = relationship(Post, secondary=tags, back_populates="tags")


with engine.begin() as c:
    c.execute(sa.schema.CreateSchema("blog"))
Base.metadata.create_all(engine)
Base.metadata.create_all(engine)  # all there: nothing to do
with engine.begin() as c:
    c.execute(sa.text("CREATE VIEW blog.short AS SELECT id, title FROM blog.posts"))
    c.execute(sa.text("CREATE SEQUENCE blog.numbers"))
    c.execute(sa.text("CREATE DOMAIN blog.positive AS int CHECK (VALUE > 0)"))
    c.execute(sa.text("CREATE TEMP TABLE passing (a int)"))

# Reflection.
look = sa.inspect(engine)
show("schemas", look.get_schema_names())
show("tables", sorted(look.get_table_names(schema="blog")))
show("views", look.get_view_names(schema="blog"))
show("sequences", sorted(look.get_sequence_names(schema="blog")))
show("enums", look.get_enums(schema="blog"))
show("has", (look.has_table("posts", schema="blog"), look.has_table("nowhere", schema="blog")))
show("foreign tables", look.get_foreign_table_names(schema="blog"))
for table in ("authors", "posts", "tags", "post_tags"):
    for what in ("columns", "pk_constraint", "foreign_keys", "indexes", "unique_constraints", "check_constraints", "table_comment"):
        got = getattr(look, "get_" + what)(table, schema="blog")
        if what == "columns":
            got = [dict(x, type=repr(x["type"])) for x in got]
        elif isinstance(got, list):
            got = sorted(got, key=lambda x: x["name"])
        show(table + " " + what, got)
try:
    look.get_columns("nowhere", schema="blog")
except sa.exc.NoSuchTableError as e:
    show("no table", str(e))
reflected = sa.MetaData()
reflected.reflect(engine, schema="blog", views=True)
show("reflected", sorted(reflected.tables))
show("made again", str(sa.schema.CreateTable(reflected.tables["blog.tags"])).split())
mapped = automap_base()
mapped.prepare(engine, reflect=True, schema="blog")
show("mapped", sorted(mapped.classes.keys()))

# Objects.
with Session(engine, future=True) as s:
    red, blue = Tag(id=1, name="red"), Tag(id=2, name="blue")
    anna = Author(name="Anna", bio="short", born=datetime.date(1980, 1, 2), posts=[
        Post(title="first", price=decimal.Decimal("1.25"), took=datetime.timedelta(hours=2), at=datetime.time(4, 5),
             key=uuid.UUID(int=5), extra={"a": [1, {"b": None}]}, words=["x", "y z"], data=b"\x00\x01", ratio=0.5, small=3,
             address="10.0.0.1", code="ab", bits="101", tags=[red, blue]),
        Post(title="second", tags=[blue])])
    s.add_all([anna, Author(name="Bernat", mood=Mood.sad)])
    s.commit()
    show("ids", (anna.id, anna.upper_bio, anna.mood, [p.id for p in anna.posts]))
    first = s.execute(sa.select(Post).where(Post.title == "first")).scalar_one()
    show("first", {k: getattr(first, k) for k in
                   "price took at key extra words data ratio small address code bits".split()})
    show("joined", [(a.name, [p.title for p in a.posts]) for a in
                    s.execute(sa.select(Author).options(joinedload(Author.posts)).order_by(Author.id)).unique().scalars()])
    show("select in", [(p.title, [t.name for t in p.tags]) for p in
                       s.execute(sa.select(Post).options(selectinload(Post.tags)).order_by(Post.id)).scalars()])
    show("json", s.execute(sa.select(Post.extra["a"][1]["b"], Post.extra["a"][0].astext).where(Post.extra.has_key("a"))).all())
    show("array", s.execute(sa.select(Post.id).where(Post.words.any("x"), Post.words.contains(["y z"]))).all())
    inner = s.begin_nested()
    s.add(Author(name="Anna", born=datetime.date(1980, 1, 2)))
    try:
        s.flush()
    except IntegrityError as e:
        show("unique", (e.orig.pgcode, e.orig.diag.constraint_name))
        inner.rollback()
    s.add(Author(name="Clara"))
    s.commit()
    show("counts", s.execute(sa.select(Author.mood, sa.func.count()).group_by(Author.mood).order_by(Author.mood)).all())
    ranks = sa.func.row_number().over(partition_by=Author.mood, order_by=Author.name)
    show("window", s.execute(sa.select(Author.name, ranks).order_by(Author.name)).all())
    tree = sa.select(sa.literal(1).label("n")).cte("tree", recursive=True)
    tree = tree.union_all(sa.select(tree.c.n + 1).where(tree.c.n < 4))
    show("recursive", s.execute(sa.select(tree.c.n)).scalars().all())
    show("exists", s.execute(sa.select(Author.name).where(Author.posts.any(Post.title == "first"))).scalars().all())
    show("lateral", s.execute(sa.select(Author.name, sa.select(sa.func.count(Post.id)).where(Post.author_id == Author.id)
                                        .scalar_subquery()).order_by(Author.name)).all())
    upsert = pg.insert(Tag).values([{"id": 1, "name": "crimson"}, {"id": 3, "name": "green"}])
    upsert = upsert.on_conflict_do_update(index_elements=["id"], set_={"name": upsert.excluded.name}).returning(Tag.id, Tag.name)
    show("upsert", sorted(s.execute(upsert).all()))
    s.execute(sa.update(Post).where(Post.author_id == anna.id).values(price=Post.price + 1)
              .execution_options(synchronize_session=False))
    show("locked", s.execute(sa.select(Author.name).where(Author.id == anna.id).with_for_update(nowait=True)).scalars().all())
    show("streamed", sum(1 for _ in s.execute(sa.select(Post).execution_options(yield_per=1))))
    s.delete(s.get(Author, anna.id))
    s.commit()
    show("left", [s.execute(sa.select(sa.func.count()).select_from(t)).scalar() for t in (Author, Post, Tag, tags)])
    s.add(Post(id=77, title="orphan", author_id=999))
    s.flush()
    try:
        s.commit()
    except IntegrityError as e:
        show("deferred", (e.orig.pgcode, e.orig.diag.constraint_name))
        s.rollback()
with engine.connect().execution_options(isolation_level="REPEATABLE READ") as c:
    show("level", c.get_isolation_level())
with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
    show("autocommit", c.execute(sa.text("SELECT 1")).scalar())
with engine.begin() as c:
    show("many", c.execute(sa.insert(Tag), [{"id": i, "name": "t%d" % i} for i in range(10, 30)]).rowcount)
    show("returning", sorted(c.execute(sa.delete(Tag).where(Tag.id > 27).returning(Tag.id)).all()))
    try:
        with c.begin_nested():
            c.execute(sa.text("SELECT * FROM nowhere"))
    except ProgrammingError as e:
        show("no relation", e.orig.pgcode)
two = sa.create_engine("postgresql+psycopg2://" + ADDRESS, future=True).connect()
phase = two.begin_twophase()
two.execute(sa.insert(Tag), {"id": 500, "name": "two phases"})
phase.prepare()
show("prepared", len(two.recover_twophase()))
phase.commit()
two.close()


async def asynchronously():
    other = create_async_engine("postgresql+asyncpg://" + ADDRESS)
    async with AsyncSession(other) as s:
        got = await s.execute(sa.select(Tag).where(Tag.id.in_([10, 11])).order_by(Tag.id))
        show("async", [t.name for t in got.scalars()])
        s.add(Author(name="Dolors", born=datetime.date(2000, 1, 1)))
        await s.commit()
        async with s.begin_nested():
            show("in savepoint", (await s.execute(sa.select(sa.func.count()).select_from(Author))).scalar())
        await s.commit()
        got = await s.stream(sa.select(Tag.id).order_by(Tag.id).limit(3))
        show("async stream", [r.id async for r in got])
    async with other.connect() as c:
        show("async reflection", await c.run_sync(lambda x: sorted(sa.inspect(x).get_table_names(schema="blog"))))
        show("async columns", await c.run_sync(lambda x: [i["name"] for i in sa.inspect(x).get_columns("posts", schema="blog")]))
    await other.dispose()


asyncio.run(asynchronously())
with engine.begin() as c:
    c.execute(sa.text("DROP VIEW blog.short"))
Base.metadata.drop_all(engine)
show("dropped", sa.inspect(engine).get_table_names(schema="blog"))
with engine.begin() as c:
    c.execute(sa.schema.DropSchema("blog", cascade=True))
engine.dispose()
