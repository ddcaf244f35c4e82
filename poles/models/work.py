"""What a pole does and what it weighs: projects, yearly figures, studies."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from core.history import tracked
from members.models import Organisation
from poles.models.pole import Pole


class Pooled(models.TextChoices):
    PREMISES = "locaux", "locaux"
    JOBS = "emplois", "emplois"
    PURCHASING = "achats", "achats"
    EQUIPMENT = "materiel", "matériel"
    TRAINING = "formation", "formation"
    KNOWLEDGE = "connaissances", "connaissances"
    OTHER = "autre", "autre"


class ProjectState(models.TextChoices):
    PLANNED = "prevu", "prévu"
    UNDER_WAY = "en-cours", "en cours"
    DONE = "termine", "terminé"
    ABANDONED = "abandonne", "abandonné"


@tracked()
class PoleProject(models.Model):
    pole = models.ForeignKey(Pole, models.CASCADE, related_name="projects", verbose_name="pôle")
    title = models.CharField("intitulé", max_length=200)
    description = models.TextField("ce qu’il fait", blank=True)
    pooled = ArrayField(
        models.CharField(max_length=13, choices=Pooled),
        verbose_name="ce qui est mis en commun",
        default=list,
        blank=True,
    )
    members = models.ManyToManyField(
        Organisation, related_name="projects", verbose_name="membres engagés", blank=True
    )
    begins_on = models.DateField("début", null=True, blank=True)
    ends_on = models.DateField("fin", null=True, blank=True)
    state = models.CharField("état", max_length=9, choices=ProjectState, blank=True)

    class Meta:
        verbose_name = "projet d’un pôle"
        verbose_name_plural = "projets des pôles"
        ordering = ["pole", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(begins_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("begins_on")),
                name="poles_poleproject_period",
                violation_error_message="Le projet ne peut finir avant d’avoir commencé.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["", *ProjectState.values]),
                name="poles_poleproject_state",
                violation_error_message="Cet état de projet n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(pooled__contained_by=Pooled.values),
                name="poles_poleproject_pooled",
                violation_error_message="Ce qui est mis en commun se choisit dans la liste.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class PoleFigures(models.Model):
    """A year of a pole. Each figure is public or kept for sums only."""

    pole = models.ForeignKey(Pole, models.CASCADE, related_name="figures", verbose_name="pôle")
    year = models.PositiveSmallIntegerField("année")
    jobs_fte = models.DecimalField(
        "emplois (ETP)",
        max_digits=9,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    jobs_fte_public = models.BooleanField("emplois : public", default=True)
    local_jobs_fte = models.DecimalField(
        "emplois non délocalisables (ETP)",
        max_digits=9,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    local_jobs_fte_public = models.BooleanField("emplois non délocalisables : public", default=True)
    members = models.PositiveIntegerField("membres", null=True, blank=True)
    members_public = models.BooleanField("membres : public", default=True)
    turnover_eur = models.DecimalField(
        "chiffre d’affaires (euros)",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    turnover_eur_public = models.BooleanField(
        "chiffre d’affaires : public",
        default=False,
        help_text="Seulement avec l’accord du pôle ; sinon, il ne sert qu’aux totaux.",
    )
    beneficiaries = models.PositiveIntegerField("bénéficiaires", null=True, blank=True)
    beneficiaries_public = models.BooleanField("bénéficiaires : public", default=True)
    source = models.CharField("source", max_length=300, blank=True)

    class Meta:
        verbose_name = "chiffres d’une année"
        verbose_name_plural = "chiffres annuels"
        ordering = ["pole", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["pole", "year"],
                name="poles_polefigures_year",
                violation_error_message="Les chiffres de cette année existent déjà.",
            ),
            models.CheckConstraint(
                condition=Q(year__range=(1990, 2100)),
                name="poles_polefigures_year_form",
                violation_error_message="L’année s’écrit en quatre chiffres.",
            ),
            models.CheckConstraint(
                condition=(Q(jobs_fte=None) | Q(jobs_fte__gte=0))
                & (Q(local_jobs_fte=None) | Q(local_jobs_fte__gte=0))
                & (Q(turnover_eur=None) | Q(turnover_eur__gte=0)),
                name="poles_polefigures_positive",
                violation_error_message="Un chiffre ne peut être négatif.",
            ),
            models.CheckConstraint(
                condition=Q(jobs_fte=None)
                | Q(local_jobs_fte=None)
                | Q(local_jobs_fte__lte=F("jobs_fte")),
                name="poles_polefigures_local_jobs",
                violation_error_message=(
                    "Les emplois non délocalisables ne peuvent dépasser le total des emplois."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pole}, {self.year}"


@tracked()
class Study(models.Model):
    """A publication on one or several poles."""

    title = models.CharField("titre", max_length=300)
    authors = models.CharField("auteurs", max_length=300, blank=True)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    url = models.URLField("adresse", max_length=1000, blank=True)
    poles = models.ManyToManyField(Pole, related_name="studies", verbose_name="pôles", blank=True)

    class Meta:
        verbose_name = "étude"
        ordering = ["-year", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year=None) | Q(year__range=(1900, 2100)),
                name="poles_study_year",
                violation_error_message="L’année s’écrit en quatre chiffres.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class PoleProjectMember(PoleProject.members.through):  # type: ignore[name-defined]
    """The table that Django makes for a project's members, named so that its history is kept."""

    class Meta:
        proxy = True
        verbose_name = "membre engagé dans un projet"
        verbose_name_plural = "membres engagés dans les projets"

    def __str__(self) -> str:
        return f"{self.poleproject} – {self.organisation}"


@tracked()
class StudyPole(Study.poles.through):  # type: ignore[name-defined]
    """The table that Django makes for a study's poles, named so that its history is kept."""

    class Meta:
        proxy = True
        verbose_name = "pôle d’une étude"
        verbose_name_plural = "pôles des études"

    def __str__(self) -> str:
        return f"{self.study} – {self.pole}"
