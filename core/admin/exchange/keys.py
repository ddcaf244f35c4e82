"""How a file names a row: by the codes that people know, before the database's own numbers."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import models

Names = tuple[str, ...]
_BETWEEN = "/"
_declared: dict[type[models.Model], tuple[Names, ...]] = {}


def declare(model: type[models.Model], *alternatives: Names) -> None:
    """``alternatives``: columns that name one row together, the best first; ``call__code`` is one.

    A row is written by the first of which nothing is empty, and read by any.
    """
    _declared[model] = alternatives


def alternatives(model: type[models.Model]) -> tuple[Names, ...]:
    if model in _declared:
        return _declared[model]
    unique = [f.name for f in model._meta.concrete_fields if f.unique and not f.primary_key]
    return tuple((name,) for name in unique) or (("pk",),)


def paths(model: type[models.Model]) -> list[str]:
    """The relations that naming a row of ``model`` follows."""
    return sorted({n.rpartition("__")[0] for each in alternatives(model) for n in each} - {""})


def key_of(obj: models.Model) -> str:
    for names in alternatives(obj._meta.concrete_model or type(obj)):
        parts = [_part(obj, name) for name in names]
        if all(parts):
            return _BETWEEN.join(parts)
    return str(obj.pk)


def _part(obj: object, name: str) -> str:
    for step in name.split("__"):
        obj = getattr(obj, step, None)
    return "" if obj is None else str(obj)


def find(queryset: models.QuerySet, texts: Iterable[str]) -> dict[str, set[int]]:
    """The primary keys that each text may name: none, one, or several; a statement a way of naming.

    The best way that names anything wins.
    """
    found: dict[str, set[int]] = defaultdict(set)
    left = set(texts)
    for names in alternatives(queryset.model):
        wanted = {_parts(text, names): text for text in left}
        wanted.pop((), None)
        if not wanted:
            continue
        last = names[-1]
        rows = queryset.filter(**{f"{last}__in": [parts[-1] for parts in wanted]}).order_by()
        for pk, *values in rows.values_list("pk", *names):
            text = wanted.get(tuple(map(str, values)))
            if text is not None:
                found[text].add(pk)
        left -= set(found)
    return dict(found)


def _parts(text: str, names: Names) -> Names:
    parts = tuple(text.split(_BETWEEN, len(names) - 1))
    if len(parts) != len(names) or (names[-1] == "pk" and not parts[-1].isdecimal()):
        return ()
    # A number by which an enterprise is known is often written by threes.
    bare = ["".join(part.split()) for part in parts]
    return tuple(b if b.isdecimal() else part.strip() for b, part in zip(bare, parts, strict=True))
