"""Files that arrive from the State's forms platform, by its export."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from calls.models.call import Call, Strand, Wave
from core.history import tracked


@tracked()
class CallColumns(models.Model):
    """What the columns of the platform's export hold, said once for a call.

    ``columns``: by title, normalised, the key of ``calls/platform/columns.py``; empty: not read.
    """

    call = models.OneToOneField(
        Call, models.CASCADE, related_name="platform_columns", verbose_name="appel"
    )
    columns = models.JSONField("colonnes", default=dict, blank=True)

    class Meta:
        verbose_name = "colonnes de l’export de la plateforme"
        verbose_name_plural = "colonnes des exports de la plateforme"
        ordering = ["call"]

    def __str__(self) -> str:
        return f"Colonnes : {self.call}"


class PlatformImport(models.Model):
    """An export on its way into a call: a working paper, kept a few days.

    ``source``: the sheet, the line of its titles, and the key that each column holds, by position;
    ``choices``: by line, what an officer chose; ``rows``: what each line would do, as it was last
    rehearsed; empty until the columns are known.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="imports", verbose_name="appel")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="envoyé par",
    )
    file_name = models.CharField("nom du fichier", max_length=200)
    content = models.BinaryField("fichier", null=True)
    wave = models.ForeignKey(Wave, models.SET_NULL, null=True, blank=True, verbose_name="vague")
    strand = models.ForeignKey(Strand, models.SET_NULL, null=True, blank=True, verbose_name="volet")
    source = models.JSONField("lecture", default=dict)
    choices = models.JSONField("choix", default=dict)
    rows = models.JSONField("lignes", default=list)
    created_at = models.DateTimeField("envoyé le", auto_now_add=True)
    moved_at = models.DateTimeField("dernier mouvement", auto_now=True)
    applied_at = models.DateTimeField("enregistré le", null=True, blank=True)

    class Meta:
        verbose_name = "export de la plateforme"
        verbose_name_plural = "exports de la plateforme"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at=None, content__isnull=False)
                | Q(applied_at__isnull=False, content=None),
                name="calls_platformimport_content",
                violation_error_message="Un fichier est gardé jusqu’à ce qu’il soit enregistré.",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
