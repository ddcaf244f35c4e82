"""The addresses of new records, for many at once."""

from collections import Counter
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from core.text import slug_of


def new_slugs(names: Sequence[str], *taken_in: QuerySet[Any]) -> list[str]:
    """An address for each name, in their order, that none of ``taken_in`` has as its ``slug``.

    Two statements at most for each of ``taken_in``, however many the names.
    """
    bases = [slug_of(name, ()) for name in names]
    taken = _slugs(Q(slug__in=set(bases)), taken_in)
    crowded = taken | {base for base, number in Counter(bases).items() if number > 1}
    if crowded:
        taken |= _slugs(reduce(or_, (Q(slug__startswith=f"{b}-") for b in crowded)), taken_in)
    given = []
    for name in names:
        slug = slug_of(name, taken)
        taken.add(slug)
        given.append(slug)
    return given


def _slugs(condition: Q, rows: Sequence[QuerySet[Any]]) -> set[str]:
    return {slug for each in rows for slug in each.filter(condition).values_list("slug", flat=True)}
