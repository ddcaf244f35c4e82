"""The values that a pole's states take: the French tokens of the public addresses."""

from django.db import models

from poles.article9 import Verdict


class Maturity(models.TextChoices):
    PROJECT = "projet", "en projet"
    EMERGING = "emergent", "émergent"
    EXISTING = "existant", "existant"
    DORMANT = "sommeil", "en sommeil"
    CLOSED = "clos", "clos"
    UNKNOWN = "non-renseigne", "non renseignée"


class RecordState(models.TextChoices):
    DRAFT = "brouillon", "brouillon"
    SUBMITTED = "soumis", "soumis"
    PUBLISHED = "publie", "publié"
    ARCHIVED = "archive", "archivé"


class Recognition(models.TextChoices):
    NONE = "aucune", "aucune"
    RECOGNISED = "reconnu", "reconnu"
    REGULARISATION = "regularisation", "en régularisation"
    WITHDRAWN = "retire", "retiré"


class CompositionVerdict(models.TextChoices):
    SATISFIED = Verdict.SATISFIED.value, "satisfaite"
    NOT_SATISFIED = Verdict.NOT_SATISFIED.value, "non satisfaite"
    UNDETERMINED = Verdict.UNDETERMINED.value, "indéterminée"


class PositionOrigin(models.TextChoices):
    NONE = "", "aucune : celle du siège"
    HAND = "main", "placée à la main"
    GEOCODED = "geocodage", "géocodée"
