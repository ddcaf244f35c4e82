from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from calls.models.amounts import AMOUNTS
from calls.models.states import CallState
from core.history import tracked
from poles import article9

_BOUND = (
    "Observée, pour un appel antérieur au registre ; obligatoire, pour un appel conduit dans le "
    "registre."
)
_ENVELOPE = "Facultative, dans celle de l’appel."


class CallKind(models.TextChoices):
    STATE = "etat", "appel national de l’État"
    NETWORK = "reseau", "appel d’un réseau"
    OTHER = "autre", "autre appel"


class CompositionRule(models.TextChoices):
    """The rules of ``poles/article9.py``, as a call names one."""

    MINIMUM = article9.MINIMUM.code, article9.MINIMUM.name
    DECREE_2015 = article9.DECREE_2015.code, article9.DECREE_2015.name
    NONE = article9.NONE.code, article9.NONE.name
    NOT_ESTABLISHED = article9.NOT_ESTABLISHED.code, article9.NOT_ESTABLISHED.name


class CallQuerySet(models.QuerySet["Call"]):
    def told(self) -> "CallQuerySet":
        """What the public reads of: all but those that the ministry is still preparing."""
        return self.exclude(run_in_registry=True, state=CallState.PREPARING)


@tracked()
class Call(models.Model):
    """A call for projects; its totals are those that were announced, with their source."""

    code = models.SlugField("code", max_length=80, unique=True)
    name = models.CharField("nom", max_length=250)
    organiser = models.CharField("organisateur", max_length=300, blank=True)
    kind = models.CharField("nature", max_length=6, choices=CallKind)
    opens_on = models.DateField("ouvre le", null=True, blank=True)
    closes_on = models.DateField("ferme le", null=True, blank=True)
    results_on = models.DateField("résultats le", null=True, blank=True)
    permanent = models.BooleanField("permanent", default=False)
    envelope_eur = models.DecimalField(
        "enveloppe (euros)", max_digits=12, decimal_places=2, null=True, blank=True
    )
    award_min_eur = models.DecimalField(
        "aide minimale (euros)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_BOUND,
    )
    award_max_eur = models.DecimalField(
        "aide maximale (euros)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_BOUND,
    )
    award_years = models.PositiveSmallIntegerField(
        "durée de l’aide (années)", null=True, blank=True
    )
    funds = models.TextField(
        "ce que l’appel finance", blank=True, help_text="Publié sur la page de l’appel."
    )
    composition_rule = models.CharField(
        "règle de composition",
        max_length=11,
        choices=CompositionRule,
        default=CompositionRule.NOT_ESTABLISHED,
    )
    private_law_required = models.BooleanField("forme de droit privé exigée", null=True, blank=True)
    first_support_required = models.BooleanField(
        "projet jamais soutenu exigé", null=True, blank=True
    )
    conditions = models.TextField("conditions", blank=True)
    specification_url = models.URLField("cahier des charges", max_length=1000, blank=True)
    announced_candidates = models.PositiveIntegerField("candidats annoncés", null=True, blank=True)
    announced_laureates = models.PositiveIntegerField("lauréats annoncés", null=True, blank=True)
    announced_supported = models.PositiveIntegerField("accompagnés annoncés", null=True, blank=True)
    note = models.TextField("note", blank=True)
    source_url = models.URLField("source", max_length=1000, blank=True)
    run_in_registry = models.BooleanField(
        "conduit dans le registre",
        default=False,
        help_text=(
            "Ses étapes, son enveloppe, ses bornes et ses avis sont alors tenus par la base, pour "
            "tous."
        ),
    )
    state = models.CharField(
        "étape", max_length=11, choices=CallState, default=CallState.PREPARING, editable=False
    )
    opinion_required = models.BooleanField(
        "avis régional exigé",
        default=True,
        help_text="Sans cet avis, une candidature ne peut être décidée.",
    )

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = "appel à projets"
        verbose_name_plural = "appels à projets"
        ordering = ["-code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                name="calls_call_code_form",
                violation_error_message=(
                    "Le code s’écrit en minuscules sans accent, avec des traits d’union."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=CallKind.values, composition_rule__in=CompositionRule.values),
                name="calls_call_values",
                violation_error_message="La nature ou la règle de composition n’existe pas.",
            ),
            models.CheckConstraint(
                condition=(Q(opens_on=None) | Q(closes_on=None) | Q(closes_on__gte=F("opens_on")))
                & (Q(opens_on=None) | Q(results_on=None) | Q(results_on__gte=F("opens_on"))),
                name="calls_call_dates",
                violation_error_message=(
                    "La clôture et les résultats ne peuvent précéder l’ouverture."
                ),
            ),
            models.CheckConstraint(
                condition=(Q(envelope_eur=None) | Q(envelope_eur__range=AMOUNTS))
                & (Q(award_min_eur=None) | Q(award_min_eur__range=AMOUNTS))
                & (Q(award_max_eur=None) | Q(award_max_eur__range=AMOUNTS))
                & (
                    Q(award_min_eur=None)
                    | Q(award_max_eur=None)
                    | Q(award_max_eur__gte=F("award_min_eur"))
                ),
                name="calls_call_amounts",
                violation_error_message=(
                    "Les montants sont positifs, et le maximum n’est pas sous le minimum."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=CallState.values)
                & (Q(run_in_registry=True) | Q(state="preparation")),
                name="calls_call_state",
                violation_error_message="Seul un appel conduit dans le registre a des étapes.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:call", args=[self.code])


@tracked()
class Wave(models.Model):
    """A yearly round of a permanent call."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="waves", verbose_name="appel")
    code = models.SlugField("code", max_length=40)
    name = models.CharField("nom", max_length=150)
    opens_on = models.DateField("ouvre le", null=True, blank=True)
    closes_on = models.DateField("ferme le", null=True, blank=True)
    results_on = models.DateField("résultats le", null=True, blank=True)
    envelope_eur = models.DecimalField(
        "enveloppe (euros)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_ENVELOPE,
    )
    state = models.CharField(
        "étape", max_length=11, choices=CallState, default=CallState.PREPARING, editable=False
    )

    class Meta:
        verbose_name = "vague"
        ordering = ["call", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "code"],
                name="calls_wave_code",
                violation_error_message="Cette vague existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(opens_on=None) | Q(closes_on=None) | Q(closes_on__gte=F("opens_on")),
                name="calls_wave_dates",
                violation_error_message="La clôture ne peut précéder l’ouverture.",
            ),
            models.CheckConstraint(
                condition=Q(envelope_eur=None) | Q(envelope_eur__range=AMOUNTS),
                name="calls_wave_amount",
                violation_error_message="Une enveloppe est positive.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CallState.values),
                name="calls_wave_state",
                violation_error_message="Cette étape n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Strand(models.Model):
    """A volet of a call: accompaniment, grant."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="strands", verbose_name="appel")
    code = models.SlugField("code", max_length=40)
    name = models.CharField("nom", max_length=150)
    envelope_eur = models.DecimalField(
        "enveloppe (euros)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_ENVELOPE,
    )

    class Meta:
        verbose_name = "volet"
        verbose_name_plural = "volets"
        ordering = ["call", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "code"],
                name="calls_strand_code",
                violation_error_message="Ce volet existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(envelope_eur=None) | Q(envelope_eur__range=AMOUNTS),
                name="calls_strand_amount",
                violation_error_message="Une enveloppe est positive.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
