"""What a laureate's support asks for, and when: pure, over dates.

Two follow-up committees in each year of the support, the figures of each calendar year that it
touches by the end of the next January, a final evaluation by a third party when it ends.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from django.db import models

COMMITTEES_A_YEAR = 2
SILENCE_MONTHS = 6
# Shown that long before: a committee is called, a third party is looked for.
COMMITTEE_NOTICE = timedelta(days=30)
FINAL_NOTICE = timedelta(days=90)
_DAY = timedelta(days=1)
_YEAR = 12


class Kind(models.TextChoices):
    COMMITTEE = "comite", "comité de suivi"
    FIGURES = "chiffres", "chiffres de l’année"
    FINAL = "evaluation", "évaluation finale"
    SILENCE = "silence", "sans nouvelles"
    INSTALMENT = "versement", "versement à faire"
    SUSPENDED = "suspendu", "versement suspendu"


@dataclass(frozen=True)
class Support:
    """From the day of the agreement, or of the award; ``ends``: its last day, None if unknown."""

    begins: date
    ends: date | None


@dataclass(frozen=True)
class Due:
    """A thing that falls due; ``thing`` names it within its file, ``act`` is what one does."""

    kind: Kind
    on: date
    thing: str
    words: str
    act: str


def months_after(day: date, months: int) -> date:
    """The same day, or the last of a shorter month; ``months`` may be negative."""
    months = day.year * 12 + day.month - 1 + months
    year, month = divmod(months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError


def support(begins: date, years: int | None) -> Support:
    """``years``: how long the call helps."""
    return Support(begins, months_after(begins, _YEAR * years) - _DAY if years else None)


def year_of(given: Support, number: int) -> tuple[date, date]:
    """The first and last day of a year of the support; ``number``: from 0."""
    first = months_after(given.begins, _YEAR * number)
    return first, months_after(given.begins, _YEAR * (number + 1)) - _DAY


def years_until(given: Support, today: date) -> Iterable[int]:
    """The numbers of the years of the support that have begun, from 0."""
    for number in count():
        first, _ = year_of(given, number)
        if first > today or (given.ends is not None and first > given.ends):
            return
        yield number


def committees_due(
    given: Support, held: Collection[date], planned: Collection[date], today: date
) -> list[Due]:
    """Those that a year lacks, due at its middle and at its end.

    What a year that ended a year ago or more lacks is past remedy, and is told on the file alone.
    """
    found = []
    for number in years_until(given, today):
        first, last = year_of(given, number)
        if months_after(last, _YEAR) < today:
            continue
        counted = sum(first <= day <= last for day in (*held, *planned))
        middle = months_after(first, _YEAR // 2)
        for rank, on in enumerate((middle, last), start=1):
            if rank > counted and on - COMMITTEE_NOTICE <= today:
                words = f"{rank}ᵉ comité" if rank > 1 else "1ᵉʳ comité"
                found.append(
                    Due(
                        Kind.COMMITTEE,
                        on,
                        f"comite/{number + 1}/{rank}",
                        f"{words} de suivi de la {ordinal(number + 1)} année",
                        "Prévoir le comité",
                    )
                )
    return found


def planned_due(kind: Kind, pk: int, on: date, today: date) -> list[Due]:
    """A committee or an evaluation that was planned, from a month before on."""
    if on - COMMITTEE_NOTICE > today:
        return []
    words = "évaluation finale prévue" if kind == Kind.FINAL else "comité de suivi prévu"
    act = "Saisir les conclusions" if on <= today else "Voir ce qui est prévu"
    return [Due(kind, on, f"prevu/{pk}/{on}", words, act)]


def figures_due(given: Support, known: Collection[int], today: date) -> list[Due]:
    """Of each calendar year that is over; ``known``: the years whose figures the registry holds."""
    last = min(given.ends or today, today).year
    return [
        Due(
            Kind.FIGURES,
            date(year + 1, 1, 31),
            f"chiffres/{year}",
            f"chiffres de {year}",
            "Saisir les chiffres",
        )
        for year in range(given.begins.year, last + 1)
        if year not in known and year < today.year
    ]


def final_due(given: Support, today: date) -> list[Due]:
    """When none is planned nor held."""
    if given.ends is None or given.ends - FINAL_NOTICE > today:
        return []
    words = "évaluation finale par un tiers"
    return [Due(Kind.FINAL, given.ends, "evaluation", words, "Prévoir l’évaluation")]


def silence_due(news_on: date | None, today: date) -> list[Due]:
    if news_on is None or months_after(today, -SILENCE_MONTHS) < news_on:
        return []
    words = f"aucune nouvelle depuis le {news_on:%d/%m/%Y}"
    on = months_after(news_on, SILENCE_MONTHS)
    return [Due(Kind.SILENCE, on, f"silence/{news_on}", words, "Demander des nouvelles")]


def ordinal(number: int) -> str:
    """Of a year: « 1ʳᵉ », « 2ᵉ »."""
    return "1ʳᵉ" if number == 1 else f"{number}ᵉ"
