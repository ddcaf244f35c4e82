"""Two records that became one, with all that it takes to make them two again."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.history import tracked
from poles.models.pole import Pole


@tracked(exclude=["steps"])
class Merge(models.Model):
    """A record that was merged into another: of poles both stand, of organisations one by number.

    ``steps``: what was done to each row, as `poles.merging.steps` keeps it. Never changed since but
    for its undoing (``poles/sql/merging.sql``).
    """

    pole = models.ForeignKey(
        Pole,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merges",
        verbose_name="pôle gardé",
    )
    merged_pole = models.ForeignKey(
        Pole,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_by",
        verbose_name="pôle réuni",
    )
    organisation = models.PositiveBigIntegerField("organisation gardée", null=True, blank=True)
    merged_organisation = models.PositiveBigIntegerField(
        "organisation réunie", null=True, blank=True
    )
    kept_name = models.CharField("nom gardé", max_length=250)
    merged_name = models.CharField("nom réuni", max_length=250)
    reason = models.TextField("motif")
    steps = models.JSONField("ce qui a été fait", default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="par"
    )
    created_at = models.DateTimeField("faite le", auto_now_add=True)
    undone_at = models.DateTimeField("annulée le", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="annulée par",
    )
    undone_reason = models.TextField("motif de l’annulation", blank=True)

    class Meta:
        verbose_name = "fusion"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    pole__isnull=False,
                    merged_pole__isnull=False,
                    organisation=None,
                    merged_organisation=None,
                )
                | Q(
                    pole=None,
                    merged_pole=None,
                    organisation__isnull=False,
                    merged_organisation__isnull=False,
                ),
                name="poles_merge_one_kind",
                violation_error_message="Une fusion réunit deux pôles ou deux organisations.",
            ),
            models.CheckConstraint(
                condition=~Q(pole=F("merged_pole")) & ~Q(organisation=F("merged_organisation")),
                name="poles_merge_not_itself",
                violation_error_message="Une fiche n’est pas le double d’elle-même.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="poles_merge_reason",
                violation_error_message="Une fusion dit son motif.",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=False) | Q(undone_by=None, undone_reason=""),
                name="poles_merge_undone",
                violation_error_message="Une fusion annulée l’est à une date.",
            ),
            models.UniqueConstraint(
                fields=["merged_pole"],
                condition=Q(undone_at=None),
                name="poles_merge_pole_once",
                violation_error_message="Ce pôle est déjà réuni à un autre.",
            ),
            models.UniqueConstraint(
                fields=["merged_organisation"],
                condition=Q(undone_at=None),
                name="poles_merge_organisation_once",
                violation_error_message="Cette organisation est déjà réunie à une autre.",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation"], name="poles_merge_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.merged_name} → {self.kept_name}"

    @property
    def of_poles(self) -> bool:
        return self.pole_id is not None
