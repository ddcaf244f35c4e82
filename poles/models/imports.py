"""Imports of spreadsheets: what a person sent, and what each of its rows would do.

These are working papers, kept a few days: what an import wrote is in the history of the records.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from networks.models import Network


class ImportState(models.TextChoices):
    COLUMNS = "colonnes", "colonnes à désigner"
    READING = "lecture", "lecture en cours"
    READY = "pret", "à valider"
    WRITING = "ecriture", "écriture en cours"
    DONE = "fait", "importé"
    FAILED = "refuse", "fichier refusé"


class RowOutcome(models.TextChoices):
    CREATED = "cree", "créée"
    CHANGED = "modifie", "modifiée"
    PROPOSED = "propose", "proposée"
    UNCHANGED = "inchange", "inchangée"
    WAITING = "attente", "à décider"
    REFUSED = "refuse", "refusée"


class ImportRun(models.Model):
    """A file on its way into the registry.

    ``sources``: the sheets to read and their columns; ``options``: how their cells are read;
    ``counts``: for each table, the rows of each outcome.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="imports",
        verbose_name="auteur",
    )
    network = models.ForeignKey(
        Network,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="réseau de référence des nouveaux pôles",
    )
    file_name = models.CharField("nom du fichier", max_length=200)
    content = models.BinaryField("fichier", null=True)
    state = models.CharField("état", max_length=9, choices=ImportState, default=ImportState.COLUMNS)
    sources = models.JSONField("feuilles et colonnes", default=list)
    options = models.JSONField("lecture", default=dict)
    counts = models.JSONField("décompte", default=dict)
    total = models.PositiveIntegerField("lignes", default=0)
    done = models.PositiveIntegerField("lignes traitées", default=0)
    message = models.TextField("ce qui l’a empêché", blank=True)
    created_at = models.DateTimeField("envoyé le", auto_now_add=True)
    moved_at = models.DateTimeField("dernier mouvement", auto_now=True)
    applied_at = models.DateTimeField("importé le", null=True, blank=True)

    class Meta:
        verbose_name = "import"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values),
                name="poles_importrun_state",
                violation_error_message="Cet état d’import n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=models.F("total")),
                name="poles_importrun_progress",
                violation_error_message="Un import ne traite pas plus de lignes qu’il n’en a.",
            ),
            models.CheckConstraint(
                condition=~Q(state="fait") | Q(applied_at__isnull=False),
                name="poles_importrun_applied",
                violation_error_message="Un import terminé dit quand il l’a été.",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """A row of the file. ``subject``: the pole that it speaks of, by number or, new, by name.

    ``cells``: texts; ``faults``: by position, why a cell cannot be read; ``changes``: by key of the
    record, before and after; ``told``: the same in words.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", verbose_name="import")
    table = models.CharField("feuille", max_length=8)
    line = models.PositiveIntegerField("ligne")
    cells = models.JSONField("cases", default=list)
    faults = models.JSONField("cases illisibles", default=dict)
    subject = models.CharField("pôle", max_length=300, blank=True)
    label = models.CharField("nom", max_length=300, blank=True)
    outcome = models.CharField("issue", max_length=8, choices=RowOutcome, blank=True)
    reason = models.TextField("raison", blank=True)
    notes = models.JSONField("remarques", default=list)
    changes = models.JSONField("changements", default=dict)
    told = models.JSONField("changements, en mots", default=list)

    class Meta:
        verbose_name = "ligne d’import"
        verbose_name_plural = "lignes d’import"
        ordering = ["run", "table", "line"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "table", "line"],
                name="poles_importrow_line",
                violation_error_message="Cette ligne du fichier est déjà lue.",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *RowOutcome.values]),
                name="poles_importrow_outcome",
                violation_error_message="Cette issue n’existe pas.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="refuse") | ~Q(reason=""),
                name="poles_importrow_reason",
                violation_error_message="Une ligne refusée dit pourquoi.",
            ),
        ]
        indexes = [
            models.Index(fields=["run", "subject"], name="importrow_subject"),
            models.Index(fields=["run", "outcome", "table", "line"], name="importrow_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.run}, ligne {self.line}"


class ImportQuestion(models.Model):
    """What only the person can decide. ``options``: pairs of a value and its words."""

    run = models.ForeignKey(
        ImportRun, models.CASCADE, related_name="questions", verbose_name="import"
    )
    key = models.CharField("objet", max_length=400)
    kind = models.CharField("nature", max_length=12)
    text = models.TextField("question")
    options = models.JSONField("réponses possibles")
    answer = models.CharField("réponse", max_length=40, blank=True)

    class Meta:
        verbose_name = "question d’un import"
        verbose_name_plural = "questions d’un import"
        ordering = ["run", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "key"],
                name="poles_importquestion_once",
                violation_error_message="Cette question est déjà posée.",
            ),
        ]

    def __str__(self) -> str:
        return self.text
