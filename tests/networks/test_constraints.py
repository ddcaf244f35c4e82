from collections.abc import Callable

import pytest
from django.utils import timezone
from hypothesis import given

from networks.models import FactorReset, Invitation, NetworkRegion
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


def invited() -> Invitation:
    return Invitation.objects.create(
        email=f"invitee{Invitation.objects.count()}@exemple.invalid",
        network=NetworkFactory(),
        staff_role="redacteur",
        token_digest=f"{Invitation.objects.count():064d}",
        expires_at=timezone.now(),
    )


INVITATIONS = cases(
    Break("networks_invitation_place", invited, {"staff_role": ""}),
    Break(
        "networks_invitation_end",
        invited,
        lambda _: {"accepted_at": timezone.now(), "withdrawn_at": timezone.now()},
    ),
    Break(
        "networks_factorreset_reason",
        lambda: FactorReset.objects.create(user=UserFactory(), reason="Perdu"),
        {"reason": ""},
    ),
)


@INVITATIONS
def test_database_refuses_of_invitations(case: Break) -> None:
    check_sql(case)


@INVITATIONS
def test_form_says_why_of_invitations(case: Break) -> None:
    check_form(case)


def test_one_is_invited_once_to_a_place() -> None:
    one, other = invited(), invited()
    with refused("networks_invitation_once"):
        update(other, email=one.email, network_id=one.network_id)


def test_a_network_keeps_a_manager(settle: Callable[[], None]) -> None:
    manager = NetworkStaffFactory(role="responsable")
    editor = NetworkStaffFactory(network=manager.network)
    settle()
    for statement in (
        "DELETE FROM networks_networkstaff WHERE id = %s",
        "UPDATE networks_networkstaff SET role = 'redacteur' WHERE id = %s",
    ):
        with refused("networks_networkstaff_manager"):
            run(statement, manager.pk)
            settle()
    first = NetworkFactory()
    user = UserFactory()
    with refused("networks_networkstaff_manager"):
        run(
            "INSERT INTO networks_networkstaff (network_id, user_id, role)"
            " VALUES (%s, %s, 'redacteur')",
            *(first.pk, user.pk),
        )
        settle()
    with refused("networks_networkstaff_manager"):
        update(editor, network_id=first.pk)
        settle()
    # Another may take over in the same transaction, and who is alone may leave.
    update(manager, role="redacteur")
    update(editor, role="responsable")
    settle()
    run("DELETE FROM networks_networkstaff WHERE network_id = %s", manager.network_id)
    settle()
