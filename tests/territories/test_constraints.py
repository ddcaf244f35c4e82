import pytest
from hypothesis import given
from hypothesis import strategies as st

from territories.models import FormerCommune
from tests.breaking import Break, cases, check_form, check_sql, refused, run, undone, with_database
from tests.factories import (
    CommuneFactory,
    DepartementFactory,
    EpciFactory,
    FormerCommuneFactory,
    RegionFactory,
)

pytestmark = pytest.mark.django_db

BREAKS = cases(
    Break(
        "territories_territory_kind_code",
        CommuneFactory,
        lambda commune: {"code": CommuneFactory().code},
    ),
    Break(
        "territories_territory_region_slug",
        RegionFactory,
        lambda region: {"slug": RegionFactory(code="69" if region.code != "69" else "68").slug},
    ),
    Break("territories_territory_code_form", CommuneFactory, {"code": "9600"}),
    Break("territories_territory_code_form", EpciFactory, {"code": "12345678"}),
    Break("territories_territory_code_form", RegionFactory, {"kind": "pays"}),
    Break("territories_territory_parents", CommuneFactory, {"departement_id": None}),
    Break("territories_territory_parents", DepartementFactory, {"region_id": None}),
    Break("territories_territory_coordinates", CommuneFactory, {"latitude": None}),
    Break("territories_territory_coordinates", CommuneFactory, {"latitude": 91, "longitude": 2}),
    Break(
        "territories_formercommune_code_kind",
        FormerCommuneFactory,
        lambda former: {"code": FormerCommuneFactory().code},
    ),
)


@BREAKS
def test_database_refuses(case: Break) -> None:
    check_sql(case)


@BREAKS
def test_form_says_why(case: Break) -> None:
    check_form(case)


@pytest.mark.parametrize(
    ("column", "parent"),
    [("region_id", CommuneFactory), ("departement_id", RegionFactory), ("epci_id", RegionFactory)],
)
def test_parents_are_of_the_right_kind(column: str, parent: type) -> None:
    commune = CommuneFactory()
    with refused("territories_territory_parent_kinds"):
        run(
            f"UPDATE territories_territory SET {column} = %s WHERE id = %s",
            parent().pk,
            commune.pk,
        )


def test_a_commune_is_in_the_region_of_its_departement() -> None:
    commune = CommuneFactory()
    elsewhere = RegionFactory()
    with refused("territories_territory_parent_kinds"):
        run(
            "UPDATE territories_territory SET region_id = %s WHERE id = %s",
            elsewhere.pk,
            commune.pk,
        )


def test_an_old_name_needs_its_commune() -> None:
    former = FormerCommuneFactory()
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(Exception, match="territories_formerco"):
        run("UPDATE territories_formercommune SET commune_id = 0 WHERE id = %s", former.pk)


@with_database
@given(name=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60))
def test_the_name_is_kept_as_it_is_compared(name: str) -> None:
    with undone():
        former = FormerCommuneFactory(name=name)
        kept = FormerCommune.objects.get(pk=former.pk).normalised_name
        assert kept == kept.lower().strip()
        assert "  " not in kept
        assert all(char.isascii() and (char.isalnum() or char == " ") for char in kept)
