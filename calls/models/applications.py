from django.conf import settings
from django.db import models
from django.db.models import F, Q

from calls.models.amounts import AMOUNTS
from calls.models.call import Call, Strand, Wave
from calls.models.decisions import DecisionSession
from core.history import tracked
from members.models import Organisation
from poles.models import Pole


class Opinion(models.TextChoices):
    FAVOURABLE = "favorable", "favorable"
    RESERVED = "reserve", "réservé"
    UNFAVOURABLE = "defavorable", "défavorable"


class Decision(models.TextChoices):
    LAUREATE = "laureat", "lauréat"
    SUPPORTED = "accompagne", "accompagné"
    REFUSED = "refuse", "refusé"
    WITHDRAWN = "retire", "retiré"
    UNKNOWN = "inconnue", "décision non connue"


@tracked(exclude=["contact_email"])
class Application(models.Model):
    """A pole in a wave and strand of a call, once.

    ``file_number``: that of the State's forms platform. ``contact_email``: never public.
    """

    call = models.ForeignKey(
        Call, models.PROTECT, related_name="applications", verbose_name="appel"
    )
    wave = models.ForeignKey(Wave, models.PROTECT, null=True, blank=True, verbose_name="vague")
    strand = models.ForeignKey(Strand, models.PROTECT, null=True, blank=True, verbose_name="volet")
    pole = models.ForeignKey(Pole, models.PROTECT, related_name="applications", verbose_name="pôle")
    beneficiary = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name="bénéficiaire",
    )
    file_number = models.CharField(
        "numéro de dossier",
        max_length=40,
        blank=True,
        help_text="Celui de la plateforme de dépôt, s’il y en a un.",
    )
    received_on = models.DateField("reçu le", null=True, blank=True)
    requested_eur = models.DecimalField(
        "montant demandé (euros)", max_digits=12, decimal_places=2, null=True, blank=True
    )
    contact_email = models.EmailField(
        "adresse de contact du dossier",
        blank=True,
        help_text="Pour les courriels de l’appel. Jamais publiée.",
    )
    admissible = models.BooleanField("recevable", null=True, blank=True)
    admissible_reason = models.TextField("recevabilité : motif", blank=True)
    eligible = models.BooleanField("éligible", null=True, blank=True)
    eligible_reason = models.TextField("éligibilité : motif", blank=True)
    opinion = models.CharField("avis régional", max_length=11, choices=Opinion, blank=True)
    opinion_text = models.TextField("avis régional : texte", blank=True)
    opinion_rank = models.PositiveSmallIntegerField("rang régional", null=True, blank=True)
    decision = models.CharField(
        "décision", max_length=10, choices=Decision, default=Decision.UNKNOWN
    )
    decision_words = models.CharField("décision, mots de la source", max_length=100, blank=True)
    decided_on = models.DateField("décidée le", null=True, blank=True)
    amount_eur = models.DecimalField(
        "montant engagé (euros)", max_digits=12, decimal_places=2, null=True, blank=True
    )
    session = models.ForeignKey(
        DecisionSession,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="applications",
        verbose_name="session de décision",
    )
    attested_on = models.DateField(
        "composition attestée le",
        null=True,
        blank=True,
        help_text="Quand le registre ne peut dire si la composition satisfait la règle de l’appel.",
    )
    attestation = models.TextField("composition : ce qui l’atteste", blank=True)
    attested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="composition attestée par",
    )
    agreement_on = models.DateField("convention du", null=True, blank=True)
    agreement_reference = models.CharField("convention, référence", max_length=100, blank=True)
    imported = models.BooleanField(
        "antérieure au registre",
        default=False,
        help_text="Reprise de pages publiques : les contrôles du registre ne s’y appliquent pas.",
    )

    class Meta:
        verbose_name = "candidature"
        ordering = ["call", "pole"]
        constraints = [
            models.UniqueConstraint(
                fields=["pole", "call", "wave", "strand"],
                name="calls_application_once",
                nulls_distinct=False,
                violation_error_message=(
                    "Ce pôle a déjà une candidature dans cette vague et ce volet de l’appel."
                ),
            ),
            models.UniqueConstraint(
                fields=["call", "file_number"],
                condition=~Q(file_number=""),
                name="calls_application_file_number",
                violation_error_message="Ce numéro de dossier est déjà dans cet appel.",
            ),
            models.CheckConstraint(
                condition=Q(requested_eur=None) | Q(requested_eur__range=AMOUNTS),
                name="calls_application_requested",
                violation_error_message="Un montant demandé n’est pas négatif.",
            ),
            models.CheckConstraint(
                condition=Q(decision__in=Decision.values) & Q(opinion__in=["", *Opinion.values]),
                name="calls_application_values",
                violation_error_message="La décision ou l’avis n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(amount_eur=None)
                | (Q(amount_eur__range=AMOUNTS) & Q(decision__in=["laureat", "accompagne"])),
                name="calls_application_amount",
                violation_error_message="Seul un lauréat ou un accompagné reçoit un montant.",
            ),
            models.CheckConstraint(
                condition=(~Q(admissible=False) | ~Q(admissible_reason=""))
                & (~Q(eligible=False) | ~Q(eligible_reason="")),
                name="calls_application_reasons",
                violation_error_message="Un refus de recevabilité ou d’éligibilité dit pourquoi.",
            ),
            models.CheckConstraint(
                condition=Q(received_on=None)
                | Q(decided_on=None)
                | Q(decided_on__gte=F("received_on")),
                name="calls_application_dates",
                violation_error_message="La décision ne peut précéder la réception.",
            ),
            models.CheckConstraint(
                condition=Q(attested_on=None, attestation="", attested_by=None)
                | Q(attested_on__isnull=False) & ~Q(attestation=""),
                name="calls_application_attestation",
                violation_error_message="Une attestation a sa date et dit sur quoi elle repose.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pole} – {self.call}"

    @property
    def step(self) -> str:
        """Where it is: the step of its wave in a permanent call, else of its call."""
        if self.call.permanent and self.wave is not None:
            return self.wave.state
        return self.call.state


class InstalmentState(models.TextChoices):
    PLANNED = "prevu", "prévu"
    PAID = "verse", "versé"
    SUSPENDED = "suspendu", "suspendu"


@tracked()
class Instalment(models.Model):
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="instalments", verbose_name="candidature"
    )
    planned_on = models.DateField("prévu le", null=True, blank=True)
    amount_eur = models.DecimalField("montant (euros)", max_digits=12, decimal_places=2)
    state = models.CharField(
        "état", max_length=8, choices=InstalmentState, default=InstalmentState.PLANNED
    )
    paid_on = models.DateField("versé le", null=True, blank=True)
    reason = models.TextField("motif de la suspension", blank=True)
    reference = models.CharField("référence comptable", max_length=60, blank=True)

    class Meta:
        verbose_name = "versement"
        ordering = ["application", "planned_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_eur__gt=0, amount_eur__range=AMOUNTS)
                & Q(state__in=InstalmentState.values),
                name="calls_instalment_amount",
                violation_error_message="Un versement a un montant et un état.",
            ),
            models.CheckConstraint(
                condition=Q(state="verse", paid_on__isnull=False)
                | Q(state="suspendu", paid_on=None) & ~Q(reason="")
                | Q(state="prevu", paid_on=None),
                name="calls_instalment_state",
                violation_error_message=(
                    "Un versement fait, et lui seul, a la date où il l’est ; un versement suspendu "
                    "dit pourquoi."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} : {self.amount_eur} €"
