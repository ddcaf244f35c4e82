"""Mails to the accounts of networks: how each person wants them, and those that wait."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class NoticeChoice(models.TextChoices):
    AT_ONCE = "aussitot", "aussitôt, un courriel à la fois"
    DAILY = "quotidien", "une fois par jour, en un seul courriel"
    NONE = "aucun", "aucun courriel"


class NoticePreference(models.Model):
    """What an account chose; who has not chosen is written to at once."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="notice_preference",
        verbose_name="compte",
    )
    choice = models.CharField(
        "courriels", max_length=9, choices=NoticeChoice, default=NoticeChoice.AT_ONCE
    )

    class Meta:
        verbose_name = "choix des courriels"
        verbose_name_plural = "choix des courriels"
        constraints = [
            models.CheckConstraint(
                condition=Q(choice__in=NoticeChoice.values),
                name="networks_noticepreference_choice",
                violation_error_message="Ce choix n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} : {self.get_choice_display()}"


class Notice(models.Model):
    """A thing that an account was told of, once; ``sent_at`` is None while the daily mail waits.

    ``about``: the thing, in the words of the code; ``path``: the page of the site that shows it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name="compte"
    )
    about = models.CharField("objet", max_length=100)
    subject = models.CharField("sujet", max_length=300)
    path = models.CharField("page", max_length=300)
    created_at = models.DateTimeField("écrit le", auto_now_add=True)
    sent_at = models.DateTimeField("envoyé le", null=True)

    class Meta:
        verbose_name = "courriel à un compte"
        verbose_name_plural = "courriels aux comptes"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "about"],
                name="networks_notice_once",
                violation_error_message="Cette personne en a déjà été prévenue.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user"], condition=Q(sent_at=None), name="networks_notice_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} : {self.subject}"
