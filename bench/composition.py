"""What article 9 costs: verdicts in Python, all of them in the database, and saving members.

In a process of its own, on the database of the largest size; writes JSON. Nothing is kept.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from catalogue.bitmaps import bitmaps, forget_bitmaps  # noqa: E402
from members.models import Organisation  # noqa: E402
from poles.article9 import MINIMUM, verdict  # noqa: E402
from poles.composition import composition_of  # noqa: E402
from poles.models import Membership, Pole, Recognition  # noqa: E402

_POLES, _MEMBERSHIPS = 100, 1000
_TIMES = 7
# Each with its table; what the other triggers of those tables cost is in both measures.
_TRIGGERS = {
    "poles_pole_verdict": "poles_pole",
    "poles_pole_recognised": "poles_pole",
    "poles_pole_decided": "poles_pole",
    "poles_pole_decided_again": "poles_pole",
    "poles_membership_organisation": "poles_membership",
}


def python_verdicts_a_second() -> float:
    poles = Pole.objects.prefetch_related("memberships__organisation").order_by("pk")[:200]
    compositions = [composition_of(pole, pole.memberships.all()) for pole in poles]
    today = timezone.localdate()

    def all_of_them() -> None:
        for composition in compositions:
            verdict(composition, MINIMUM, today, today)

    return len(compositions) / min(_seconds(all_of_them) for _ in range(_TIMES))


def all_verdicts_seconds() -> float:
    """Every pole of the database, in one statement."""

    def compute() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT verdict, count(*) FROM poles_verdicts('minimum',"
                " array(SELECT id FROM poles_pole), %s) GROUP BY 1",
                [timezone.localdate()],
            )

    return min(_seconds(compute) for _ in range(_TIMES))


def facets_read_seconds() -> float:
    """What the first list after a publication pays once, for all the lists until the next."""

    def read() -> None:
        forget_bitmaps()
        bitmaps()

    return min(_seconds(read) for _ in range(_TIMES))


def saving_with_to_without() -> dict[str, float]:
    """The time of one transaction with the triggers, in multiples of the time without."""
    recognised = Pole.objects.filter(recognition=Recognition.RECOGNISED).order_by("pk")
    others = Pole.objects.exclude(recognition=Recognition.RECOGNISED).order_by("pk")
    # As many recognised ones as there are, up to half: those are checked at the commit too.
    poles = [*recognised[: _POLES // 2], *others[:_POLES]][:_POLES]
    organisations = list(Organisation.objects.order_by("pk")[: _MEMBERSHIPS // _POLES])

    def rows() -> Iterator[Membership]:
        for pole in poles:
            taken = set(pole.memberships.values_list("organisation_id", flat=True))
            free = [each for each in organisations if each.pk not in taken]
            for organisation in free:
                yield Membership(pole=pole, organisation=organisation)

    def one_by_one(made: list[Membership]) -> None:
        for each in made:
            each.pk = None
            each._state.adding = True
            each.save()

    ways: dict[str, Callable[[list[Membership]], object]] = {
        "together": lambda made: Membership.objects.bulk_create(made),
        "one_by_one": one_by_one,
    }
    made = list(rows())
    ratios = {}
    for name, save in ways.items():
        ratios[name] = median(
            _saved(made, save) / _saved_without(made, save) for _ in range(_TIMES)
        )
    return ratios


def _saved(made: list[Membership], save: Callable[[list[Membership]], object]) -> float:
    for each in made:
        each.pk = None
        each._state.adding = True
    with transaction.atomic():
        begun = time.perf_counter()
        save(made)
        with connection.cursor() as cursor:
            # What the commit would do.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        taken = time.perf_counter() - begun
        transaction.set_rollback(True)
    return taken


def _saved_without(made: list[Membership], save: Callable[[list[Membership]], object]) -> float:
    with _no_triggers():
        return _saved(made, save)


@contextmanager
def _no_triggers() -> Iterator[None]:
    _alter("DISABLE")
    try:
        yield
    finally:
        _alter("ENABLE")


def _alter(action: str) -> None:
    with connection.cursor() as cursor:
        for trigger, table in _TRIGGERS.items():
            cursor.execute(f"ALTER TABLE {table} {action} TRIGGER {trigger}")


def _seconds(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


if __name__ == "__main__":
    told = {
        "python_verdicts_a_second": python_verdicts_a_second(),
        "all_verdicts_seconds": all_verdicts_seconds(),
        "facets_read_seconds": facets_read_seconds(),
        **{f"saving_{way}": ratio for way, ratio in saving_with_to_without().items()},
    }
    sys.stdout.write(json.dumps(told))
