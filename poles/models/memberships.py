from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Deferrable, F, Q

from core.expressions import DateRange
from core.history import tracked
from members.models import Organisation
from poles.models.pole import Pole

PERIOD_MESSAGE = "La participation ne peut finir avant d’avoir commencé."


class MembershipRole(models.TextChoices):
    LEAD = "porteur", "structure porteuse"
    ACTIVE = "actif", "membre actif"
    PARTNER = "partenaire", "partenaire"


@tracked()
class Membership(models.Model):
    """An organisation in a pole over a period; an unknown end is open."""

    pole = models.ForeignKey(Pole, models.CASCADE, related_name="memberships", verbose_name="pôle")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name="organisation"
    )
    role = models.CharField(
        "rôle", max_length=10, choices=MembershipRole, default=MembershipRole.ACTIVE
    )
    begins_on = models.DateField("depuis le", null=True, blank=True)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    source_words = models.CharField("mots de la source", max_length=200, blank=True)

    class Meta:
        verbose_name = "participation"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=MembershipRole.values),
                name="poles_membership_role",
                violation_error_message="Ce rôle n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(begins_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("begins_on")),
                name="poles_membership_period",
                violation_error_message=PERIOD_MESSAGE,
            ),
            ExclusionConstraint(
                name="poles_membership_no_overlap",
                expressions=[
                    ("pole", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    (DateRange("begins_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                # One save may exchange two rows: then it is compared once both are written.
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=(
                    "Cette organisation participe déjà au pôle pendant cette période."
                ),
            ),
            ExclusionConstraint(
                name="poles_membership_one_lead",
                expressions=[
                    ("pole", RangeOperators.EQUAL),
                    (DateRange("begins_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                # One save may exchange two rows: then it is compared once both are written.
                deferrable=Deferrable.IMMEDIATE,
                condition=Q(role="porteur"),
                violation_error_message="Le pôle a déjà une structure porteuse à cette période.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.pole}"

    def clean(self) -> None:
        # PostgreSQL makes no range of a period that ends before it begins, so that the rules on
        # overlaps could not even be asked.
        if self.begins_on and self.ends_on and self.ends_on < self.begins_on:
            raise ValidationError({"ends_on": PERIOD_MESSAGE})
