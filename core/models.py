from django.conf import settings
from django.db import models
from django.db.models.expressions import Value
from django_tasks_db.models import DBTaskResult

from core.templatetags.french import moment


class DataVersion(models.Model):
    """The number of the published data: one row, moved by triggers at most once a transaction."""

    number = models.BigIntegerField("numéro", default=1)
    moved_at = models.DateTimeField("déplacé le")
    moved_by_transaction = models.BigIntegerField("transaction", default=0)

    class Meta:
        verbose_name = "version des données publiées"
        verbose_name_plural = "version des données publiées"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1),
                name="core_dataversion_one_row",
                violation_error_message="La version des données publiées tient en une ligne.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Sending(models.Model):
    """How many times one sender, of whom only a digest is kept, sent something in an hour."""

    key = models.CharField("empreinte", max_length=64)
    hour = models.DateTimeField("heure")
    number = models.PositiveIntegerField("nombre")

    class Meta:
        verbose_name = "compte des envois"
        verbose_name_plural = "comptes des envois"
        constraints = [
            models.UniqueConstraint(
                fields=["key", "hour"],
                name="core_sending_once",
                violation_error_message="Ces envois sont déjà comptés pour cette heure.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hour} : {self.number}"


class WaitingFile(models.Model):
    """A file sent to the admin, between its preview and its import; forgotten within a day.

    ``content``: compressed by zlib; ``account``: the number of who sent it.
    """

    token = models.CharField("jeton", max_length=43, unique=True)
    account = models.PositiveBigIntegerField("compte")
    file_name = models.CharField("nom du fichier", max_length=200)
    content = models.BinaryField("fichier")
    sent_at = models.DateTimeField("envoyé le")

    class Meta:
        verbose_name = "fichier en attente"
        verbose_name_plural = "fichiers en attente"

    def __str__(self) -> str:
        return self.file_name


class SavedFilter(models.Model):
    """What an officer looks for again and again in a list of the admin.

    ``listing``: of which model (« poles.pole »); ``query``: the list's query string.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="saved_filters",
        verbose_name="compte",
    )
    listing = models.CharField("liste", max_length=100)
    name = models.CharField("nom du filtre", max_length=80)
    query = models.TextField("requête", max_length=2000)
    shared = models.BooleanField("partagé avec tous les agents", default=False)

    class Meta:
        verbose_name = "filtre gardé"
        verbose_name_plural = "filtres gardés"
        ordering = ["listing", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "listing", "name"],
                name="core_savedfilter_once",
                violation_error_message="Un de vos filtres de cette liste a déjà ce nom.",
            ),
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(query=""),
                name="core_savedfilter_said",
                violation_error_message="Un filtre gardé a un nom, et filtre quelque chose.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BackgroundTask(DBTaskResult):
    """A task of the worker, as the admin shows it: the library speaks no French."""

    class Meta:
        proxy = True
        verbose_name = "tâche de fond"
        verbose_name_plural = "tâches de fond"

    def __str__(self) -> str:
        return f"Tâche du {moment(self.enqueued_at)}"


class VersionField(models.PositiveIntegerField):
    """The integer that the database moves at each change of a row, and checks at each save.

    A save sends the number that was loaded; the trigger ``core_check_version`` refuses it when
    another has come since, and the new number comes back with the same statement.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("default", 1)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("verbose_name", "version")
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def pre_save(self, model_instance: models.Model, add: bool) -> object:
        number = getattr(model_instance, self.attname)
        # An expression is read back after the update, so the instance can be saved again.
        return number if add else Value(number, output_field=models.PositiveIntegerField())
