"""A new organisation that several proposals name: the first accepted makes it, others find it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from core.text import normalise
from members.kinds import OrganisationKind
from members.models import Organisation
from poles.models import Pole, Proposal
from poles.record import Change
from poles.record.fields import Json
from poles.record.rows import COLLECTIONS, is_new, split_key

_SEVERAL = (
    "Plusieurs organisations de ce nom sont arrivées au registre depuis cette proposition\u00a0: "
    "refusez ce changement, et ajoutez la bonne depuis la fiche."
)


def arrived_since(proposal: Proposal, changes: Iterable[Change]) -> dict[str, list[Organisation]]:
    """By key of a change, the organisations that may be the new one that it describes.

    That of its SIREN; else those of its name that its author could not have been shown, not being
    there yet. A statement, or none where nothing new is described.
    """
    described = {
        change.key: change.after["organisation"]
        for change in changes
        if isinstance(change.after, dict) and isinstance(change.after.get("organisation"), dict)
    }
    if not described:
        return {}
    sirens = {each["siren"] for each in described.values() if each.get("siren")}
    unnumbered = [each for each in described.values() if not each.get("siren")]
    names = {normalise(str(each.get("name") or "")) for each in unnumbered} - {""}
    known = _known(proposal, sirens, names)
    found: dict[str, list[Organisation]] = {}
    for key, new in described.items():
        if new.get("siren"):
            found[key] = [e for e in known if e.siren == new["siren"]]
        else:
            name = normalise(str(new.get("name") or ""))
            found[key] = [e for e in known if e.normalised_name == name and _may_be(e, new)]
    return {key: each for key, each in found.items() if each}


def _known(proposal: Proposal, sirens: set[str], names: set[str]) -> list[Organisation]:
    """Those of the SIREN, and those of the names that came after the proposal."""
    versions: Any = Organisation.pgh_event_model  # type: ignore[attr-defined]
    before = versions.objects.filter(
        pgh_obj_id=OuterRef("pk"), pgh_created_at__lte=proposal.created_at
    )
    came = Q(normalised_name__in=names) & ~Exists(before)
    return list(Organisation.objects.filter(Q(siren__in=sirens) | came).order_by("pk"))


def _may_be(known: Organisation, new: Mapping[str, Any]) -> bool:
    kind = new.get("kind") or OrganisationKind.UNKNOWN
    return OrganisationKind.UNKNOWN in (kind, known.kind) or kind == known.kind


def met(pole: Pole, proposal: Proposal, changes: Iterable[Change]) -> list[Change]:
    """``changes`` with the organisations that came meanwhile, and without what is there already.

    Raises ValidationError, by key, where several may be the one that is described.
    """
    changes = list(changes)
    arrived = arrived_since(proposal, changes)
    for key, candidates in arrived.items():
        if len(candidates) > 1:
            raise ValidationError({key: _SEVERAL})
    changes = [
        replace(each, after={**each.after, "organisation": arrived[each.key][0].pk})
        if each.key in arrived and isinstance(each.after, dict)
        else each
        for each in changes
    ]
    rows = _rows_of(pole) if any(_comes(each) for each in changes) else []
    return [each for each in changes if not (_comes(each) and _plain(each.after) in rows)]


def _comes(change: Change) -> bool:
    collection, row = split_key(change.key)
    return collection is COLLECTIONS["members"] and is_new(row)


def _rows_of(pole: Pole) -> list[dict[str, Json]]:
    members = COLLECTIONS["members"]
    return [_plain(members.read(row)) for row in members.all(pole)]


def _plain(row: Any) -> dict[str, Json]:
    return {name: row.get(name) for name in ("organisation", "role", "begins_on", "ends_on")}
