import pytest
from hypothesis import given

from networks.models import NetworkRegion
from tests.breaking import Break, cases, check_form, check_sql, refused, run, update, with_database
from tests.factories import (
    CommuneFactory,
    NetworkFactory,
    NetworkRegionFactory,
    NetworkStaffFactory,
    UserFactory,
)
from tests.slugs import check_slugs, slugs

pytestmark = pytest.mark.django_db

BREAKS = cases(
    Break("networks_user_email", UserFactory, lambda user: {"email": UserFactory().email.upper()}),
    Break("networks_user_role", UserFactory, {"role": "roi"}),
    Break("networks_network_kind", NetworkFactory, {"kind": "club"}),
    Break("networks_network_slug_form", NetworkFactory, {"slug": "Réseau"}),
    Break(
        "networks_networkregion_once",
        NetworkRegionFactory,
        lambda link: {"region_id": NetworkRegionFactory(network=link.network).region_id},
    ),
    Break(
        "networks_networkstaff_once",
        NetworkStaffFactory,
        lambda staff: {"user_id": NetworkStaffFactory(network=staff.network).user_id},
    ),
    Break("networks_networkstaff_role", NetworkStaffFactory, {"role": "chef"}),
)


@BREAKS
def test_database_refuses(case: Break) -> None:
    check_sql(case)


@BREAKS
def test_form_says_why(case: Break) -> None:
    check_form(case)


def test_a_network_is_tied_to_regions_only() -> None:
    network, commune = NetworkFactory(), CommuneFactory()
    with refused("networks_networkregion_kind"):
        run(
            "INSERT INTO networks_networkregion (network_id, region_id) VALUES (%s, %s)",
            network.pk,
            commune.pk,
        )
    assert not NetworkRegion.objects.filter(network=network).exists()


def test_names_and_slugs_are_each_network_s_own() -> None:
    one, other = NetworkFactory(), NetworkFactory()
    for column in ("name", "slug"):
        with pytest.raises(Exception, match=f"networks_network_{column}"):
            update(other, **{column: getattr(one, column)})
        break


@with_database
@given(slug=slugs)
def test_slugs(slug: str) -> None:
    check_slugs("networks_network_slug_form", NetworkFactory, slug)
