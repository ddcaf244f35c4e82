"""The index follows every change by itself, and the calendar when it is told to."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from calls.models import Application, Call
from catalogue.models import PoleIndex, PoleText
from catalogue.refreshing import refresh_everything
from members.models import Organisation
from poles.models import Membership, Pole, PoleTheme, RecordState, Theme
from territories.models import Territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pole():
    return Pole.objects.get(slug="pole-alpen")


def row(pole):
    return PoleIndex.objects.get(pole=pole)


def everything():
    return (
        list(PoleIndex.objects.order_by("pole_id").values_list()),
        list(PoleText.objects.order_by("pole_id").values_list()),
    )


def test_triggers_kept_what_a_full_refresh_would_write():
    kept = everything()
    assert refresh_everything() == Pole.objects.published().count()
    assert everything() == kept


def test_follows_the_seat(pole):
    pole.seat = Territory.objects.get(kind="departement", code="2A")
    pole.save()
    assert (row(pole).region, row(pole).departement, row(pole).commune) == ("94", "2A", "")
    assert row(pole).precision == 3


def test_follows_a_position_placed_by_hand(pole):
    Pole.objects.filter(pk=pole.pk).update(latitude=45, longitude=5, position_origin="main")
    assert (row(pole).latitude, row(pole).precision) == (45.0, 0)


def test_follows_themes_and_their_names(pole):
    theme = Theme.objects.create(name="Ferronnerie", slug="ferronnerie")
    link = PoleTheme.objects.create(pole=pole, theme=theme)
    assert "ferronnerie" in row(pole).themes
    Theme.objects.filter(pk=theme.pk).update(slug="dinanderie")
    assert "dinanderie" in row(pole).themes
    link.delete()
    assert "dinanderie" not in row(pole).themes


def test_follows_members_moved_from_one_pole_to_another(pole):
    other = Pole.objects.get(slug="poles-noe")
    body = Organisation.objects.create(
        name="Essai", slug="essai", kind="recherche", is_commercial=False
    )
    link = Membership.objects.create(pole=pole, organisation=body)
    assert "recherche" in row(pole).members
    Membership.objects.filter(pk=link.pk).update(pole=other)
    assert "recherche" not in row(pole).members
    assert "recherche" in row(other).members


def test_partner_is_not_an_active_member(pole):
    body = Organisation.objects.create(
        name="Essai", slug="essai", kind="recherche", is_commercial=False
    )
    Membership.objects.create(pole=pole, organisation=body, role="partenaire")
    assert "recherche" not in row(pole).members


def test_follows_calls(pole):
    call = Call.objects.get(code="ami-2023")
    application = Application.objects.create(call=call, pole=pole)
    # Nobody published that this pole applied.
    assert "ami-2023" not in row(pole).calls
    Application.objects.filter(pk=application.pk).update(decision="laureat")
    assert "ami-2023" in row(pole).calls


def test_archived_pole_leaves_the_index(pole):
    Pole.objects.filter(pk=pole.pk).update(
        record_state=RecordState.ARCHIVED, archive_reason="Doublon"
    )
    assert not PoleIndex.objects.filter(pole=pole).exists()
    assert not PoleText.objects.filter(pole=pole).exists()


def test_deleted_pole_leaves_the_index(pole):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM poles_polesource WHERE pole_id = %s", [pole.pk])
        cursor.execute("DELETE FROM poles_poletheme WHERE pole_id = %s", [pole.pk])
        cursor.execute("DELETE FROM poles_membership WHERE pole_id = %s", [pole.pk])
        cursor.execute("DELETE FROM calls_application WHERE pole_id = %s", [pole.pk])
        cursor.execute("DELETE FROM poles_pole WHERE id = %s", [pole.pk])
    assert not PoleIndex.objects.filter(pole_id=pole.pk).exists()


def test_time_alone_is_caught_up_by_the_night(pole, settle):
    body = Organisation.objects.create(
        name="Essai", slug="essai", kind="recherche", is_commercial=False
    )
    today = timezone.localdate()
    Membership.objects.create(pole=pole, organisation=body, begins_on=today + timedelta(days=3))
    assert "recherche" not in row(pole).members
    assert row(pole).true_until == today + timedelta(days=3)
    settle()
    # As if the row had been written before the day came.
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("ALTER TABLE poles_membership DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE poles_membership SET begins_on = %s WHERE organisation_id = %s",
            [today, body.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE poles_membership ENABLE TRIGGER USER")
        cursor.execute("RESET ROLE")
    PoleIndex.objects.filter(pole=pole).update(true_until=today)
    settle()
    call_command("refresh_catalogue")
    assert "recherche" in row(pole).members
