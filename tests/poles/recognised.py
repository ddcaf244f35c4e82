"""Poles whose composition is satisfied, each of their members being needed."""

from datetime import date
from typing import Any

from poles.models import Membership, Pole
from tests.factories import MembershipFactory, OrganisationFactory, PoleFactory

TRIO: tuple[dict[str, Any], ...] = (
    {"kind": "entreprise"},
    {"kind": "ess"},
    {"kind": "formation", "is_legal_person": True},
)


def trio(**pole: Any) -> tuple[Pole, list[Membership]]:
    """A pole, and its three members: a company, an ESS entity, a training body."""
    made = PoleFactory(**pole)
    return made, [
        MembershipFactory(pole=made, organisation=OrganisationFactory(**facts)) for facts in TRIO
    ]


def recognised(**pole: Any) -> tuple[Pole, list[Membership]]:
    """The same, recognised; the check waits for the commit as it always does."""
    made, members = trio(**pole)
    made.refresh_from_db()
    made.recognition = "reconnu"
    made.recognition_on = date(2026, 1, 15)
    made.recognition_reason = "Dossier complet"
    made.save()
    return made, members
