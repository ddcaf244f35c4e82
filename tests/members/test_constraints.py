from collections.abc import Callable
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from members.kinds import FACTS, OrganisationKind
from members.models import Organisation, validate_siren, validate_siret
from tests.breaking import (
    Break,
    cases,
    check_form,
    check_sql,
    refused,
    rows,
    run,
    update,
    with_database,
)
from tests.factories import FactEvidenceFactory, OrganisationFactory
from tests.slugs import check_slugs, slugs

pytestmark = pytest.mark.django_db


def numbered() -> Organisation:
    return OrganisationFactory(numbered=True)


BREAKS = cases(
    Break(
        "members_organisation_siren",
        OrganisationFactory,
        lambda organisation: {"siren": numbered().siren},
    ),
    Break("members_organisation_siren_form", OrganisationFactory, {"siren": "12345678"}),
    Break("members_organisation_siret_form", OrganisationFactory, {"siret": "1234567890123"}),
    Break("members_organisation_siret_of_siren", numbered, {"siret": "73282932000074"}),
    Break(
        "members_organisation_legal_category_form", OrganisationFactory, {"legal_category": "92"}
    ),
    Break(
        "members_organisation_publication_status", OrganisationFactory, {"publication_status": "N"}
    ),
    Break(
        "members_organisation_kind_facts",
        OrganisationFactory,
        {"kind": "association", "is_ess": False, "is_commercial": False},
    ),
    Break(
        "members_organisation_commercial_or_ess",
        OrganisationFactory,
        {"kind": "autre", "is_ess": True, "is_commercial": True},
    ),
    Break("members_organisation_slug_form", OrganisationFactory, {"slug": "-coop"}),
    Break("members_organisation_name", OrganisationFactory, {"name": ""}),
    Break("members_factevidence_aspect", FactEvidenceFactory, {"aspect": "name"}),
    Break("members_factevidence_origin", FactEvidenceFactory, {"origin": "rumeur"}),
)


@BREAKS
def test_database_refuses(case: Break) -> None:
    check_sql(case)


@BREAKS
def test_form_says_why(case: Break) -> None:
    check_form(case)


# The table of law.md, once more: what each kind says of three facts, and whether it may be a
# grouping of enterprises outside the ESS. None: as known.
TABLE: dict[str, tuple[bool | None, bool | None, bool | None, bool | None]] = {
    "entreprise": (True, False, None, None),
    "ess": (False, True, None, False),
    "association": (False, True, None, None),
    "formation": (None, None, True, None),
    "recherche": (False, None, None, False),
    "collectivite": (False, False, None, False),
    "autre": (None, None, None, None),
    "inconnu": (None, None, None, None),
}
VALUES = (True, False, None)


def lawful(kind: str, commercial: object, ess: object, training: object, grouping: object) -> bool:
    says = TABLE[kind]
    stated = (commercial, ess, training)
    agrees = all(said is None or fact is said for said, fact in zip(says[:3], stated, strict=True))
    may_group = says[3] is None or grouping is not True
    return agrees and may_group and not (commercial is True and ess is True)


def test_every_kind_with_all_facts() -> None:
    """1,944 updates, each tried by the database itself."""
    assert set(TABLE) == set(OrganisationKind.values)
    assert FACTS == (
        "is_commercial",
        "is_ess",
        "is_training_body",
        "is_non_ess_grouping",
        "is_legal_person",
    )
    organisation = OrganisationFactory()
    tried = list(product(TABLE, *[VALUES] * 5))
    run(
        "CREATE TEMP TABLE tried (n int, kind text, a bool, b bool, c bool, d bool, e bool,"
        " taken bool) ON COMMIT DROP"
    )
    values = ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(tried))
    run(
        f"INSERT INTO tried (n, kind, a, b, c, d, e) VALUES {values}",
        *(value for n, row in enumerate(tried) for value in (n, *row)),
    )
    run(
        f"""
        DO $$
        DECLARE r record;
        BEGIN
            FOR r IN SELECT * FROM tried LOOP
                BEGIN
                    UPDATE members_organisation SET kind = r.kind, is_commercial = r.a,
                        is_ess = r.b, is_training_body = r.c, is_non_ess_grouping = r.d,
                        is_legal_person = r.e WHERE id = {organisation.pk};
                    UPDATE tried SET taken = true WHERE n = r.n;
                EXCEPTION WHEN check_violation THEN
                    UPDATE tried SET taken = false WHERE n = r.n;
                END;
            END LOOP;
        END $$
        """
    )
    taken = [row[0] for row in rows("SELECT taken FROM tried ORDER BY n")]
    wrong = [row for row, was in zip(tried, taken, strict=True) if was is not lawful(*row[:5])]
    assert wrong == []


@given(
    kind=st.sampled_from(sorted(TABLE)),
    facts=st.tuples(*[st.sampled_from(VALUES)] * 5),
)
@with_database
def test_the_form_agrees_with_the_table(kind: str, facts: tuple) -> None:
    organisation = OrganisationFactory.build(kind=kind, **dict(zip(FACTS, facts, strict=True)))
    rules = {c.name: c for c in Organisation._meta.constraints}
    agreed = True
    for name in ("kind_facts", "commercial_or_ess"):
        try:
            rules[f"members_organisation_{name}"].validate(Organisation, organisation)
        except ValidationError:
            agreed = False
    assert agreed == lawful(kind, *facts[:4])


def key_is_right(digits: str) -> bool:
    """Luhn's sum, written once more."""
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def passes(validate: Callable[[str], None], value: str) -> bool:
    try:
        validate(value)
    except ValidationError:
        return False
    return True


@given(st.text("0123456789", min_size=7, max_size=11))
def test_siren(digits: str) -> None:
    assert passes(validate_siren, digits) == (len(digits) == 9 and key_is_right(digits))


@given(st.integers(0, 99_999_999), st.integers(0, 9))
def test_siren_with_any_key(stem: int, key: int) -> None:
    digits = f"{stem:08d}{key}"
    assert passes(validate_siren, digits) == key_is_right(digits)


# La Poste's establishments have a rule of their own for the key.
@given(
    st.text("0123456789", min_size=14, max_size=14).filter(lambda t: not t.startswith("356000000"))
)
def test_siret(digits: str) -> None:
    right = key_is_right(digits) and key_is_right(digits[:9])
    assert passes(validate_siret, digits) == right


@given(st.integers(0, 99_999_999), st.integers(0, 9999), st.integers(0, 9))
def test_siret_with_any_key(stem: int, establishment: int, key: int) -> None:
    siren = next(f"{stem:08d}{k}" for k in range(10) if key_is_right(f"{stem:08d}{k}"))
    digits = f"{siren}{establishment:04d}{key}"
    if siren != "356000000":
        assert passes(validate_siret, digits) == key_is_right(digits)


def test_numbers_typed_with_spaces_are_refused_by_the_database() -> None:
    organisation = OrganisationFactory()
    with refused("members_organisation_siret_form"):
        update(organisation, siret="732829320 0007")


@pytest.mark.parametrize("validate", [validate_siren, validate_siret])
def test_a_wrong_number_is_said_in_french(validate: Callable[[str], None]) -> None:
    with pytest.raises(ValidationError, match="n’est pas valide : "):
        validate("123456789")


def test_two_organisations_without_siren_go_together() -> None:
    OrganisationFactory()
    assert OrganisationFactory().siren is None


@with_database
@given(slug=slugs)
def test_slugs(slug: str) -> None:
    check_slugs("members_organisation_slug_form", OrganisationFactory, slug)


def test_slugs_are_one_organisation_s_own() -> None:
    one, other = OrganisationFactory(), OrganisationFactory()
    with pytest.raises(Exception, match="members_organisation_slug"):
        update(other, slug=one.slug)


def test_a_stale_version_is_refused() -> None:
    organisation = OrganisationFactory()
    update(organisation, name="Un nouveau nom")
    with refused("members_organisation_version"):
        update(organisation, name="Encore un autre", version=organisation.version)


def test_an_old_address_is_kept() -> None:
    organisation = OrganisationFactory(slug="ancienne-adresse-d-essai")
    update(organisation, slug="nouvelle-adresse-d-essai")
    known = "SELECT organisation_id FROM members_organisationformerslug WHERE slug = %s"
    assert rows(known, "ancienne-adresse-d-essai") == [(organisation.pk,)]
    update(organisation, slug="ancienne-adresse-d-essai")
    assert rows(known, "ancienne-adresse-d-essai") == []
    assert rows(known, "nouvelle-adresse-d-essai") == [(organisation.pk,)]
