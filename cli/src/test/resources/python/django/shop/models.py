import uuid

from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Brand(models.Model):
    name = models.CharField(max_length=40, unique=True)
    slug = models.SlugField()
    site = models.URLField(blank=True)

    class Meta:
        ordering = ["name"]


class Label(models.Model):
    word = models.CharField(max_length=20, db_index=True)


class Item(models.Model):
    class State(models.TextChoices):
        NEW = "n"
        USED = "u"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="items", null=True)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, null=True)
    labels = models.ManyToManyField(Label, related_name="items")
    name = models.CharField(max_length=100)
    note = models.TextField(default="", blank=True)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    stock = models.PositiveIntegerField(default=0)
    weight = models.FloatField(null=True)
    state = models.CharField(max_length=1, choices=State.choices, default=State.NEW)
    extra = models.JSONField(default=dict)
    words = ArrayField(models.CharField(max_length=10), default=list)
    made = models.DateTimeField()
    day = models.DateField(null=True)
    hour = models.TimeField(null=True)
    lasts = models.DurationField(null=True)
    data = models.BinaryField(null=True)
    address = models.GenericIPAddressField(null=True)
    on_sale = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(check=models.Q(price__gte=0), name="price_not_negative"),
                       models.UniqueConstraint(fields=["brand", "name"], name="one_name_a_brand"),
                       models.UniqueConstraint(fields=["name"], condition=models.Q(on_sale=True), name="one_on_sale")]
        indexes = [models.Index(fields=["state", "-made"], name="by_state"),
                   models.Index(fields=["day"], name="by_day", condition=models.Q(day__isnull=False))]
