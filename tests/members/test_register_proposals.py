"""What the State's register lets one propose of an organisation, and what is certain of it."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from members.kinds import CERTAIN_FACTS, FACTS, OrganisationKind
from members.models import Organisation
from members.register import Unit, propose
from tests.breaking import with_database
from tests.factories import valid_siren

SIREN = valid_siren(55_210_055)

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
    everything = {name: claim.value for name, claim in propose(found).items()}
    if "kind" in everything:
        gives = CERTAIN_FACTS[OrganisationKind(everything["kind"])]
        assert gives.items() <= everything.items()
    # Article 1 of the law: no natural person is in the ESS.
    assert not (everything.get("is_ess") and everything.get("is_legal_person") is False)


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


def test_no_sole_trader_is_of_the_ess() -> None:
    claims = propose(Unit(SIREN, legal_category="1000", is_ess=True))
    assert (claims["kind"].value, claims["kind"].certain) == ("entreprise", False)
    assert not any(claim.value is True and claim.certain for claim in claims.values())


@pytest.mark.parametrize(
    ("code", "flag", "kind", "certain"),
    [
        ("", "is_association", "association", True),
        ("5710", "is_association", "association", False),
        ("9240", "is_association", "association", False),
        ("2110", "is_association", None, None),
        ("", "is_authority", "collectivite", True),
        ("7389", "is_authority", "collectivite", True),
        ("5710", "is_authority", "entreprise", False),
    ],
)
def test_a_flag_beside_a_category_that_says_otherwise_waits_for_a_person(
    code: str, flag: str, kind: str | None, certain: bool | None
) -> None:
    claim = propose(Unit(SIREN, legal_category=code, **{flag: True})).get("kind")
    assert (claim and claim.value, claim and claim.certain) == (kind, certain)


def test_an_authority_is_never_of_the_ess() -> None:
    claims = propose(Unit(SIREN, legal_category="7210", is_ess=True))
    assert claims["is_ess"].value is False


def test_who_is_a_legal_person() -> None:
    persons = {"1000": False, "2110": False, "5499": True, "9220": True}
    for code, person in persons.items():
        assert propose(Unit(SIREN, legal_category=code))["is_legal_person"].value is person
    assert "is_legal_person" not in propose(Unit(SIREN))
