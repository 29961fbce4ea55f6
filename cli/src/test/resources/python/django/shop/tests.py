"""Run by `manage.py test`, in a database that it creates."""
import threading

from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test import TestCase, TransactionTestCase
from django.utils import timezone

from .models import Brand, Item


class InTransactions(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.brand = Brand.objects.create(name="A", slug="a")

    def test_sees_the_data(self):
        self.assertEqual(Brand.objects.count(), 1)
        self.brand.delete()

    def test_sees_it_again(self):
        self.assertEqual(Brand.objects.count(), 1)
        with self.assertRaises(IntegrityError), transaction.atomic():
            Brand.objects.create(name="A", slug="b")
        self.assertEqual(Brand.objects.count(), 1)

    def test_number_of_queries(self):
        with self.assertNumQueries(1):
            list(Brand.objects.filter(name="A"))

    def test_on_commit(self):
        with self.captureOnCommitCallbacks(execute=True) as callbacks:
            transaction.on_commit(lambda: None)
        self.assertEqual(len(callbacks), 1)

    def test_admin(self):
        User.objects.create_superuser("root", "root@example.org", "secret")
        self.assertTrue(self.client.login(username="root", password="secret"))
        self.assertEqual(self.client.get("/admin/").status_code, 200)
        self.assertContains(self.client.get("/admin/shop/brand/"), "1 brand")
        answer = self.client.post("/admin/shop/brand/add/", {"name": "New", "slug": "new", "site": ""})
        self.assertEqual(answer.status_code, 302)
        self.assertTrue(Brand.objects.filter(name="New").exists())


class WithRealTransactions(TransactionTestCase):
    reset_sequences = True

    def test_sequences_begin_anew(self):
        self.assertEqual(Brand.objects.create(name="A", slug="a").pk, 1)

    def test_sequences_begin_anew_again(self):
        self.assertEqual(Brand.objects.create(name="A", slug="a").pk, 1)

    def test_select_for_update_waits(self):
        brand = Brand.objects.create(name="A", slug="a")
        got = []

        def other():
            with transaction.atomic():
                got.append(Brand.objects.select_for_update().get(pk=brand.pk).slug)
            connection.close()

        with transaction.atomic():
            locked = Brand.objects.select_for_update().get(pk=brand.pk)
            thread = threading.Thread(target=other)
            thread.start()
            locked.slug = "changed"
            locked.save()
        thread.join()
        self.assertEqual(got, ["changed"])

    def test_flushed(self):
        self.assertEqual(Item.objects.count(), 0)
        Item.objects.create(name="x", price=1, made=timezone.now())
