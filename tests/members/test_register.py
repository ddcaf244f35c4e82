"""The State's register: what its client understands, proposes, and does without."""

import time
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from members import register as client
from members.kinds import FACTS, OrganisationKind
from members.models import FactEvidence, Organisation
from members.register import Unit, look_up, propose, search
from members.register_updates import apply
from tests.breaking import with_database
from tests.factories import FactEvidenceFactory, OrganisationFactory, valid_siren
from tests.members.register_server import (
    Register,
    Reply,
    cut,
    dribble,
    raw,
    silence,
    status,
    unit,
)

SIREN = valid_siren(55_210_055)
OTHER = valid_siren(44_306_184)


def test_a_number_is_looked_up_once_a_day(server: Register) -> None:
    server.add(SIREN, nom_raison_sociale="ULISSE", sigle="U")
    (found,) = look_up(f"{SIREN[:3]} {SIREN[3:]}").units
    assert (found.siren, found.name, found.acronym) == (SIREN, "ULISSE", "U")
    assert (found.siret, found.legal_category, found.commune) == (f"{SIREN}00019", "9220", "38185")
    look_up(SIREN)
    assert [each["q"] for each in server.asked] == [SIREN]
    assert "registre-ptce" in server.agents[0]
    assert look_up(OTHER).units == ()
    assert not look_up(OTHER).unavailable


def test_what_is_no_number_is_not_asked(server: Register) -> None:
    for wrong in ("", "12", "123456789", "abcdefghi"):
        assert "SIREN" in look_up(wrong).unavailable
    assert "trois lettres" in search("ab").unavailable
    assert not server.asked


def test_a_name_is_searched_for(server: Register) -> None:
    server.add(SIREN, nom_complet="GROUPE ULISSE")
    server.add(OTHER, nom_complet="AUTRE")
    assert [each.siren for each in search(" groupe   ulisse ", most=90).units] == [SIREN]
    assert server.asked[0]["per_page"] == "25"


FAILURES: dict[str, Reply] = {
    "429": status(429, Retry_After="3"),
    "500": status(500),
    "502": status(502),
    "504": status(504),
    "silence": silence(1.5),
    "a byte now and then": dribble(3),
    "a cut": cut,
    "broken JSON": raw(b'{"results": [{"siren"'),
    "another page": raw(b"<html>Maintenance</html>"),
    "a list": raw(b"[]"),
    "null": raw(b"null"),
    "a unit without number": raw(b'{"results": [{}]}'),
    "a wrong date": raw(b'{"results": [{"siren": "1", "date_fermeture": "hier"}]}'),
}


@pytest.mark.parametrize("name", FAILURES)
def test_when_it_is_down_it_is_said_and_not_kept(server: Register, name: str) -> None:
    server.add(SIREN)
    server.replies.append(FAILURES[name])
    begun = time.monotonic()
    answer = look_up(SIREN)
    assert time.monotonic() - begun < 1.4
    assert answer.units == ()
    assert "annuaire des entreprises" in answer.unavailable
    assert answer.retry_after == (3 if name == "429" else 0)
    assert look_up(SIREN).units, "the failure was kept"


def test_nobody_listens(settings: Any) -> None:
    cache.clear()
    settings.REGISTER_URL = "http://127.0.0.1:9/search"
    assert "ne répond pas" in look_up(SIREN).unavailable


@pytest.mark.parametrize("code", [400, 404])
def test_what_is_not_there_is_no_failure(server: Register, code: int) -> None:
    server.replies.append(status(code, {"erreur": "pas trouvé"}))
    assert look_up(SIREN) == client.Answer()


def test_another_unit_than_the_one_asked_for_is_no_answer(server: Register) -> None:
    server.replies.append(status(200, {"results": [unit(OTHER)]}))
    assert look_up(SIREN).units == ()


def test_masked_and_missing_values_are_nothing(server: Register) -> None:
    masked = "[NON-DIFFUSIBLE]"
    server.add(
        SIREN,
        nom_complet=masked,
        nom_raison_sociale=masked,
        nature_juridique=None,
        statut_diffusion="P",
        siege={"siret": masked, "commune": masked, "latitude": masked},
    )
    server.add(OTHER, siege={}, complements={})
    (found,) = look_up(SIREN).units
    assert found == Unit(SIREN, publication_status="P")
    (bare,) = look_up(OTHER).units
    assert (bare.siret, bare.commune) == ("", "")


# What is proposed.

CATEGORIES = st.sampled_from(
    (
        *("", "1000", "2110", "5195", "5202", "5499", "5458", "5710", "6220", "6316", "6411"),
        *("6540", "6599", "7210", "7331", "7344", "7383", "8210", "8310", "9150", "9220", "9300"),
    )
)
units = st.builds(
    Unit,
    siren=st.just(SIREN),
    legal_category=CATEGORIES,
    publication_status=st.sampled_from("OP"),
    ceased=st.booleans(),
    ceased_on=st.none() | st.dates(),
    is_ess=st.booleans(),
    is_association=st.booleans(),
    is_training_body=st.booleans(),
    is_authority=st.booleans(),
)


@pytest.mark.django_db
@with_database
@given(units)
def test_whatever_it_says_the_certain_claims_fulfil_the_rules_of_the_kinds(found: Unit) -> None:
    certain = {name: claim.value for name, claim in propose(found).items() if claim.certain}
    facts = {fact: certain.get(fact) for fact in FACTS}
    kind = certain.get("kind", OrganisationKind.UNKNOWN)
    trial = Organisation(name="x", slug="x", kind=kind, **facts)
    for constraint in Organisation._meta.constraints:
        if constraint.name in {
            "members_organisation_kind_facts",
            "members_organisation_commercial_or_ess",
        }:
            try:
                constraint.validate(Organisation, trial)
            except ValidationError as error:
                raise AssertionError(certain) from error
    assert all(claim.reason for claim in propose(found).values())


@given(units)
def test_a_false_flag_says_nothing(found: Unit) -> None:
    claims = propose(found)
    if not found.is_training_body:
        assert "is_training_body" not in claims
    if not found.is_ess and claims.get("is_ess"):
        # Then it comes from the kind, never from the flag.
        assert "nature" in claims["is_ess"].reason


@pytest.mark.parametrize(
    ("code", "kind", "certain"),
    [
        ("9220", "association", True),
        ("5195", "association", True),
        ("5458", "ess", True),
        ("6317", "ess", True),
        ("8250", "ess", True),
        ("9300", "ess", True),
        ("7210", "collectivite", True),
        ("7346", "collectivite", True),
        ("7383", "recherche", True),
        ("5710", "entreprise", False),
        ("5499", "entreprise", False),
        ("1000", "entreprise", False),
        ("6220", "entreprise", False),
        ("6540", "entreprise", False),
        ("7331", None, None),
        ("8310", None, None),
        ("", None, None),
    ],
)
def test_what_a_legal_category_gives(code: str, kind: str | None, certain: bool | None) -> None:
    claim = propose(Unit(SIREN, legal_category=code)).get("kind")
    assert (claim and claim.value, claim and claim.certain) == (kind, certain)


def test_a_company_of_the_ess_is_one_whatever_its_form() -> None:
    claims = propose(Unit(SIREN, legal_category="5710", is_ess=True))
    assert (claims["kind"].value, claims["kind"].certain) == ("ess", True)
    assert claims["is_commercial"].value is False
    assert "SCOP" in propose(Unit(SIREN, legal_category="5710"))["kind"].reason


def test_who_is_a_legal_person() -> None:
    persons = {"1000": False, "2110": False, "5499": True, "9220": True}
    for code, person in persons.items():
        assert propose(Unit(SIREN, legal_category=code))["is_legal_person"].value is person
    assert "is_legal_person" not in propose(Unit(SIREN))


# What is written.


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
