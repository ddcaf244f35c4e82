"""Members that are no organisation of the registry yet: made in the same save."""

import pytest
from django.core.exceptions import ValidationError

from members.models import Organisation
from poles.models import Membership
from poles.proposals import answer, propose
from poles.recognition import BreaksRecognition
from poles.record import Change, Texts, write
from tests.factories import OrganisationFactory, PoleFactory, UserFactory, valid_siren
from tests.poles.recognised import recognised

pytestmark = pytest.mark.django_db

SCHOOL = {"name": "École d’essai", "kind": "formation", "is_legal_person": True}


def come(organisation, number: int = 1, **values) -> Change:
    row = {"organisation": organisation, "role": "actif", "begins_on": None, "ends_on": None}
    return Change(f"members/+{number}", None, {**row, "source_words": "", **values})


def leave(membership: Membership) -> Change:
    return Change(f"members/{membership.pk}", row_of(membership), None)


def row_of(membership: Membership) -> dict:
    return {
        "organisation": membership.organisation_id,
        "role": membership.role,
        "begins_on": None,
        "ends_on": None,
        "source_words": "",
    }


def test_a_new_organisation_comes_with_its_membership() -> None:
    pole, user = PoleFactory(), UserFactory()
    write(pole, [come({**SCHOOL, "source": "Son site"}, role="partenaire")], by=user)
    membership = pole.memberships.get()
    assert (membership.organisation.name, membership.role) == ("École d’essai", "partenaire")
    assert {e.stated_by for e in membership.organisation.evidence.all()} == {user}


def test_who_replaces_a_member_keeps_the_recognition() -> None:
    pole, (_, _, school) = recognised()
    with pytest.raises(BreaksRecognition):
        write(pole, [leave(school)])
    after = write(pole, [leave(school), come(SCHOOL)])
    assert after.recognition == "reconnu"
    assert pole.memberships.count() == 3


def test_a_new_organisation_is_not_left_behind_by_a_save_that_fails() -> None:
    pole, (_, _, school) = recognised()
    with pytest.raises(BreaksRecognition):
        write(pole, [leave(school), come({"name": "Ni l’un ni l’autre"})])
    with pytest.raises(ValidationError) as caught:
        write(pole, [come(SCHOOL), come({"name": "Sans clé", "siren": "123456789"}, 2)])
    assert "members/+2" in caught.value.message_dict
    assert not Organisation.objects.filter(name__in=["Ni l’un ni l’autre", SCHOOL["name"]]).exists()


def test_of_two_members_with_one_number_only_one_is_made() -> None:
    siren = valid_siren(99_345_678)
    known = OrganisationFactory(siren=siren)
    pole = PoleFactory()
    write(pole, [come({"name": "La même", "siren": siren})])
    assert pole.memberships.get().organisation == known


def test_a_proposal_makes_the_organisation_once_it_is_accepted() -> None:
    pole = PoleFactory(published=True)
    author, officer = UserFactory(), UserFactory(officer=True)
    waiting = propose(
        pole, [come(SCHOOL)], origin="redacteur", base_version=pole.version, author=author
    )
    assert not Organisation.objects.filter(name=SCHOOL["name"]).exists()
    answer(waiting, {"members/+1": True}, by=officer)
    assert pole.memberships.get().organisation.kind == "formation"


def test_it_is_named_before_it_is_made() -> None:
    change = come(SCHOOL)
    texts = Texts([{change.key: change.after}])
    assert texts.label(change.key, change.after) == "participation\u00a0: École d’essai (à créer)"
    assert "École d’essai (à créer)" in texts.text(change.key, change.after)
