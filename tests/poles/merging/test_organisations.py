"""Two organisations become one: what follows, what is refused, and everything back when undone."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from members.finding import find
from members.models import Organisation, RegisterCheck
from networks.models import User
from poles.merging.organisations import merge_organisations, plan_organisations
from poles.merging.successors import merged_into, successors
from poles.merging.undoing import undo, why_not
from poles.models import Membership, Merge, Proposal
from poles.proposals import answer, propose
from poles.recognition import BreaksRecognition
from poles.record import Change, current_values, write
from poles.record.organisation_history import history_of_organisation
from poles.record.returning import aligned, changes_back
from poles.record.versions import values_at
from tests.breaking import undone, update, with_database
from tests.factories import (
    ApplicationFactory,
    CommuneFactory,
    FactEvidenceFactory,
    MembershipFactory,
    OrganisationFactory,
    PoleFactory,
    PoleProjectFactory,
    ProposalFactory,
    UserFactory,
    valid_siren,
)
from tests.poles.merging.state import days_of, said
from tests.poles.recognised import recognised
from tests.workspace.staff import kept as kept_pole

pytestmark = pytest.mark.django_db
WHY = "La même association, saisie deux fois."


def merge(one: Organisation, other: Organisation, by: User, **asked: Any) -> Merge:
    return merge_organisations(one, other, by=by, **{"reason": WHY, **asked})


def pair() -> tuple[Organisation, Organisation]:
    return (
        OrganisationFactory(name="Les Zorglub", kind="association"),
        OrganisationFactory(name="Association Les Zorglub", slug="zorglub-deux", acronym="LZ"),
    )


def test_all_that_names_it_names_the_one_that_stands(officer: User) -> None:
    kept, merged = pair()
    update(merged, siren=valid_siren(99_111_222), website="https://zorglub.exemple.invalid/")
    update(merged, slug="zorglub-trois")
    member = MembershipFactory(organisation=merged)
    pole = PoleFactory(legal_person=merged)
    project = PoleProjectFactory(pole=member.pole)
    project.members.add(merged)
    application = ApplicationFactory(beneficiary=merged)
    evidence = FactEvidenceFactory(organisation=merged)
    proposal = ProposalFactory(pole=None, organisation=merged)
    RegisterCheck.objects.create(organisation=merged, checked_at=timezone.now())
    made = merge(kept, merged, officer)
    assert not Organisation.objects.filter(pk=merged.pk).exists()
    for row, column in (
        (member, "organisation"),
        (pole, "legal_person"),
        (application, "beneficiary"),
        (evidence, "organisation"),
        (proposal, "organisation"),
    ):
        row.refresh_from_db()
        assert getattr(row, column) == kept
    assert list(project.members.all()) == [kept]
    kept.refresh_from_db()
    # What it lacked, the other gives; what it said stands.
    assert (kept.name, kept.acronym, kept.siren) == ("Les Zorglub", "LZ", valid_siren(99_111_222))
    slugs = kept.former_slugs.order_by("slug").values_list("slug", flat=True)
    assert list(slugs) == ["zorglub-deux", "zorglub-trois"]
    assert [each.pk for each in find("zorglub")] == [kept.pk]
    assert (made.by, made.reason, made.merged_name) == (officer, WHY, "Association Les Zorglub")
    assert successors([merged.pk, kept.pk]) == {merged.pk: kept.pk}
    assert merged_into(kept.pk) == [merged.pk]


def test_undone_everything_is_as_it_was(officer: User) -> None:
    kept, merged = pair()
    for _ in range(2):
        pole = PoleFactory()
        MembershipFactory(pole=pole, organisation=kept, role="porteur", begins_on=date(2021, 1, 1))
        MembershipFactory(pole=pole, organisation=merged, ends_on=date(2022, 1, 1))
    MembershipFactory(organisation=merged)
    project = PoleProjectFactory(pole=pole)
    project.members.add(kept, merged)
    FactEvidenceFactory(organisation=merged)
    ApplicationFactory(beneficiary=merged)
    RegisterCheck.objects.create(organisation=merged, checked_at=timezone.now())
    update(merged, slug="zorglub-trois", website="https://zorglub.exemple.invalid/")
    merged.refresh_from_db()
    before = said()
    made = merge(kept, merged, officer, wished={"name": "prendre"})
    assert said() != before
    undo(made, by=officer, reason="Ce sont deux associations.")
    assert said() == before
    assert successors([merged.pk]) == {}
    merged.refresh_from_db()
    update(merged, name="On peut la changer de nouveau")
    # And merge them again.
    merge(kept, Organisation.objects.get(pk=merged.pk), officer)


periods = st.tuples(
    st.sampled_from(["porteur", "actif", "partenaire"]),
    st.none() | st.dates(date(2018, 1, 1), date(2022, 1, 1)),
    st.none() | st.dates(date(2022, 1, 1), date(2026, 1, 1)),
)


@given(periods, periods, st.booleans())
@settings(with_database, max_examples=15)
def test_no_day_of_a_member_is_lost_and_all_comes_back(
    one: Any, other: Any, elsewhere: bool
) -> None:
    with undone():
        kept, merged = pair()
        pole = PoleFactory()
        other = ("actif", *other[1:]) if one[0] == "porteur" else other
        for organisation, (role, begins, ends) in ((kept, one), (merged, other)):
            MembershipFactory(
                pole=pole, organisation=organisation, role=role, begins_on=begins, ends_on=ends
            )
        if elsewhere:
            MembershipFactory(organisation=merged)
        before, days = said(), days_of(pole, [kept.pk, merged.pk])
        officer = UserFactory(officer=True)
        made = merge(kept, merged, officer)
        assert days_of(pole, [kept.pk]) == days
        assert not Membership.objects.filter(organisation_id=merged.pk).exists()
        undo(made, by=officer, reason="Deux.")
        assert said() == before


def test_two_numbers_are_two_persons(officer: User) -> None:
    kept, merged = OrganisationFactory(numbered=True), OrganisationFactory(numbered=True)
    with pytest.raises(ValidationError, match="Leurs SIREN sont différents"):
        merge(kept, merged, officer)
    with pytest.raises(ValidationError, match="double d’elle-même"):
        merge(kept, kept, officer)


def test_a_pole_is_never_its_own_member(officer: User) -> None:
    kept, merged = pair()
    pole = PoleFactory(legal_person=kept, name="Pôle des Zorglub")
    MembershipFactory(pole=pole, organisation=merged)
    with pytest.raises(ValidationError, match="Pôle des Zorglub"):
        merge(kept, merged, officer)


def test_one_waiting_correction_an_author(officer: User) -> None:
    kept, merged = pair()
    author = UserFactory()
    for each in (kept, merged):
        ProposalFactory(pole=None, organisation=each, author=author)
    with pytest.raises(ValidationError, match="répondez d’abord"):
        merge(kept, merged, officer)


def test_a_reason_and_what_was_read(officer: User) -> None:
    kept, merged = pair()
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        merge(kept, merged, officer, reason=" ")
    update(merged, acronym="AUTRE")
    with pytest.raises(ValidationError, match="a changé depuis l’aperçu"):
        merge(kept, merged, officer, seen=(1, 1))
    merge(kept, merged, officer, seen=(1, 2))


def test_what_is_not_to_be_published_stays_so(officer: User) -> None:
    kept, merged = pair()
    update(merged, publication_status="P")
    merged.refresh_from_db()
    assert "diffusible" in plan_organisations(kept, merged).notes[0]
    merge(kept, merged, officer)
    kept.refresh_from_db()
    assert kept.publication_status == "P"


def test_facts_of_the_other_complete_where_they_fit(officer: User) -> None:
    kept = OrganisationFactory(kind="association")
    merged = OrganisationFactory(is_training_body=True, is_commercial=True)
    merge(kept, merged, officer)
    kept.refresh_from_db()
    assert (kept.kind, kept.is_commercial, kept.is_training_body) == ("association", False, True)


def test_who_may() -> None:
    mine, others = kept_pole(), kept_pole()
    kept, merged = pair()
    MembershipFactory(pole=mine.pole, organisation=kept)
    with pytest.raises(PermissionDenied, match="d’autres tiennent"):
        merge(kept, merged, others.manager)
    made = merge(kept, merged, mine.editor)
    with pytest.raises(PermissionDenied):
        undo(made, by=others.manager, reason="Non.")
    undo(made, by=mine.editor, reason="Si.")
    MembershipFactory(pole=others.pole, organisation=merged)
    with pytest.raises(PermissionDenied, match="d’autres tiennent"):
        merge(kept, Organisation.objects.get(pk=merged.pk), mine.manager)
    with pytest.raises(PermissionDenied, match="Aucun pôle"):
        merge(OrganisationFactory(), OrganisationFactory(), mine.manager)


def test_a_recognised_pole_that_it_would_break_is_asked_first(officer: User) -> None:
    pole, (_, ess, school) = recognised()
    one, other = ess.organisation, school.organisation
    update(one, siren=None, siret=None)
    update(other, siren=None, siret=None)
    with pytest.raises(BreaksRecognition), undone():
        merge(one, other, officer)
    assert Organisation.objects.filter(pk=other.pk).exists()
    made = merge(one, other, officer, regularising=True)
    pole.refresh_from_db()
    assert pole.recognition == "regularisation"
    undo(made, by=officer, reason="Deux.")


def test_what_changed_since_is_told_and_nothing_is_undone(officer: User) -> None:
    kept, merged = pair()
    member = MembershipFactory(organisation=merged)
    made = merge(kept, merged, officer)
    update(member, organisation_id=OrganisationFactory().pk)
    update(kept, acronym="AUTRE")
    told = why_not(Merge.objects.get(pk=made.pk))
    assert any("Les Zorglub" in each and "sigle" in each for each in told), told
    assert any(each.startswith("Participation") for each in told), told
    with pytest.raises(ValidationError):
        undo(made, by=officer, reason="Deux.")
    assert not Organisation.objects.filter(pk=merged.pk).exists()
    # What came beside is no hindrance, nor what else was corrected.
    update(member, organisation_id=kept.pk, role="partenaire")
    update(kept, acronym="LZ")
    added = MembershipFactory(organisation=kept)
    undo(made, by=officer, reason="Deux.")
    added.refresh_from_db()
    assert added.organisation == kept
    member.refresh_from_db()
    assert (member.organisation_id, member.role) == (merged.pk, "partenaire")
    with pytest.raises(ValidationError, match="déjà été annulée"):
        undo(made, by=officer, reason="Deux.")


def test_a_chain_is_followed_and_undone_from_its_end(officer: User) -> None:
    first, second = pair()
    third = OrganisationFactory(name="Zorglub SCIC")
    before = said()
    one = merge(second, first, officer)
    two = merge(third, Organisation.objects.get(pk=second.pk), officer)
    assert successors([first.pk, second.pk]) == dict.fromkeys([first.pk, second.pk], third.pk)
    assert merged_into(third.pk) == sorted([first.pk, second.pk])
    with pytest.raises(ValidationError, match="annulez d’abord"):
        undo(one, by=officer, reason="Deux.")
    undo(two, by=officer, reason="Deux.")
    undo(one, by=officer, reason="Deux.")
    assert said() == before


def test_old_numbers_lead_to_the_one_that_stands(officer: User) -> None:
    """In a version, in a proposal, and in what somebody was typing."""
    kept, merged = pair()
    pole = PoleFactory(published=True, seat=CommuneFactory())
    for each in (kept, merged):
        MembershipFactory(pole=pole, organisation=each, begins_on=date(2022, 1, 1))
    pole.refresh_from_db()
    version = pole.version
    author = UserFactory()
    row = {"organisation": merged.pk, "role": "partenaire", "ends_on": "2021-12-31"}
    proposal = propose(
        pole,
        [Change("members/+1", None, row)],
        origin="redacteur",
        base_version=version,
        author=author,
    )
    open_form = MembershipFactory(organisation=merged)
    key = f"members/{open_form.pk}"
    read = current_values(open_form.pole)[key]
    merge(kept, merged, officer)
    write(open_form.pole, [Change(key, read, {**read, "role": "partenaire"})])
    open_form.refresh_from_db()
    assert (open_form.organisation, open_form.role) == (kept, "partenaire")
    pole.refresh_from_db()
    then = values_at(pole, version)
    assert {v["organisation"] for k, v in then.items() if k.startswith("members/")} == {kept.pk}
    today = current_values(pole)
    assert changes_back(aligned(then, today), today) == []
    answer(Proposal.objects.get(pk=proposal.pk), {"members/+1": True}, by=officer)
    assert pole.memberships.filter(organisation=kept, role="partenaire").exists()


def test_its_history_is_told_with_that_of_its_double(officer: User) -> None:
    kept, merged = pair()
    update(merged, acronym="ZORGLUB")
    made = merge(kept, Organisation.objects.get(pk=merged.pk), officer)

    def told(organisation: Organisation) -> list[str]:
        return [s.text for each in history_of_organisation(organisation)[0] for s in each.sentences]

    assert f"«\u00a0Association Les Zorglub\u00a0», son double, y est réuni\u00a0: {WHY}" in told(
        kept
    )
    assert "«\u00a0Association Les Zorglub\u00a0» – Sigle" in told(kept)
    undo(made, by=officer, reason="Deux associations.")
    assert "«\u00a0Association Les Zorglub\u00a0» n’y est plus réuni\u00a0: Deux associations." in (
        told(kept)
    )
    again = told(Organisation.objects.get(pk=merged.pk))
    assert f"La fiche est réunie à «\u00a0Les Zorglub\u00a0»\u00a0: {WHY}" in again
    assert again.count("L’organisation est créée.") == 1
    assert "L’organisation est effacée." not in again
