from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from stdnum.fr import siren as siren_number
from stdnum.fr import siret as siret_number

from core.expressions import Normalise
from core.history import tracked
from core.models import VersionField
from members.kinds import FACT_LABELS, FACTS, OrganisationKind, coherent_facts
from territories.models import Territory


def validate_siren(value: str) -> None:
    if not siren_number.is_valid(value):
        raise ValidationError("Ce numéro SIREN n’est pas valide : 9 chiffres, dont une clé.")


def validate_siret(value: str) -> None:
    if not siret_number.is_valid(value):
        raise ValidationError("Ce numéro SIRET n’est pas valide : 14 chiffres, dont une clé.")


class PublicationStatus(models.TextChoices):
    DIFFUSIBLE = "O", "diffusible"
    PARTIAL = "P", "non diffusible"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def shown(self) -> "OrganisationQuerySet":
        """Those whose name a public page may write."""
        return self.filter(publication_status=PublicationStatus.DIFFUSIBLE)


@tracked(exclude=["normalised_name"])
class Organisation(models.Model):
    """A legal person, once, however many poles it is in. Facts are yes, no or unknown (null)."""

    name = models.CharField("nom", max_length=250)
    normalised_name = models.GeneratedField(
        expression=Normalise("name"), output_field=models.TextField(), db_persist=True
    )
    acronym = models.CharField("sigle", max_length=60, blank=True)
    slug = models.SlugField("adresse", max_length=120, unique=True)
    siren = models.CharField(
        "SIREN", max_length=9, null=True, blank=True, validators=[validate_siren]
    )
    siret = models.CharField(
        "SIRET du siège", max_length=14, null=True, blank=True, validators=[validate_siret]
    )
    legal_category = models.CharField("catégorie juridique (INSEE)", max_length=4, blank=True)
    publication_status = models.CharField(
        "diffusion",
        max_length=1,
        choices=PublicationStatus,
        default=PublicationStatus.DIFFUSIBLE,
    )
    kind = models.CharField(
        "nature", max_length=12, choices=OrganisationKind, default=OrganisationKind.UNKNOWN
    )
    is_commercial = models.BooleanField("entreprise commerciale hors ESS", null=True, blank=True)
    is_ess = models.BooleanField("entité de l’ESS", null=True, blank=True)
    is_training_body = models.BooleanField("organisme de formation déclaré", null=True, blank=True)
    is_non_ess_grouping = models.BooleanField(
        "groupement d’une majorité d’entreprises hors ESS", null=True, blank=True
    )
    is_legal_person = models.BooleanField("personne morale", null=True, blank=True)
    seat = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name="siège",
    )
    website = models.URLField("site internet", max_length=500, blank=True)
    closed_on = models.DateField("fermée le", null=True, blank=True)
    source_words = ArrayField(
        models.CharField(max_length=200),
        verbose_name="mots des sources sur sa nature",
        default=list,
        blank=True,
    )
    version = VersionField()

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["siren"],
                name="members_organisation_siren",
                violation_error_message="Une organisation porte déjà ce SIREN.",
            ),
            models.CheckConstraint(
                condition=Q(siren=None) | Q(siren__regex=r"^\d{9}$"),
                name="members_organisation_siren_form",
                violation_error_message="Un SIREN compte 9 chiffres.",
            ),
            models.CheckConstraint(
                condition=Q(siret=None) | Q(siret__regex=r"^\d{14}$"),
                name="members_organisation_siret_form",
                violation_error_message="Un SIRET compte 14 chiffres.",
            ),
            models.CheckConstraint(
                condition=Q(siret=None) | Q(siren=None) | Q(siret__startswith=F("siren")),
                name="members_organisation_siret_of_siren",
                violation_error_message="Le SIRET doit commencer par le SIREN de l’organisation.",
            ),
            models.CheckConstraint(
                condition=Q(legal_category="") | Q(legal_category__regex=r"^\d{4}$"),
                name="members_organisation_legal_category_form",
                violation_error_message="Une catégorie juridique compte 4 chiffres.",
            ),
            models.CheckConstraint(
                condition=Q(publication_status__in=PublicationStatus.values),
                name="members_organisation_publication_status",
                violation_error_message="Le statut de diffusion est O ou P.",
            ),
            models.CheckConstraint(
                condition=coherent_facts(),
                name="members_organisation_kind_facts",
                violation_error_message=(
                    "Les qualités de l’organisation contredisent sa nature : une association ou "
                    "une coopérative est une entité de l’ESS, une entreprise commerciale n’en "
                    "est pas une, une collectivité n’est ni l’une ni l’autre."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(is_commercial=True, is_ess=True),
                name="members_organisation_commercial_or_ess",
                violation_error_message=(
                    "Une organisation ne peut être à la fois une entreprise commerciale hors "
                    "ESS et une entité de l’ESS."
                ),
            ),
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                name="members_organisation_slug_form",
                violation_error_message=(
                    "L’adresse s’écrit en minuscules sans accent, avec des traits d’union."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="members_organisation_name",
                violation_error_message="Une organisation a un nom.",
            ),
        ]
        indexes = [
            GinIndex(
                OpClass(F("normalised_name"), name="gin_trgm_ops"),
                name="organisation_name_trigrams",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:member", args=[self.slug])

    @property
    def public_name(self) -> str:
        """The name, or the mask that the State's register asks for."""
        if self.publication_status == PublicationStatus.PARTIAL:
            return "Organisation non diffusible"
        return self.name


@tracked()
class OrganisationFormerSlug(models.Model):
    """An address that an organisation had, kept by a trigger, so that old links redirect."""

    slug = models.SlugField("ancienne adresse", max_length=120, primary_key=True)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="former_slugs", verbose_name="organisation"
    )

    class Meta:
        verbose_name = "ancienne adresse d’organisation"
        verbose_name_plural = "anciennes adresses d’organisations"

    def __str__(self) -> str:
        return self.slug


class EvidenceOrigin(models.TextChoices):
    PRESS = "presse", "page publique"
    DECLARED = "declaration", "déclaration"
    REGISTER = "annuaire", "annuaire des entreprises"
    OFFICER = "agent", "agent du ministère"


@tracked()
class FactEvidence(models.Model):
    """Where the kind or a fact of an organisation comes from: by whom, from what, when."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="evidence", verbose_name="organisation"
    )
    aspect = models.CharField(
        "objet", max_length=20, choices=[("kind", "nature"), *FACT_LABELS.items()]
    )
    value = models.CharField("valeur", max_length=20)
    origin = models.CharField("origine", max_length=11, choices=EvidenceOrigin)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name="établie par",
    )
    source = models.TextField("source", blank=True)
    stated_on = models.DateField("établie le", null=True, blank=True)

    class Meta:
        verbose_name = "preuve"
        constraints = [
            models.CheckConstraint(
                condition=Q(aspect__in=["kind", *FACTS]),
                name="members_factevidence_aspect",
                violation_error_message="Une preuve porte sur la nature ou sur une qualité.",
            ),
            models.CheckConstraint(
                condition=Q(origin__in=EvidenceOrigin.values),
                name="members_factevidence_origin",
                violation_error_message="Cette origine n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} : {self.get_aspect_display()} = {self.value}"


class RegisterCheck(models.Model):
    """When an organisation was last compared with the State's register: where to go on from."""

    organisation = models.OneToOneField(
        Organisation,
        models.CASCADE,
        primary_key=True,
        related_name="register_check",
        verbose_name="organisation",
    )
    checked_at = models.DateTimeField("comparée le")

    class Meta:
        verbose_name = "comparaison avec l’annuaire"
        verbose_name_plural = "comparaisons avec l’annuaire"

    def __str__(self) -> str:
        return str(self.organisation_id)
