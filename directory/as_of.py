"""The day that a page is asked for with ``au=``: the day of the facts, not of their recording."""

from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict
from django.utils import timezone

from calls.models import Application
from directory.queries.pole import Parts
from poles.models import Maturity, Pole, Recognition, RecognitionDecision


@dataclass(frozen=True)
class AsOf:
    """``day`` is today unless another was asked for; ``message`` says what was left aside."""

    day: date
    today: date
    message: str = ""

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def is_past(self) -> bool:
        return self.day < self.today


def as_of(asked: QueryDict) -> AsOf:
    today = timezone.localdate()
    text = asked.get("au", "").replace("\x00", "").strip()
    if not text:
        return AsOf(today, today)
    try:
        return AsOf(date.fromisoformat(text), today)
    except ValueError:
        return AsOf(
            today,
            today,
            f"«\u00a0{text[:60]}\u00a0» n’est pas une date du calendrier, écrite comme "
            "2021-10-01\u00a0: la fiche est montrée telle qu’aujourd’hui.",
        )


@dataclass(frozen=True)
class RecognitionThen:
    """The recognition on a day; ``exception_until`` only while the exception is what holds it."""

    state: Recognition
    on: date | None = None
    regularise_by: date | None = None
    exception_until: date | None = None


def recognition_on(pole: Pole, asked: AsOf) -> RecognitionThen:
    """Today's is on the pole; another day's is a decision, read by one statement more."""
    if not asked.is_past:
        # A decision to come is not known in advance: a later day shows today's.
        return _recognition(pole, Recognition(pole.recognition), pole.recognition_on, asked.day)
    decision = (
        pole.recognition_decisions.filter(decided_on__lte=asked.day)
        .order_by("-decided_on", "-id")
        .first()
    )
    if decision is None:
        return RecognitionThen(Recognition.NONE)
    return _recognition(decision, Recognition(decision.state), decision.decided_on, asked.day)


def _recognition(
    said_by: Pole | RecognitionDecision, state: Recognition, on: date | None, day: date
) -> RecognitionThen:
    until = said_by.exception_until
    return RecognitionThen(
        state,
        on,
        said_by.regularise_by if state == Recognition.REGULARISATION else None,
        until if state == Recognition.RECOGNISED and until and until >= day else None,
    )


@dataclass(frozen=True)
class ApplicationThen:
    """An application; ``known``: whether its decision is that of the day."""

    application: Application
    known: bool = True


def applications_on(applications: list[Application], asked: AsOf) -> list[ApplicationThen]:
    """Those that may have been decided that day; undated, a decision is unknown on a past day."""
    if not asked.is_past:
        return [ApplicationThen(each) for each in applications]
    return [
        ApplicationThen(each, _decided(each) is not None)
        for each in applications
        if (_decided(each) or _not_before(each) or asked.day) <= asked.day
    ]


def _decided(application: Application) -> date | None:
    wave = application.wave
    return (
        application.decided_on or (wave.results_on if wave else None) or application.call.results_on
    )


def _not_before(application: Application) -> date | None:
    """The day before which nothing can have been decided: a permanent call decides as it goes."""
    call, wave = application.call, application.wave
    dates = [application.received_on, call.opens_on]
    if wave is not None:
        dates += [wave.opens_on, wave.closes_on]
    if not call.permanent:
        dates.append(call.closes_on)
    return max((each for each in dates if each is not None), default=None)


def parts_on(parts: Parts, asked: AsOf) -> Parts:
    """Without the projects, figures and studies of after that day; the undated stay."""
    if asked.is_today:
        return parts
    day = asked.day
    return replace(
        parts,
        projects=[each for each in parts.projects if (each["begins_on"] or day) <= day],
        figures=[each for each in parts.figures if each["year"] <= day.year],
        studies=[each for each in parts.studies if (each["year"] or day.year) <= day.year],
    )


@dataclass(frozen=True)
class PoleThen:
    """What the dates of the pole itself say of the day."""

    founded_later: bool
    founded_that_year: bool
    closed: bool
    # A source of 2024 says nothing of 2021.
    maturity_known: bool


def pole_on(pole: Pole, asked: AsOf) -> PoleThen:
    year, closed_on = pole.founding_year, pole.closed_on
    closed = closed_on is not None and closed_on <= asked.day
    too_late = pole.maturity_year is not None and pole.maturity_year > asked.day.year
    not_yet_closed = pole.maturity == Maturity.CLOSED and closed_on is not None and not closed
    return PoleThen(
        founded_later=year is not None and year > asked.day.year,
        founded_that_year=not asked.is_today and year == asked.day.year,
        closed=closed,
        maturity_known=asked.is_today or not (too_late or not_yet_closed),
    )
