"""The day that a page is asked for with ``au=``: the day of the facts, not of their recording."""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils import timezone

from calls.models import Application
from poles.models import Pole, RecognitionDecision


@dataclass(frozen=True)
class AsOf:
    """``day`` is today unless another was asked for; ``message`` says what was left aside."""

    day: date
    today: date
    message: str = ""

    @property
    def is_today(self) -> bool:
        return self.day == self.today


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


def recognition_on(pole: Pole, day: date) -> RecognitionDecision | None:
    """The decision in force that day; one statement."""
    decisions = pole.recognition_decisions.filter(decided_on__lte=day)
    return decisions.order_by("-decided_on", "-id").first()


def known_on(applications: list[Application], day: date) -> list[Application]:
    """Those that were out that day: what has no date is kept, and shown as today."""

    def out(each: Application) -> bool:
        decided = each.decided_on or (each.wave and each.wave.results_on) or each.call.results_on
        begun = decided or each.call.opens_on
        return begun is None or begun <= day

    return [each for each in applications if out(each)]
