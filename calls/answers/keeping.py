"""The first answer to a question is the one that is given again, until an officer makes another.

Whoever asks the same at the same moment is given the same: the table refuses a second first answer.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from calls.answers import wording
from calls.answers.figures import differences, figures_of
from calls.answers.perimeter import Where
from calls.answers.reading import facts_of
from calls.answers.text import text_of
from calls.models import ParliamentaryAnswer
from calls.permissions import can_answer_questions
from core.version import data_version
from networks.models import User


def editions(day: date, where: Where) -> QuerySet[ParliamentaryAnswer]:
    """All the answers to one question, the latest first."""
    found = ParliamentaryAnswer.objects.filter(day=day)
    for name, value in where.columns.items():
        found = found.filter(**({f"{name}__isnull": True} if value is None else {name: value}))
    return found.order_by("-edition")


def ask(day: date, where: Where, officer: User) -> ParliamentaryAnswer:
    """The latest answer that was given to this question, or else the first.

    Raises ValidationError: of a day to come, or to whom may not ask.
    """
    _check(day, officer)
    with transaction.atomic():
        return editions(day, where).first() or _kept(day, where, officer, 1, "")


def new_edition(kept: ParliamentaryAnswer, reason: str, officer: User) -> ParliamentaryAnswer:
    """What the registry says today, beside ``kept``, which stays.

    Raises ValidationError: without a reason, or when ``kept`` is not the latest any more.
    """
    _check(kept.day, officer)
    reason = reason.strip()
    if not reason:
        raise ValidationError("Dites pourquoi la réponse change.")
    where = Where.of(kept)
    with transaction.atomic():
        made = _kept(kept.day, where, officer, kept.edition + 1, reason)
        if (made.reason, made.asked_by_id) != (reason, officer.pk):
            raise ValidationError(
                "Une autre édition vient d’être faite\u00a0: lisez-la avant d’en faire une autre."
            )
    return made


def differs_today(kept: ParliamentaryAnswer) -> list[dict[str, Any]]:
    """Each figure that the registry would give otherwise, for the same day and perimeter."""
    return differences(kept.figures, _figures(kept.day, Where.of(kept)))


def _check(day: date, officer: User) -> None:
    allowed = can_answer_questions(officer)
    if not allowed:
        raise ValidationError(allowed.reason)
    if day > timezone.localdate():
        raise ValidationError(
            f"Le {wording.day(day)} est à venir\u00a0: il n’a pas encore de chiffres."
        )


def _figures(day: date, where: Where) -> dict[str, Any]:
    return figures_of(facts_of(day), where.codes, day)


def _kept(day: date, where: Where, officer: User, edition: int, reason: str) -> ParliamentaryAnswer:
    now = timezone.now()
    figures = _figures(day, where)
    ParliamentaryAnswer.objects.bulk_create(
        [
            ParliamentaryAnswer(
                day=day,
                **where.columns,
                edition=edition,
                reason=reason,
                perimeter=where.name,
                figures=figures,
                text=text_of(figures, where, day, asked_at=now, edition=edition),
                data_version=data_version(),
                asked_by=officer,
                asked_at=now,
            )
        ],
        # Another officer's, of the same moment, is then the one.
        ignore_conflicts=True,
    )
    return editions(day, where).get(edition=edition)
