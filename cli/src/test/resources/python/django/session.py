"""Makes and applies migrations, then what an application does through Django's object mapper, then Django's own test
command in a database that it creates; prints what it gets. Reads PGPORT, writes migrations beside itself."""
import datetime
import decimal
import contextlib
import io
import os
import re
import uuid

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
import django

django.setup()

from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.conf import settings
from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.models import Avg, Count, Exists, F, Max, OuterRef, Q, Subquery, Sum, Value, Window
from django.db.models.functions import Coalesce, Concat, ExtractYear, Lower, Now, RowNumber, TruncMonth
from django.contrib.postgres.aggregates import ArrayAgg, StringAgg
from django.test.utils import get_runner
from shop.models import Brand, Item, Label


def show(what, value):
    print(what, "=", repr(value))


def failing(what, action):
    try:
        with transaction.atomic():
            action()
        print(what, "did not fail")
    except (IntegrityError, DataError) as e:
        print(what, type(e).__name__, str(e).splitlines()[0])


def at(*parts):
    return datetime.datetime(*parts, tzinfo=datetime.timezone.utc)


os.makedirs("shop/migrations", exist_ok=True)
open("shop/migrations/__init__.py", "w").close()
call_command("makemigrations", "shop", name="first", no_color=True)
call_command("migrate", no_color=True)
call_command("migrate", no_color=True)
call_command("showmigrations", no_color=True)
call_command("makemigrations", check=True, dry_run=True, no_color=True)

user = User.objects.create_user("anna", "anna@example.org", "secret", first_name="Anna")
user.groups.add(Group.objects.create(name="staff"))
user.user_permissions.add(Permission.objects.get(codename="add_item"))
user = User.objects.get(pk=user.pk)
show("permission", (user.has_perm("shop.add_item"), user.has_perm("shop.delete_item")))
show("permissions", Permission.objects.count())
acme, other = Brand.objects.create(name="Acme", slug="acme"), Brand.objects.create(name="Other", slug="other")
labels = Label.objects.bulk_create([Label(word=w) for w in ("red", "green", "blue")])
show("bulk keys", all(label.pk for label in labels))
item = Item.objects.create(
    id=uuid.UUID(int=1), brand=acme, owner=user, name="Lamp", price=decimal.Decimal("12.50"), stock=3, weight=1.5, extra={"a": {"b": [1, 2]}, "c": None},
    words=["x", "y"], made=at(2024, 1, 31, 12), day=datetime.date(2024, 1, 31), hour=datetime.time(12, 30),
    lasts=datetime.timedelta(days=2, hours=1), data=b"\x00\xff", address="10.0.0.1", on_sale=True)
item.labels.set(labels[:2])
Item.objects.bulk_create([Item(id=uuid.UUID(int=i), brand=other if i % 2 else acme, name="Thing %d" % i, price=i, stock=i, made=at(2024, i % 12 + 1, 1),
                               extra={"n": i}) for i in range(2, 30)])
item = Item.objects.get(pk=item.pk)
show("item", {f.attname: bytes(v) if isinstance(v := getattr(item, f.attname), memoryview) else v for f in Item._meta.fields if f.attname != "owner_id"})
show("labels", [label.word for label in item.labels.order_by("word")])
show("by label", [i.name for i in Item.objects.filter(labels__word="red")])
show("related", [i.brand.name for i in Item.objects.select_related("brand", "owner").order_by("id")[:3]])
show("prefetched", [(b.name, len(b.items.all())) for b in Brand.objects.prefetch_related("items")])
show("search", Item.objects.filter(Q(name__icontains="LAMP") | Q(price__range=(5, 7)), stock__gt=1).order_by("price").count())
show("lookups", [Item.objects.filter(**f).count() for f in (
    {"name__startswith": "Thing 1"}, {"name__iregex": r"^thing \d$"}, {"made__year": 2024}, {"made__month__in": [1, 2]}, {"day__isnull": True},
    {"extra__a__b__1": 2}, {"extra__has_key": "n"}, {"extra__contains": {"n": 4}}, {"words__contains": ["x"]}, {"words__len": 2},
    {"name__in": ["Lamp", "Thing 3"]}, {"made__date": datetime.date(2024, 1, 31)}, {"extra__n__gte": 20}, {"pk": uuid.UUID(int=3)})])
show("totals", Item.objects.aggregate(Sum("price"), Avg("stock"), Max("made"), n=Count("brand", distinct=True)))
show("groups", sorted(Brand.objects.annotate(n=Count("items"), worth=Sum(F("items__price") * F("items__stock"))).values_list("name", "n", "worth")))
show("having", list(Item.objects.values("brand__name").annotate(n=Count("*")).filter(n__gt=14).values_list("brand__name", "n")))
show("months", list(Item.objects.annotate(m=TruncMonth("made")).values("m").annotate(n=Count("pk")).order_by("m").values_list("m", "n"))[:3])
show("years", list(Item.objects.annotate(y=ExtractYear("made")).values_list("y", flat=True).distinct()))
show("text", list(Item.objects.annotate(t=Concat(Lower("name"), Value("-"), Coalesce("note", Value("?")), output_field=models.TextField())).order_by("t").values_list("t", flat=True)[:2]))
show("window", list(Item.objects.annotate(r=Window(RowNumber(), partition_by=[F("brand")], order_by=F("price").desc())).order_by("brand__name", "r").values_list("name", "r")[:3]))
newest = Item.objects.filter(brand=OuterRef("pk")).order_by("-price")
show("subquery", list(Brand.objects.annotate(top=Subquery(newest.values("name")[:1])).values_list("name", "top")))
show("exists", [b.name for b in Brand.objects.filter(Exists(Item.objects.filter(brand=OuterRef("pk"), on_sale=True)))])
show("aggregated", Brand.objects.filter(name="Acme").aggregate(a=ArrayAgg("items__stock", ordering="items__stock"), s=StringAgg("items__name", ",", ordering="items__name")))
show("union", sorted(Item.objects.filter(stock=3).values_list("name", flat=True).union(Item.objects.filter(stock=4).values_list("name", flat=True))))
show("updated", Item.objects.filter(brand=other).update(price=F("price") + 1, state=models.Case(models.When(stock__gt=10, then=Value("u")), default=Value("n"))))
show("case", Item.objects.filter(state="u").count())
things = list(Item.objects.filter(stock__lte=4).order_by("stock"))
for thing in things:
    thing.note = "few"
show("bulk update", Item.objects.bulk_update(things, ["note"]))
show("upsert", [Brand.objects.update_or_create(name="Acme", defaults={"site": "http://acme.example"})[1], Brand.objects.get_or_create(name="Third", defaults={"slug": "t"})[1]])
show("ignored", len(Brand.objects.bulk_create([Brand(name="Acme", slug="x"), Brand(name="Fourth", slug="f")], ignore_conflicts=True)))
show("brands", list(Brand.objects.values_list("name", flat=True)))
failing("check", lambda: Item.objects.create(name="y", price=-1, made=at(2024, 1, 1)))
failing("unique", lambda: Item.objects.create(name="Lamp", brand=acme, price=1, made=at(2024, 1, 1)))
failing("conditional unique", lambda: Item.objects.create(name="Lamp", on_sale=True, price=1, made=at(2024, 1, 1)))
failing("not null", lambda: Item.objects.create(name=None, price=1, made=at(2024, 1, 1)))
failing("too long", lambda: Brand.objects.create(name="x" * 41, slug="x"))
failing("positive", lambda: Item.objects.filter(pk=item.pk).update(stock=-1))
failing("foreign key", lambda: (Item.objects.filter(pk=item.pk).update(brand_id=4711), connection.check_constraints()))
with transaction.atomic():
    show("locked", [i.name for i in Item.objects.select_for_update(of=("self",), skip_locked=True).select_related("brand").filter(pk=item.pk)])
    mark = transaction.savepoint()
    Item.objects.all().delete()
    transaction.savepoint_rollback(mark)
    show("still", Item.objects.count())
show("iterated", sum(1 for _ in Item.objects.iterator(chunk_size=5)))
store = SessionStore()
store["cart"] = [1, 2]
store.save()
show("session", SessionStore(store.session_key)["cart"])
show("deleted", sorted(Item.objects.filter(stock__gt=20).delete()[1].items()))
show("raw", [b.name for b in Brand.objects.raw("SELECT * FROM shop_brand WHERE name = %s", ["Acme"])])
show("dates", list(Item.objects.dates("day", "month")))
show("now", Item.objects.filter(made__lt=Now()).exists())
show("explained", bool(Item.objects.filter(stock=1).explain()))
with connection.cursor() as cursor:
    look = connection.introspection
    show("tables", sorted((t.name, t.type) for t in look.get_table_list(cursor)))
    show("columns", [tuple(c) for c in look.get_table_description(cursor, "shop_item")])
    show("relations", sorted(look.get_relations(cursor, "shop_item").items()))
    for name, about in sorted(look.get_constraints(cursor, "shop_item").items()):
        print(re.sub(r"_[0-9a-f]{8}", "_#", name), sorted(about.items(), key=str))
    show("sequences", look.get_sequences(cursor, "shop_brand"))
    show("key", look.get_primary_key_column(cursor, "shop_item"))
out = io.StringIO()
call_command("inspectdb", "shop_item", "shop_brand", "auth_user", stdout=out)
print(out.getvalue())
out = io.StringIO()
call_command("dumpdata", "shop.brand", stdout=out)
print(out.getvalue())
call_command("check", database=["default"])
call_command("sqlsequencereset", "shop", stdout=(out := io.StringIO()), no_color=True)
connection.cursor().execute(out.getvalue())
call_command("flush", interactive=False, verbosity=0)
show("flushed", (Brand.objects.count(), User.objects.count()))

with contextlib.redirect_stderr(io.StringIO()) as report:
    failures = get_runner(settings)(verbosity=0, interactive=False).run_tests(["shop"])
show("failed tests", failures)
print(report.getvalue() if failures else "tests passed", "-", re.search(r"Ran (\d+) tests", report.getvalue()).group(1))
call_command("migrate", "shop", "zero", no_color=True)
with connection.cursor() as cursor:
    show("tables left", sorted(t.name for t in connection.introspection.get_table_list(cursor)))
