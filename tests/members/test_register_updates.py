"""What the State's register may write on an organisation: the unknown, never against a person."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.history import command_transaction
from members.kinds import CERTAIN_FACTS, FACTS, OrganisationKind
from members.models import FactEvidence, Organisation
from members.register import Unit
from members.register_updates import Outcome, apply
from tests.breaking import undone, with_database
from tests.factories import FactEvidenceFactory, OrganisationFactory, valid_siren
from tests.members.test_register_proposals import units

SIREN = valid_siren(55_210_055)
OTHER = valid_siren(44_306_184)


@pytest.mark.django_db
def test_the_unknown_is_filled_with_its_evidence() -> None:
    organisation = OrganisationFactory(siren=SIREN)
    found = Unit(SIREN, legal_category="9220", is_training_body=True, siret=f"{SIREN}00019")
    outcome = apply(organisation, found)
    organisation.refresh_from_db()
    assert organisation.kind == "association"
    assert (organisation.is_ess, organisation.is_training_body) == (True, True)
    assert organisation.is_legal_person is True
    assert {"kind", "is_ess", "siret", "legal_category"} <= {*outcome.changed}
    proofs = FactEvidence.objects.filter(organisation=organisation)
    assert {each.origin for each in proofs} == {"annuaire"}
    assert all(SIREN in each.source for each in proofs)
    again = apply(organisation, found)
    assert not again.changed
    assert FactEvidence.objects.filter(organisation=organisation).count() == proofs.count()


@pytest.mark.django_db
def test_what_a_person_said_is_never_overwritten() -> None:
    organisation = OrganisationFactory(siren=SIREN, is_training_body=False)
    FactEvidenceFactory(
        organisation=organisation, aspect="is_legal_person", value="inconnu", origin="agent"
    )
    outcome = apply(organisation, Unit(SIREN, legal_category="8310", is_training_body=True))
    organisation.refresh_from_db()
    assert organisation.is_training_body is False
    assert organisation.is_legal_person is None
    assert any("organisme de formation" in each for each in outcome.disagreements)
    assert any("personne morale" in each for each in outcome.proposed)


@pytest.mark.django_db
def test_what_is_only_proposed_waits() -> None:
    organisation = OrganisationFactory(siren=SIREN)
    outcome = apply(organisation, Unit(SIREN, legal_category="5710"))
    organisation.refresh_from_db()
    assert (organisation.kind, organisation.is_commercial) == ("inconnu", None)
    assert organisation.is_legal_person is True
    assert any("SCOP" in each for each in outcome.proposed)


@pytest.mark.django_db
def test_a_kind_that_contradicts_what_is_known_is_not_taken() -> None:
    organisation = OrganisationFactory(siren=SIREN, is_commercial=True)
    outcome = apply(organisation, Unit(SIREN, legal_category="9220"))
    organisation.refresh_from_db()
    assert organisation.kind == "inconnu"
    assert outcome.disagreements


@pytest.mark.django_db
def test_a_ceased_unit_is_closed_on_its_day() -> None:
    organisation = OrganisationFactory(siren=SIREN)
    apply(organisation, Unit(SIREN, ceased=True, ceased_on=date(2024, 5, 2)))
    organisation.refresh_from_db()
    assert organisation.closed_on == date(2024, 5, 2)
    other = OrganisationFactory(siren=OTHER)
    outcome = apply(other, Unit(OTHER, ceased=True))
    other.refresh_from_db()
    assert other.closed_on is None
    assert any("fermée" in each for each in outcome.proposed)


@pytest.mark.django_db
def test_the_mask_of_the_register_is_taken_and_the_name_kept() -> None:
    organisation = OrganisationFactory(siren=SIREN, name="Nom connu")
    apply(organisation, Unit(SIREN, publication_status="P"))
    organisation.refresh_from_db()
    assert (organisation.publication_status, organisation.name) == ("P", "Nom connu")


def edited(organisation: Organisation, **values: Any) -> Organisation:
    organisation.refresh_from_db()
    for column, value in values.items():
        setattr(organisation, column, value)
    organisation.save()
    return organisation


def applied(organisation: Organisation, **unit: Any) -> Outcome:
    outcome = apply(organisation, Unit(SIREN, **unit))
    organisation.refresh_from_db()
    return outcome


@pytest.mark.django_db
def test_what_a_person_masked_stays_masked() -> None:
    organisation = OrganisationFactory(siren=SIREN)
    edited(organisation, publication_status="P")
    outcome = applied(organisation)
    assert organisation.publication_status == "P"
    assert any("masquée ici" in each for each in outcome.disagreements)


@pytest.mark.django_db
def test_what_a_command_masked_is_shown_again_with_the_register() -> None:
    organisation = OrganisationFactory(siren=SIREN)
    with command_transaction("refresh_organisations"):
        applied(organisation, publication_status="P")
    assert organisation.publication_status == "P"
    applied(organisation)
    assert organisation.publication_status == "O"


@pytest.mark.django_db
def test_what_a_person_took_back_is_proposed_and_not_filled_again() -> None:
    organisation = OrganisationFactory(siren=SIREN, kind="association")
    edited(organisation, kind="inconnu", is_ess=None, is_commercial=None)
    outcome = applied(organisation, legal_category="9220")
    assert (organisation.kind, organisation.is_ess) == ("inconnu", None)
    assert any("nature = association" in each for each in outcome.proposed)
    assert organisation.is_legal_person is True, "of which nobody said anything"


@pytest.mark.django_db
def test_what_a_command_took_back_is_filled_again() -> None:
    organisation = OrganisationFactory(siren=SIREN, kind="association")
    with command_transaction("load_registry"):
        edited(organisation, kind="inconnu", is_ess=None, is_commercial=None)
    applied(organisation, legal_category="9220")
    assert organisation.kind == "association"


@pytest.mark.django_db
def test_a_date_of_closing_that_a_person_set_or_took_back_stays() -> None:
    ceased = {"ceased": True, "ceased_on": date(2024, 5, 2)}
    organisation = OrganisationFactory(siren=SIREN, closed_on=date(2023, 1, 1))
    outcome = applied(organisation, **ceased)
    assert organisation.closed_on == date(2023, 1, 1)
    assert any("2024-05-02" in each for each in outcome.disagreements)
    edited(organisation, closed_on=None)
    outcome = applied(organisation, **ceased)
    assert organisation.closed_on is None
    assert any("effacé par une personne" in each for each in outcome.disagreements)


@pytest.mark.django_db
def test_a_kind_that_is_refused_takes_no_other_fact_with_it() -> None:
    organisation = OrganisationFactory(siren=SIREN, is_commercial=True)
    outcome = applied(organisation, legal_category="9220", is_training_body=True)
    assert (organisation.kind, organisation.is_ess) == ("inconnu", None)
    assert (organisation.is_training_body, organisation.is_legal_person) == (True, True)
    assert len([each for each in outcome.disagreements if "nature = " in each]) == 1
    aspects = FactEvidence.objects.filter(organisation=organisation).values_list("aspect")
    assert {aspect for (aspect,) in aspects} == {"is_training_body", "is_legal_person"}


@st.composite
def known(draw: st.DrawFn) -> dict[str, Any]:
    """A kind and facts that the database lets in, some of them unknown."""
    kind = draw(st.sampled_from(OrganisationKind))
    facts = {fact: draw(st.none() | st.booleans()) for fact in FACTS}
    facts |= CERTAIN_FACTS[kind]
    if facts["is_commercial"] and facts["is_ess"]:
        facts["is_ess"] = None if "is_ess" not in CERTAIN_FACTS[kind] else False
    if facts["is_non_ess_grouping"] and kind in {"ess", "recherche", "collectivite"}:
        facts["is_non_ess_grouping"] = None
    return {"kind": kind.value, **facts}


@pytest.mark.django_db
@with_database
@given(known(), units, st.sets(st.sampled_from(["kind", *FACTS])))
def test_whatever_is_known_and_said_nothing_known_moves(
    before: dict[str, Any], found: Unit, declared: set[str]
) -> None:
    with undone():
        organisation = OrganisationFactory(siren=SIREN, **before)
        for aspect in declared:
            FactEvidenceFactory(organisation=organisation, aspect=aspect, origin="declaration")
        outcome = apply(organisation, found)
        organisation.refresh_from_db()
        evidence = FactEvidence.objects.filter(organisation=organisation, origin="annuaire")
        filled = {*evidence.values_list("aspect", flat=True)}
        assert evidence.count() == len(filled)
        for aspect, value in before.items():
            if getattr(organisation, aspect) != value:
                assert value in {None, "inconnu"}
                assert aspect in filled - declared
        assert filled == {*outcome.changed} & {"kind", *FACTS}
        assert not apply(organisation, found).changed
