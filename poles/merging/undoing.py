"""Making two of what was made one, as long as what was done still stands."""

from collections.abc import Iterable, Sequence
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from core.allowed import Allowed
from members.models import Organisation
from networks.models import User
from networks.permissions import can_merge, can_merge_named
from poles.merging.organisations import lock_organisations, poles_naming
from poles.merging.steps import (
    DELETE,
    INSERT,
    Step,
    changed_since,
    do,
    from_json,
    model_of,
)
from poles.models import Merge, Pole
from poles.recognition import settle_broken
from poles.record.fields import Field, Json
from poles.record.writing import check_now, compare_periods_at_the_end, told_in_french

_MOST_NAMED, _MOST_TOLD = 2, 5
_UNDONE = "Cette fusion a déjà été annulée."
_LATER = (
    "«\u00a0{}\u00a0» a été réunie depuis à «\u00a0{}\u00a0»\u00a0: annulez d’abord cette "
    "fusion-là."
)


def can_undo(user: User, merge: Merge, poles: Iterable[Pole]) -> Allowed:
    """Whoever may do it may undo it; ``poles``: those of `poles_of_merge`."""
    return can_merge(user, *poles) if merge.of_poles else can_merge_named(user, poles)


def poles_of_merge(merge: Merge) -> list[Pole]:
    """The two poles, or those that name the organisation, with who keeps them."""
    if not merge.of_poles:
        return poles_naming(merge.organisation or 0)
    rows = Pole.objects.filter(pk__in=[merge.pole_id, merge.merged_pole_id])
    return list(rows.select_related("seat").prefetch_related("networks", "coverage").order_by("pk"))


def undo(merge: Merge, *, by: User, reason: str, regularising: bool = False) -> Merge:
    """Makes two of what was made one, in one transaction on the locked rows.

    Raises PermissionDenied, `BreaksRecognition`, and ValidationError where something has changed
    since, with what it is.
    """
    with pghistory.context(user=by.pk, why=reason.strip()), told_in_french():
        _lock(merge)
        locked = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
        if locked.undone_at is not None:
            raise ValidationError(_UNDONE)
        allowed = can_undo(by, locked, poles_of_merge(locked))
        if not allowed:
            raise PermissionDenied(allowed.reason)
        if not reason.strip():
            raise ValidationError("Dites pourquoi ce ne sont pas des doublons.")
        steps = from_json(locked.steps)
        refused = why_not(locked, steps)
        if refused:
            raise ValidationError(refused)
        compare_periods_at_the_end()
        do([step.undone() for step in reversed(steps)])
        locked.undone_at, locked.undone_by = timezone.now(), by
        locked.undone_reason = reason.strip()
        locked.save(update_fields=["undone_at", "undone_by", "undone_reason"])
        settle_broken(regularising=regularising, officer=by, reason=reason.strip())
        check_now()
    return locked


def why_not(merge: Merge, steps: Sequence[Step] | None = None) -> list[str]:
    """What came since that keeps a merge from being undone, each in a sentence."""
    later = _later(merge)
    if later is not None:
        return [_LATER.format(later.merged_name, later.kept_name)]
    changed = changed_since(from_json(merge.steps) if steps is None else steps)
    return _told(changed)


def _later(merge: Merge) -> Merge | None:
    """The merge by which the record that this one kept was itself merged away."""
    live = Merge.objects.filter(undone_at=None)
    if merge.of_poles:
        return live.filter(merged_pole=merge.pole_id).first()
    return live.filter(merged_organisation=merge.organisation).first()


def _lock(merge: Merge) -> None:
    if merge.of_poles:
        poles = Pole.objects.select_for_update(of=("self",))
        list(poles.filter(pk__in=[merge.pole_id, merge.merged_pole_id]).order_by("pk"))
    else:
        lock_organisations(merge.organisation or 0)


def _told(changed: Sequence[Step]) -> list[str]:
    """A sentence for each row, by name for the first sorts of them, by number beyond."""
    by_model: dict[str, list[Step]] = {}
    for step in changed:
        by_model.setdefault(step.model, []).append(step)
    told = []
    for place, (label, steps) in enumerate(by_model.items()):
        model: Any = model_of(label)
        what = _capital(str(model._meta.verbose_name))
        if place >= _MOST_NAMED:
            told.append(f"{what}\u00a0: {len(steps)} ont changé depuis.")
            continue
        named = [each.name for each in model._meta.fields if each.is_relation and not each.null]
        rows = model._base_manager.select_related(*named) if named else model._base_manager
        known = rows.in_bulk([step.pk for step in steps])
        told += [_sentence(what, step, known.get(step.pk)) for step in steps[:_MOST_TOLD]]
        if len(steps) > _MOST_TOLD:
            told.append(f"{what}\u00a0: et {len(steps) - _MOST_TOLD} de plus.")
    return list(dict.fromkeys(told))


def _sentence(what: str, step: Step, row: Any) -> str:
    if step.act == DELETE or row is None:
        return f"{what} n° {step.pk}\u00a0: effacé depuis, ou revenu autrement."
    if step.act == INSERT or not isinstance(row, Organisation | Pole):
        return f"{what} «\u00a0{row}\u00a0»\u00a0: a changé depuis."
    columns = [_label(type(row), name, row, value) for name, value in step.after.items()]
    return f"«\u00a0{row}\u00a0»\u00a0: {', '.join(filter(None, columns))} a changé depuis."


def _label(model: Any, name: str, row: Any, value: Json) -> str:
    column = next(each for each in model._meta.concrete_fields if each.attname == name)
    return "" if Field(column.name, model).read(row) == value else str(column.verbose_name)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
