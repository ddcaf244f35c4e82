"""Recognition under article 9: an officer's entry, never a label nor a right to aid.

Each process is one transaction on the locked row of the pole. The database refuses what does not
hold (``poles/sql/article9.sql``, ``poles/sql/recognition.sql``) and keeps each decision with the
verdict of its day.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from core.admin.refusals import refusal
from core.allowed import Allowed
from networks.models import User
from poles.article9 import Assessment, Verdict
from poles.composition import assess_pole
from poles.models import Pole, PoleQuerySet, Recognition
from poles.notices import tell_of_regularisation
from poles.sentences import fallen, headline

_CHECK = "poles_pole_recognised"


def can_decide_recognition(user: User, pole: Pole) -> Allowed:
    """Recognising, regularising, withdrawing and excepting are the ministry's."""
    if not (user.is_authenticated and user.is_officer):
        return Allowed("Seul un agent du ministère décide de la reconnaissance d’un pôle.")
    return Allowed()


def recognise(
    pole: Pole,
    officer: User,
    reason: str,
    *,
    on: date | None = None,
    exception_until: date | None = None,
    exception_reason: str = "",
) -> Pole:
    """Recognises the pole, or gives it a dated exception.

    Raises ValidationError with the reasons if its composition does not satisfy `MINIMUM` and no
    exception is given.
    """
    return _decide(
        pole,
        officer,
        recognition=Recognition.RECOGNISED,
        recognition_on=on or timezone.localdate(),
        recognition_reason=reason,
        regularise_by=None,
        heard_on=None,
        exception_until=exception_until,
        exception_reason=exception_reason,
    )


def withdraw(
    pole: Pole, officer: User, reason: str, *, heard_on: date, on: date | None = None
) -> Pole:
    """Withdraws the recognition, after the pole was heard."""
    return _decide(
        pole,
        officer,
        recognition=Recognition.WITHDRAWN,
        recognition_on=on or timezone.localdate(),
        recognition_reason=reason,
        regularise_by=None,
        heard_on=heard_on,
        exception_until=None,
        exception_reason="",
    )


def regularise(
    pole: Pole,
    reason: str,
    *,
    officer: User | None = None,
    days: int | None = None,
) -> Pole:
    """Moves a recognised pole to regularisation, and writes to those concerned.

    ``days``: the delay, `settings.REGULARISATION_DAYS` if not given.
    """
    today = timezone.localdate()
    delay = timedelta(days=settings.REGULARISATION_DAYS if days is None else days)
    moved = _decide(
        pole,
        officer,
        recognition=Recognition.REGULARISATION,
        recognition_on=today,
        recognition_reason=reason,
        regularise_by=today + delay,
        heard_on=None,
        exception_until=None,
        exception_reason="",
    )
    tell_of_regularisation(moved, assess_pole(moved))
    return moved


def _decide(pole: Pole, officer: User | None, **values: object) -> Pole:
    try:
        with transaction.atomic():
            locked = Pole.objects.select_for_update(of=("self",)).get(pk=pole.pk)
            for name, value in values.items():
                setattr(locked, name, value)
            locked.recognition_officer = officer
            locked.full_clean(exclude={f.name for f in Pole._meta.fields} - {*values})
            locked.save(update_fields=[*values, "recognition_officer", "version"])
            _check_now()
    except IntegrityError as error:
        raise ValidationError(refused_message(error)) from error
    return locked


def _check_now() -> None:
    """What is checked at the commit is checked here, where it can still be told."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refused_message(error: IntegrityError) -> str:
    """The French message of the rule that the database refused with."""
    message = refusal(error)
    if not message:
        raise error
    return message


@dataclass(frozen=True)
class Broken:
    """A recognised pole whose composition a change would break, and the role that falls away."""

    pole: Pole
    falls: str


class BreaksRecognition(Exception):  # noqa: N818
    """The change would break recognised poles, and nobody accepted their regularisation.

    ``broken`` reads the poles as they were before: it is for when the change is undone.
    """

    def __init__(self, after: dict[int, Assessment]) -> None:
        super().__init__(f"{len(after)}")
        self.after = after

    @cached_property
    def broken(self) -> list[Broken]:
        poles = Pole.objects.filter(pk__in=self.after).order_by("pk")
        return [Broken(pole, _falls(assess_pole(pole), self.after[pole.pk])) for pole in poles]


def settle_broken(*, regularising: bool, officer: User | None = None, reason: str = "") -> None:
    """Before the commit of a change of members or of facts, whatever made it.

    Recognised poles that it broke move to regularisation, with ``regularising``; without, raises
    `BreaksRecognition`, and the change is to be undone.
    """
    broken = broken_poles()
    assessments = {pole.pk: assess_pole(pole) for pole in broken}
    if broken and not regularising:
        raise BreaksRecognition(assessments)
    for pole in broken:
        regularise(pole, reason or headline(assessments[pole.pk]), officer=officer)


@contextmanager
def guarded(*, regularising: bool, officer: User | None = None, reason: str = "") -> Iterator[None]:
    """One transaction for such a change; see `settle_broken`."""
    with transaction.atomic():
        yield
        settle_broken(regularising=regularising, officer=officer, reason=reason)


def _falls(before: Assessment, after: Assessment) -> str:
    return fallen(before, after) or headline(after)


def recognised_without_exception() -> PoleQuerySet:
    today = timezone.localdate()
    return Pole.objects.filter(recognition=Recognition.RECOGNISED).filter(
        Q(exception_until=None) | Q(exception_until__lt=today)
    )


def broken_poles() -> list[Pole]:
    """Recognised poles that this transaction has broken: their kept verdict says so already.

    An exception that ended last night says so too, and is nobody's save: the check of the commit,
    which reads only the rows that were written, tells whether there is anything to ask.
    """
    broken = recognised_without_exception().exclude(verdict=Verdict.SATISFIED).order_by("pk")
    found = list(broken)
    return found if found and _would_be_refused() else []


def _would_be_refused() -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS poles_pole_recognised IMMEDIATE")
            cursor.execute("SET CONSTRAINTS poles_pole_recognised DEFERRED")
    except IntegrityError:
        return True
    return False


def broken_by_time() -> list[Pole]:
    """Recognised poles that the calendar alone has broken, an exception that ended included."""
    return list(
        recognised_without_exception()
        .with_verdict()
        .exclude(Q(verdict_on_day=Verdict.SATISFIED))
        .order_by("pk")
    )


def regularise_if_broken(pole: Pole) -> bool:
    """Moves the pole to regularisation if it is still recognised, and still broken, once locked."""
    with transaction.atomic():
        locked = recognised_without_exception().select_for_update(of=("self",)).filter(pk=pole.pk)
        found = locked.order_by().first()
        if found is None:
            return False
        assessment = assess_pole(found)
        if assessment.verdict == Verdict.SATISFIED:
            return False
        regularise(found, headline(assessment))
        return True


def refresh_stale_verdicts() -> int:
    """Writes anew the verdicts that the calendar has passed; how many."""
    stale = Pole.objects.filter(verdict_until__lte=timezone.localdate()).order_by("pk")
    # The database computes the verdict, whatever is written.
    return sum(
        Pole.objects.filter(pk=pk).update(verdict=F("verdict"))
        for pk in stale.values_list("pk", flat=True)
    )


def overdue() -> PoleQuerySet:
    """Poles in regularisation whose delay has passed: an officer must decide."""
    return Pole.objects.filter(
        recognition=Recognition.REGULARISATION, regularise_by__lt=timezone.localdate()
    ).order_by("regularise_by", "pk")
