from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.expressions import Normalise, PublicId
from core.history import tracked
from core.models import VersionField
from members.kinds import facts_sql
from members.models import Organisation
from networks.models import Network
from networks.scopes import Scope
from poles.article9 import RULES
from poles.article9_sql import CompositionRules, demands
from poles.models.states import (
    CompositionVerdict,
    Maturity,
    PositionOrigin,
    Recognition,
    RecordState,
)
from poles.models.theme import SLUG_FORM, SLUG_MESSAGE, Theme
from poles.models.verdicts import PoleQuerySet
from territories.models import Territory, TerritoryKind

# https://www.legifrance.gouv.fr/loda/id/JORFTEXT000029313296: article 9 of loi n° 2014-856.
LAW_IN_FORCE = date(2014, 7, 31)


@tracked(
    # The name of a person, so that taking it back takes it back whole; and what is derived.
    exclude=["contact_name", "public_id", "normalised_name", "verdict", "verdict_until"]
)
class Pole(models.Model):
    """A pôle territorial de coopération économique, as the registry knows it."""

    public_id = models.GeneratedField(
        expression=PublicId("id"),
        output_field=models.CharField(max_length=12),
        db_persist=True,
        verbose_name="identifiant",
    )
    name = models.CharField("nom", max_length=250)
    normalised_name = models.GeneratedField(
        expression=Normalise("name"), output_field=models.TextField(), db_persist=True
    )
    acronym = models.CharField("sigle", max_length=60, blank=True)
    slug = models.SlugField("adresse", max_length=120, unique=True)
    summary = models.CharField("résumé", max_length=400, blank=True)
    description = models.TextField("description", blank=True)
    themes = models.ManyToManyField(
        Theme, through="PoleTheme", related_name="poles", verbose_name="thèmes", blank=True
    )
    theme_words = ArrayField(
        models.CharField(max_length=150),
        verbose_name="thèmes, mots d’origine",
        default=list,
        blank=True,
    )
    maturity = models.CharField(
        "maturité", max_length=13, choices=Maturity, default=Maturity.UNKNOWN
    )
    maturity_year = models.PositiveSmallIntegerField("année de la maturité", null=True, blank=True)
    maturity_words = models.CharField("maturité, mots de la source", max_length=200, blank=True)
    founding_year = models.PositiveSmallIntegerField("année de création", null=True, blank=True)
    closed_on = models.DateField("date de fermeture", null=True, blank=True)
    legal_person = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="poles_of_its_own",
        verbose_name="personne morale du pôle",
        help_text="Si le pôle est lui-même une personne morale ; elle n’est jamais son membre.",
    )
    legal_form = models.CharField("forme juridique", max_length=100, blank=True)
    lead_words = models.CharField(
        "structure porteuse, mots de la source", max_length=300, blank=True
    )
    seat = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="poles_seated",
        verbose_name="siège",
        help_text="Le territoire le plus précis que l’on connaisse.",
    )
    address = models.CharField("adresse postale", max_length=300, blank=True)
    latitude = models.DecimalField(
        "latitude", max_digits=8, decimal_places=5, null=True, blank=True
    )
    longitude = models.DecimalField(
        "longitude", max_digits=8, decimal_places=5, null=True, blank=True
    )
    position_origin = models.CharField(
        "origine de la position", max_length=10, choices=PositionOrigin, default="", blank=True
    )
    geocoding_score = models.FloatField("score du géocodage", null=True, blank=True)
    geocoding_label = models.CharField("adresse géocodée", max_length=300, blank=True)
    coverage = models.ManyToManyField(
        Territory,
        through="PoleCoverage",
        related_name="poles_covering",
        verbose_name="territoire d’action",
        blank=True,
    )
    coverage_words = models.CharField("territoire d’action, en mots", max_length=300, blank=True)
    website = models.URLField("site internet", max_length=500, blank=True)
    contact_email = models.EmailField("adresse fonctionnelle", blank=True)
    contact_phone = models.CharField("téléphone", max_length=30, blank=True)
    contact_name = models.CharField("personne à contacter", max_length=150, blank=True)
    contact_consent_on = models.DateField("accord de la personne, le", null=True, blank=True)
    rural_area = models.BooleanField("en zone rurale", null=True, blank=True)
    rural_basis = models.CharField("zone rurale : base", max_length=200, blank=True)
    rural_on = models.DateField("zone rurale : au", null=True, blank=True)
    priority_district = models.BooleanField("en quartier prioritaire", null=True, blank=True)
    priority_basis = models.CharField("quartier prioritaire : base", max_length=200, blank=True)
    priority_on = models.DateField("quartier prioritaire : au", null=True, blank=True)
    jobs_words = models.CharField("emplois, mots de la source", max_length=300, blank=True)
    record_state = models.CharField(
        "état de la fiche", max_length=9, choices=RecordState, default=RecordState.DRAFT
    )
    archive_reason = models.TextField("motif de l’archivage", blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_poles",
        verbose_name="réunie à",
        help_text="La fiche du même pôle, dont celle-ci était le double.",
    )
    recognition = models.CharField(
        "reconnaissance", max_length=14, choices=Recognition, default=Recognition.NONE
    )
    recognition_on = models.DateField("reconnaissance : date", null=True, blank=True)
    recognition_reason = models.TextField("reconnaissance : motif", blank=True)
    recognition_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="reconnaissance : agent",
    )
    regularise_by = models.DateField(
        "en régularisation jusqu’au",
        null=True,
        blank=True,
        help_text="Le dernier jour du délai laissé pour régulariser.",
    )
    heard_on = models.DateField(
        "pôle entendu le",
        null=True,
        blank=True,
        help_text="Avant un retrait : le jour où le pôle a pu présenter ses observations.",
    )
    exception_until = models.DateField(
        "exception valable jusqu’au",
        null=True,
        blank=True,
        help_text="Jusqu’à ce jour, le pôle peut rester reconnu sans la composition minimale.",
    )
    exception_reason = models.TextField("exception : motif", blank=True)
    # The database writes both, at each update of the row (poles/sql/article9.sql).
    verdict = models.CharField(
        "composition minimale",
        max_length=14,
        choices=CompositionVerdict,
        default=CompositionVerdict.UNDETERMINED,
        editable=False,
    )
    verdict_until = models.DateField("verdict à revoir le", null=True, editable=False)
    confirmed_on = models.DateField("fiche confirmée le", null=True, blank=True)
    members_confirmed_on = models.DateField(
        "liste des membres confirmée complète le", null=True, blank=True
    )
    reference_network = models.ForeignKey(
        Network,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="poles_of_reference",
        verbose_name="réseau de référence",
    )
    networks = models.ManyToManyField(
        Network,
        through="PoleNetwork",
        related_name="poles_accompanied",
        verbose_name="réseaux qui l’accompagnent",
        blank=True,
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    version = VersionField()

    objects = PoleQuerySet.as_manager()

    class Meta:
        verbose_name = "pôle"
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__regex=SLUG_FORM),
                name="poles_pole_slug_form",
                violation_error_message=SLUG_MESSAGE,
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="poles_pole_name",
                violation_error_message="Un pôle a un nom.",
            ),
            models.CheckConstraint(
                condition=Q(maturity__in=Maturity.values),
                name="poles_pole_maturity",
                violation_error_message="Cette maturité n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(record_state__in=RecordState.values),
                name="poles_pole_record_state",
                violation_error_message="Cet état de fiche n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(recognition__in=Recognition.values),
                name="poles_pole_recognition",
                violation_error_message="Cet état de reconnaissance n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(founding_year=None) | Q(founding_year__range=(1900, 2100)),
                name="poles_pole_founding_year",
                violation_error_message="L’année de création s’écrit en quatre chiffres.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None)
                | Q(founding_year=None)
                | Q(closed_on__year__gte=F("founding_year")),
                name="poles_pole_closed_after_founding",
                violation_error_message="Un pôle ne ferme pas avant d’avoir été créé.",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None, position_origin="")
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                    position_origin__in=["main", "geocodage"],
                ),
                name="poles_pole_position",
                violation_error_message=(
                    "Une position a une latitude, une longitude et une origine, ou rien des trois."
                ),
            ),
            models.CheckConstraint(
                condition=Q(contact_name="") | Q(contact_consent_on__isnull=False),
                name="poles_pole_contact_consent",
                violation_error_message=(
                    "Le nom d’une personne ne s’enregistre qu’avec son accord, daté."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(record_state="archive") | ~Q(archive_reason=""),
                name="poles_pole_archive_reason",
                violation_error_message="Un archivage dit son motif.",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None)
                | (Q(record_state="archive") & ~Q(merged_into=F("id"))),
                name="poles_pole_merged",
                violation_error_message=(
                    "Une fiche réunie à une autre est archivée\u00a0: annulez d’abord la fusion."
                ),
            ),
            models.CheckConstraint(
                condition=Q(recognition="aucune")
                | (Q(recognition_on__isnull=False) & ~Q(recognition_reason="")),
                name="poles_pole_recognition_reason",
                violation_error_message="Une décision de reconnaissance a une date et un motif.",
            ),
            models.CheckConstraint(
                condition=Q(recognition_on=None) | Q(recognition_on__gte=LAW_IN_FORCE),
                name="poles_pole_recognition_after_law",
                violation_error_message=(
                    "Aucune reconnaissance ne précède la loi du 31 juillet 2014."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(recognition="regularisation") | Q(regularise_by__isnull=False),
                name="poles_pole_regularisation_delay",
                violation_error_message="Une régularisation a un délai.",
            ),
            models.CheckConstraint(
                condition=~Q(recognition="retire")
                | Q(heard_on__isnull=False, heard_on__lte=F("recognition_on")),
                name="poles_pole_withdrawal_heard",
                violation_error_message=(
                    "Un retrait dit ses motifs et le jour, antérieur, où le pôle a été entendu."
                ),
            ),
            models.CheckConstraint(
                condition=Q(exception_until=None, exception_reason="")
                | (Q(exception_until__isnull=False) & ~Q(exception_reason="")),
                name="poles_pole_exception",
                violation_error_message="Une exception a un terme et un motif.",
            ),
            CompositionRules(
                name="poles_pole_article9",
                rules=demands(RULES),
                facts=facts_sql("o"),
                violation_error_message=(
                    "La composition d’un pôle reconnu satisfait la composition minimale, ou "
                    "bénéficie d’une exception."
                ),
            ),
            models.CheckConstraint(
                condition=(Q(rural_area=None) | (~Q(rural_basis="") & Q(rural_on__isnull=False)))
                & (
                    Q(priority_district=None)
                    | (~Q(priority_basis="") & Q(priority_on__isnull=False))
                ),
                name="poles_pole_zoning_basis",
                violation_error_message=(
                    "Zone rurale ou quartier prioritaire : dites sur quelle base et à quelle date."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:pole", args=[self.slug])

    def scope(self) -> Scope:
        """Who keeps the record; its régions are its seat's or else those that it covers."""
        places = [self.seat] if self.seat else list(self.coverage.all())
        regions = {p.pk if p.kind == TerritoryKind.REGION else p.region_id for p in places}
        return Scope(
            reference=self.reference_network_id,
            accompanied_by=frozenset(network.pk for network in self.networks.all()),
            regions=frozenset(region for region in regions if region is not None),
            published=self.record_state == RecordState.PUBLISHED,
            archived=self.record_state == RecordState.ARCHIVED,
            merged=self.merged_into_id is not None,
        )
