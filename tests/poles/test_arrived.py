"""A new organisation that several proposals name is made once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from members.models import Organisation
from poles.models import Pole, Proposal
from poles.proposals import answer, propose
from poles.record import Change
from tests.factories import OrganisationFactory, PoleFactory, UserFactory, valid_siren
from tests.html import assert_clean_html

pytestmark = pytest.mark.django_db


def wanted(name: str = "Atelier d’ailleurs", role: str = "actif", **more: Any) -> dict[str, Any]:
    return {
        "organisation": {"name": name, **more},
        "role": role,
        "begins_on": None,
        "ends_on": None,
        "source_words": "",
    }


def proposed(pole: Pole, row: dict[str, Any], *, days: int = 1) -> Proposal:
    """A proposal of ``days`` ago; what the test makes is of today."""
    pole.refresh_from_db()
    made = propose(
        pole,
        [Change("members/+1", None, row)],
        origin="redacteur",
        base_version=pole.version,
        author=UserFactory(),
    )
    Proposal.objects.filter(pk=made.pk).update(created_at=made.created_at - timedelta(days=days))
    return Proposal.objects.get(pk=made.pk)


def accept(proposal: Proposal) -> Proposal:
    return answer(proposal, {"members/+1": True}, by=UserFactory(officer=True))


def named(name: str = "Atelier d’ailleurs") -> list[Organisation]:
    return list(Organisation.objects.filter(name__iexact=name).order_by("pk"))


def test_on_several_poles_it_is_made_once() -> None:
    poles = [PoleFactory(published=True) for _ in range(3)]
    names = ("Atelier d’ailleurs", "ATELIER D’AILLEURS", "atelier d’ailleurs")
    made = [proposed(pole, wanted(name)) for pole, name in zip(poles, names, strict=True)]
    for each in made:
        assert accept(each).state == "acceptee"
    [organisation] = named()
    assert [pole.memberships.get().organisation for pole in poles] == [organisation] * 3


def test_on_one_pole_it_joins_once() -> None:
    pole = PoleFactory(published=True)
    first, second = proposed(pole, wanted()), proposed(pole, wanted())
    accept(first)
    assert accept(second).state == "acceptee"
    assert pole.memberships.get().organisation == named()[0]


def test_another_place_in_the_same_pole_is_told() -> None:
    pole = PoleFactory(published=True)
    first, second = proposed(pole, wanted()), proposed(pole, wanted(role="partenaire"))
    accept(first)
    with pytest.raises(ValidationError, match="participe déjà"):
        accept(second)
    assert len(named()) == 1


def test_a_known_organisation_that_two_people_propose_joins_once() -> None:
    pole, known = PoleFactory(published=True), OrganisationFactory()
    row = wanted() | {"organisation": known.pk}
    first, second = proposed(pole, row), proposed(pole, row)
    accept(first)
    accept(second)
    assert pole.memberships.get().organisation == known


def test_a_siren_finds_its_own_whatever_the_name() -> None:
    number = valid_siren(731)
    known = OrganisationFactory(name="Tout autre nom", siren=number)
    pole = PoleFactory(published=True)
    accept(proposed(pole, wanted(siren=number)))
    assert pole.memberships.get().organisation == known
    assert named() == []


def test_who_was_there_before_was_shown_to_the_author_and_is_another() -> None:
    homonym = OrganisationFactory(name="Atelier d’ailleurs")
    pole = PoleFactory(published=True)
    accept(proposed(pole, wanted(), days=0))
    assert pole.memberships.get().organisation != homonym
    assert len(named()) == 2


def test_another_kind_is_another_organisation() -> None:
    one, two = PoleFactory(published=True), PoleFactory(published=True)
    first = proposed(one, wanted(kind="association"))
    second = proposed(two, wanted(kind="collectivite"))
    accept(first)
    accept(second)
    assert len(named()) == 2


def test_several_of_that_name_are_a_person_s_to_tell_apart() -> None:
    pole = PoleFactory(published=True)
    made = proposed(pole, wanted())
    for _ in range(2):
        OrganisationFactory(name="Atelier d’ailleurs")
    with pytest.raises(ValidationError, match="Plusieurs organisations de ce nom"):
        accept(made)
    assert not pole.memberships.exists()


def test_the_page_says_that_it_came_meanwhile(client: Client) -> None:
    pole = PoleFactory(published=True)
    made = proposed(pole, wanted())
    client.force_login(UserFactory(officer=True))
    address = f"/espace/propositions/{made.pk}/"
    assert "arrivée au registre" not in client.get(address).content.decode()
    known = OrganisationFactory(name="Atelier d’ailleurs")
    html = client.get(address).content.decode()
    assert_clean_html(html)
    assert "Elle est arrivée au registre depuis" in html
    assert f"/espace/organisations/{known.pk}/" in html
