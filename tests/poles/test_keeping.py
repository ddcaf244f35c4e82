"""Who may change an organisation: those who keep the poles that it is in."""

import pytest

from poles.keeping import NOT_YOURS, OF_OTHERS_TOO, can_write_organisation, poles_of
from tests.factories import MembershipFactory, OrganisationFactory, PoleFactory, UserFactory
from tests.workspace.staff import kept

pytestmark = pytest.mark.django_db


def in_poles(*poles, **values):
    organisation = OrganisationFactory(**values)
    for pole in poles:
        MembershipFactory(pole=pole, organisation=organisation)
    return organisation


def test_officers_change_any_and_who_has_no_network_none() -> None:
    organisation = in_poles()
    assert can_write_organisation(UserFactory(officer=True), organisation)
    assert "aucun réseau" in can_write_organisation(UserFactory(), organisation).reason


def test_who_writes_one_of_its_poles_changes_it() -> None:
    draft, published = kept(), kept(published=True)
    assert can_write_organisation(draft.editor, in_poles(draft.pole))
    assert can_write_organisation(published.manager, in_poles(published.pole))
    assert can_write_organisation(published.editor, in_poles(published.pole)).reason == NOT_YOURS
    assert can_write_organisation(draft.stranger, in_poles(draft.pole)).reason == NOT_YOURS
    assert can_write_organisation(draft.editor, in_poles()).reason == NOT_YOURS


def test_what_is_in_published_poles_of_others_too_is_proposed() -> None:
    mine, theirs = kept(published=True), kept(published=True)
    organisation = in_poles(mine.pole, theirs.pole)
    assert can_write_organisation(mine.manager, organisation).reason == OF_OTHERS_TOO
    # A draft of others shows it to nobody.
    assert can_write_organisation(mine.manager, in_poles(mine.pole, kept().pole))


def test_the_pole_that_it_joins_counts() -> None:
    mine, theirs = kept(), kept(published=True)
    assert can_write_organisation(mine.editor, in_poles(), joining=[mine.pole])
    elsewhere = in_poles(theirs.pole)
    assert not can_write_organisation(mine.editor, elsewhere, joining=[mine.pole])


def test_the_poles_of_an_organisation_are_read_at_once(django_assert_num_queries) -> None:
    own = OrganisationFactory()
    record = kept(legal_person=own)
    MembershipFactory(organisation=own, ends_on="2020-01-01", pole=PoleFactory())
    MembershipFactory(organisation=own, begins_on="2021-01-01", pole=PoleFactory())
    with django_assert_num_queries(3):
        found = poles_of(own)
        assert [pole.scope().published for pole in found] == [False, False, False]
    assert record.pole in found
