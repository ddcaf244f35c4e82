"""What a pole is found by: derived rows, written by triggers alone.

They span poles, members, themes, territories, networks and calls, so that neither a search nor a
facet joins those; ``catalogue/sql/refresh.sql`` says what goes into each column.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from poles.models import Pole


class Precision(models.IntegerChoices):
    """How well the place of a pole is known; from ``EPCI`` on, a point would be a lie."""

    EXACT = 0, "adresse"
    COMMUNE = 1, "commune"
    EPCI = 2, "EPCI"
    DEPARTEMENT = 3, "département"
    REGION = 4, "région"


class PoleIndex(models.Model):
    """The facets and the place of a published pole; a pole that is not published has no row."""

    pole = models.OneToOneField(
        Pole,
        models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="index",
        verbose_name="pôle",
    )
    name = models.TextField("nom, tel qu’il se trie")
    slug = models.TextField("adresse")
    maturity = models.TextField("maturité")
    recognition = models.TextField("reconnaissance")
    founding_year = models.PositiveSmallIntegerField("année de création", null=True)
    confirmed_on = models.DateField("fiche confirmée le", null=True)
    region = models.TextField("région")
    departement = models.TextField("département")
    commune = models.TextField("commune")
    epci = models.TextField("EPCI")
    place = models.TextField("lieu")
    latitude = models.FloatField("latitude", null=True)
    longitude = models.FloatField("longitude", null=True)
    precision = models.PositiveSmallIntegerField("précision", choices=Precision, null=True)
    covered = ArrayField(models.TextField(), verbose_name="territoires couverts")
    themes = ArrayField(models.TextField(), verbose_name="thèmes")
    members = ArrayField(models.TextField(), verbose_name="membres actifs")
    calls = ArrayField(models.TextField(), verbose_name="appels")
    networks = ArrayField(models.TextField(), verbose_name="réseaux")
    verdict = models.TextField("composition minimale")
    true_until = models.DateField("vrai jusqu’au", null=True)

    class Meta:
        verbose_name = "index des pôles"
        verbose_name_plural = "index des pôles"
        indexes = [
            models.Index(fields=["true_until"], name="poleindex_true_until"),
            models.Index(fields=["name", "pole"], name="poleindex_name"),
        ]

    def __str__(self) -> str:
        return self.slug


class PoleText(models.Model):
    """The text of a published pole: ``document`` is searched, ``words`` are learnt by ``Word``."""

    pole = models.OneToOneField(
        Pole,
        models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="text",
        verbose_name="pôle",
    )
    document = SearchVectorField("document")
    words = models.TextField("mots")

    class Meta:
        verbose_name = "texte des pôles"
        verbose_name_plural = "textes des pôles"
        indexes = [GinIndex(fields=["document"], name="poletext_document")]

    def __str__(self) -> str:
        return str(self.pole_id)


class Word(models.Model):
    """A normalised word by which some pole is or was found; ``catalogue/sql/words.sql``."""

    word = models.TextField("mot", primary_key=True)

    class Meta:
        verbose_name = "mot"
        indexes = [GinIndex(OpClass("word", name="gin_trgm_ops"), name="word_trigrams")]

    def __str__(self) -> str:
        return self.word
