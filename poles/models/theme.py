from django.db import models
from django.db.models import Q

from core.history import tracked

SLUG_FORM = r"^[a-z0-9]+(-[a-z0-9]+)*$"
SLUG_MESSAGE = "L’adresse s’écrit en minuscules sans accent, avec des traits d’union."


@tracked()
class Theme(models.Model):
    name = models.CharField("nom", max_length=80, unique=True)
    slug = models.SlugField("adresse", max_length=60, unique=True)
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "thème"
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__regex=SLUG_FORM),
                name="poles_theme_slug_form",
                violation_error_message=SLUG_MESSAGE,
            ),
        ]

    def __str__(self) -> str:
        return self.name
