"""What the ministry answered to a question of figures, kept as it was given."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from calls.models.call import Call
from poles.models import Theme
from territories.models import Territory


class ParliamentaryAnswer(models.Model):
    """The figures of a day and a perimeter; never changed since (``calls/sql/answers.sql``).

    ``figures``: as ``calls/answers/figures.py`` makes them, with their definitions as they were
    worded. A null perimeter is the whole country. Later editions say why they were made.
    """

    day = models.DateField("jour")
    region = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="région"
    )
    departement = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="département",
    )
    call = models.ForeignKey(
        Call, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="appel"
    )
    theme = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="thème"
    )
    edition = models.PositiveSmallIntegerField("édition", default=1)
    reason = models.TextField("motif de l’édition", blank=True)
    perimeter = models.CharField("périmètre", max_length=700)
    figures = models.JSONField("chiffres")
    text = models.TextField("texte")
    data_version = models.BigIntegerField("version des données")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="demandée par",
    )
    asked_at = models.DateTimeField("demandée le")

    class Meta:
        verbose_name = "réponse à une question parlementaire"
        verbose_name_plural = "réponses aux questions parlementaires"
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "region", "departement", "call", "theme", "edition"],
                name="calls_parliamentaryanswer_once",
                nulls_distinct=False,
                violation_error_message="Cette question a déjà sa réponse, ou cette édition.",
            ),
            models.CheckConstraint(
                condition=Q(edition=1, reason="") | Q(edition__gt=1) & ~Q(reason=""),
                name="calls_parliamentaryanswer_reason",
                violation_error_message="Une nouvelle édition dit pourquoi elle est faite.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.perimeter}, {self.day:%d/%m/%Y}, édition {self.edition}"

    def get_absolute_url(self) -> str:
        return reverse("admin:answer", args=[self.pk])
