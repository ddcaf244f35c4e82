from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from poles.models import Pole


class PoleIndex(models.Model):
    """What a pole is found by: one derived row a published pole, written by triggers alone.

    It spans poles, members, themes, territories and calls, so that neither a search nor a facet
    joins them; ``catalogue/sql/pole_index.sql`` says what goes into each column.
    """

    pole = models.OneToOneField(
        Pole, models.CASCADE, primary_key=True, related_name="index", verbose_name="pôle"
    )
    document = SearchVectorField("document")
    words = models.TextField("mots")
    region = models.CharField("région", max_length=2)
    departement = models.CharField("département", max_length=3)
    commune = models.CharField("commune", max_length=5)
    epci = models.CharField("EPCI", max_length=9)
    place = models.TextField("lieu")
    latitude = models.FloatField("latitude", null=True)
    longitude = models.FloatField("longitude", null=True)
    precision = models.PositiveSmallIntegerField("précision", null=True)
    covered = ArrayField(models.CharField(max_length=12), verbose_name="territoires couverts")
    themes = ArrayField(models.CharField(max_length=60), verbose_name="thèmes")
    members = ArrayField(models.CharField(max_length=12), verbose_name="membres actifs")
    calls = ArrayField(models.CharField(max_length=80), verbose_name="appels")
    networks = ArrayField(models.CharField(max_length=120), verbose_name="réseaux")

    class Meta:
        verbose_name = "index des pôles"
        verbose_name_plural = "index des pôles"
        indexes = [
            GinIndex(fields=["document"], name="poleindex_document"),
            GinIndex(OpClass("words", name="gin_trgm_ops"), name="poleindex_words"),
        ]

    def __str__(self) -> str:
        return str(self.pole_id)
