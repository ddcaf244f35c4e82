"""Where a merged pole is found, what its versions say, and how both histories tell of it."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from networks.models import User
from poles.merging.undoing import undo
from poles.models import Pole
from poles.record import current_values
from poles.record.history import history_of
from poles.record.returning import aligned, changes_back
from poles.record.versions import values_at
from poles.voice import heard, link_of
from tests.breaking import update
from tests.factories import (
    MembershipFactory,
    NetworkStaffFactory,
    OrganisationFactory,
    PoleFactory,
)
from tests.poles.mails import mails
from tests.poles.merging.pairs import WHY, merge, pair
from tests.poles.merging.state import said
from tests.poles.remembering import remembered

pytestmark = pytest.mark.django_db


def test_a_chain_leads_to_the_one_that_stands(officer: User, client: Client) -> None:
    first, second = pair()
    third = PoleFactory(published=True)
    before = said()
    one = merge(second, first, officer)
    two = merge(third, Pole.objects.get(pk=second.pk), officer)
    first.refresh_from_db()
    assert first.merged_into == third
    with pytest.raises(ValidationError, match="annulez d’abord"):
        undo(one, by=officer, reason="Deux.")
    for each in (first, second):
        moved = client.get(f"/poles/{each.slug}/")
        assert (moved.status_code, moved["Location"]) == (301, f"/poles/{third.slug}/")
    undo(two, by=officer, reason="Deux.")
    undo(one, by=officer, reason="Deux.")
    assert said() == before


def test_the_public_finds_the_one_that_stands(officer: User, client: Client) -> None:
    kept, merged = pair(contact_email="contact@zorglub.exemple.invalid")
    update(merged, slug="zorglub-avant")
    merged.refresh_from_db()
    link = link_of(merged).split("/")[2]
    merge(kept, merged, officer)
    for slug in ("ptce-zorglub", "zorglub-avant"):
        moved = client.get(f"/poles/{slug}/")
        assert (moved.status_code, moved["Location"]) == (301, f"/poles/{kept.slug}/")
        moved = client.get(f"/poles/{slug}/corriger/")
        assert moved.status_code in {301, 302}
    assert "zorglub-avant" not in client.get("/poles/", {"q": "zorglub"}).content.decode()
    found = heard(link)
    assert found is not None
    assert found.pole == kept
    # Whoever has another contact does not speak for it.
    update(kept, contact_email="autre@zorglub.exemple.invalid")
    assert heard(link) is None


def test_versions_from_before_are_read_and_brought_back(officer: User) -> None:
    kept, merged = pair()
    MembershipFactory(pole=kept)
    MembershipFactory(pole=merged)
    kept.refresh_from_db()
    merged.refresh_from_db()
    seen = {each.pk: (each.version, remembered(each)) for each in (kept, merged)}
    merge(kept, merged, officer)
    for pole in (kept, merged):
        number, values = seen[pole.pk]
        assert values_at(pole, number) == values
    pole = Pole.objects.get(pk=kept.pk)
    today = current_values(pole)
    back = {
        change.key
        for change in changes_back(aligned(values_at(pole, seen[pole.pk][0]), today), today)
    }
    assert "acronym" in back
    assert any(key.startswith("members/") for key in back)


def test_both_histories_tell_it(officer: User) -> None:
    kept, merged = pair()
    MembershipFactory(pole=merged, organisation=OrganisationFactory(name="Les Zorglub"))
    made = merge(kept, merged, officer)

    def told(pole: Pole) -> list[str]:
        return [s.text for each in history_of(pole)[0] for s in each.sentences]

    assert f"«\u00a0PTCE Zorglub\u00a0», son double, y est réuni\u00a0: {WHY}" in told(kept)
    assert "La participation de Les Zorglub (membre actif) vient d’une autre fiche." in told(kept)
    assert f"La fiche est réunie à «\u00a0Pôle Zorglub\u00a0»\u00a0: {WHY}" in told(merged)
    undo(made, by=officer, reason="Deux pôles.")
    assert "«\u00a0PTCE Zorglub\u00a0» n’y est plus réuni\u00a0: Deux pôles." in told(kept)


def test_those_who_answer_for_it_are_told(
    officer: User, django_capture_on_commit_callbacks: Any
) -> None:
    kept, merged = pair()
    manager = NetworkStaffFactory(network=kept.reference_network, role="responsable").user
    with django_capture_on_commit_callbacks(execute=True):
        merge(kept, merged, officer)
    (sent,) = [each for each in mails() if each.to == manager.email]
    assert "son double y est réuni" in sent.subject
    assert WHY in sent.text
