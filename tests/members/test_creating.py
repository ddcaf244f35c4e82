"""Organisations made from what was typed and from what the State's register says."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from members.creating import create, create_many, stated_of, unit_of, unit_values
from members.kinds import FACTS
from members.models import Organisation, OrganisationFormerSlug
from members.register import Unit
from tests.breaking import undone, with_database
from tests.factories import OrganisationFactory, UserFactory, valid_siren, valid_siret

pytestmark = pytest.mark.django_db

SIREN = valid_siren(99_234_567)
UNIT = Unit(siren=SIREN, name="LES JARDINS", siret=valid_siret(SIREN), legal_category="9220")


def told(organisation: Organisation) -> dict[str, tuple[str, str]]:
    return {each.aspect: (each.value, each.origin) for each in organisation.evidence.order_by("pk")}


def test_what_is_said_of_it_is_kept_with_who_said_so() -> None:
    user = UserFactory()
    made = create(
        {
            "name": "  L’Atelier  d’essai ",
            "acronym": "ADE",
            "kind": "association",
            "is_training_body": True,
            "source": "Appel du 3 mars",
        },
        by=user,
    )
    assert (made.name, made.acronym, made.slug) == ("L’Atelier d’essai", "ADE", "l-atelier-d-essai")
    assert (made.is_ess, made.is_commercial, made.is_training_body) == (True, False, True)
    assert told(made) == {
        "kind": ("association", "declaration"),
        "is_training_body": ("oui", "declaration"),
    }
    evidence = made.evidence.first()
    assert (evidence.stated_by, evidence.source) == (user, "Appel du 3 mars")
    assert evidence.stated_on == timezone.localdate()


def test_what_an_officer_says_is_an_officers() -> None:
    made = create({"name": "Atelier", "is_ess": False}, by=UserFactory(officer=True))
    assert told(made) == {"is_ess": ("non", "agent")}
    assert made.kind == "inconnu"


def test_the_register_fills_what_nobody_said() -> None:
    made = create({"name": "Les Jardins", "siren": SIREN, "unit": unit_values(UNIT)})
    assert (made.kind, made.is_ess, made.siret) == ("association", True, UNIT.siret)
    assert made.legal_category == "9220"
    assert told(made)["kind"] == ("association", "annuaire")


def test_what_a_person_said_wins_over_the_register() -> None:
    said = {"name": "Les Jardins", "siren": SIREN, "kind": "formation", "unit": unit_values(UNIT)}
    made = create(said, by=UserFactory())
    assert made.kind == "formation"
    assert told(made)["kind"] == ("formation", "declaration")


def test_a_unit_of_another_number_fills_nothing() -> None:
    made = create({"name": "Autre", "unit": unit_values(UNIT)})
    assert (made.kind, made.siret) == ("inconnu", None)


def test_an_organisation_is_made_once() -> None:
    known = OrganisationFactory(siren=SIREN, name="La même")
    assert create({"name": "Les Jardins", "siren": SIREN}) == known


def test_no_address_is_taken_from_another() -> None:
    first = create({"name": "Atelier d’essai"})
    assert create({"name": "Atelier d'essai !"}).slug == "atelier-d-essai-2"
    first.slug = "ailleurs"
    first.save()
    assert OrganisationFormerSlug.objects.filter(slug="atelier-d-essai").exists()
    assert create({"name": "Atelier d’essai"}).slug == "atelier-d-essai-3"


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"name": " - "}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 300}, "name"),
        ({"name": "Atelier", "siren": "123456789"}, "siren"),
        ({"name": "Atelier", "website": "javascript:alert(1)"}, "website"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(values, wrong) -> None:
    with pytest.raises(ValidationError) as caught:
        create(values)
    assert wrong in caught.value.message_dict


def test_what_contradicts_the_kind_is_refused() -> None:
    with pytest.raises(ValidationError, match="contredisent sa nature"):
        create({"name": "Atelier", "kind": "association", "is_ess": False})


def test_a_unit_comes_back_as_it_was() -> None:
    for unit in (UNIT, replace(UNIT, ceased=True, ceased_on=date(2024, 1, 2))):
        assert unit_of(unit_values(unit)) == unit
    for wrong in (None, {}, "x", {"siren": SIREN, "new": 1}, {"siren": SIREN, "ceased_on": "x"}):
        assert unit_of(wrong) is None


@with_database
@given(
    name=st.text(max_size=260),
    kind=st.sampled_from(["", "ess", "entreprise", "formation", "inconnu"]),
    facts=st.dictionaries(
        st.sampled_from(["is_ess", "is_commercial", "is_legal_person"]),
        st.sampled_from([True, False, None]),
    ),
)
def test_anything_typed_makes_one_or_is_refused(db, name, kind, facts) -> None:
    with undone():
        try:
            made = create({"name": name.replace("\x00", ""), "kind": kind, **facts})
        except ValidationError:
            return
        made.refresh_from_db()
        assert made.slug
        assert {each.aspect for each in made.evidence.all()} <= {"kind", *facts}


@with_database
@given(
    code=st.sampled_from(["", "9220", "5710", "5499", "7210", "1000", "5543", "7383"]),
    flags=st.fixed_dictionaries(
        {f: st.booleans() for f in ("is_ess", "is_association", "is_training_body", "is_authority")}
    ),
    said=st.dictionaries(
        st.sampled_from(["kind", "is_training_body"]), st.sampled_from(["formation", None])
    ),
)
def test_what_is_foreseen_of_a_unit_is_what_is_made_of_it(db, code, flags, said) -> None:
    unit = Unit(siren=SIREN, name="LES JARDINS", legal_category=code, **flags)
    if said.get("is_training_body"):
        said["is_training_body"] = True
    values = {"name": "Les Jardins", "siren": SIREN, "unit": unit_values(unit), **said}
    with undone():
        made = create(values)
        assert {"kind": made.kind, **{f: getattr(made, f) for f in FACTS}} == stated_of(values)


def test_many_are_made_as_one_is(django_assert_max_num_queries: Any) -> None:
    known = OrganisationFactory(name="Les Jardins", slug="les-jardins", siren=SIREN)
    user = UserFactory()
    described = [
        {"name": "Les Jardins", "kind": "association", "source": "Import"},
        {"name": "Autre", "siren": SIREN},
        {"name": "Les  Jardins"},
        {"name": "Nouvelle", "siren": valid_siren(99_234_568)},
        {"name": "La même", "siren": valid_siren(99_234_568)},
    ]
    with django_assert_max_num_queries(7):
        made = create_many(described, by=user)
    assert [each.slug for each in made] == [
        "les-jardins-2",
        known.slug,
        "les-jardins-3",
        "nouvelle",
        "nouvelle",
    ]
    assert made[0].is_ess is True
    assert told(made[0]) == {"kind": ("association", "declaration")}
    assert made[2].name == "Les Jardins"


@pytest.mark.parametrize("wrong", [{"name": "…"}, {"name": "A", "siren": "123"}])
def test_many_are_refused_for_one(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        create_many([{"name": "Atelier"}, wrong])
    assert not Organisation.objects.filter(name="Atelier").exists()
