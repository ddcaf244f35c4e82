"""Drafts: closing the browser loses nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from poles.models import Draft, Pole
from tests.factories import NetworkStaffFactory
from tests.forms import filled
from tests.workspace.sections import address, opened, save
from tests.workspace.staff import MAX_STATEMENTS, Kept, kept, signed_in

pytestmark = pytest.mark.django_db


def pause(record: Kept, user: Any = None, **typed: Any) -> Any:
    """A pause in typing, after which the browser closes."""
    client = signed_in(user or record.editor)
    page = opened(client, record.pole, "identite")
    return client.post(address(record.pole, "identite") + "brouillon/", filled(page, **typed))


def page(record: Kept, user: Any = None) -> str:
    return opened(signed_in(user or record.editor), record.pole, "identite").content.decode()


def test_what_was_typed_is_there_again() -> None:
    record = kept(summary="Avant")
    answer = pause(record, summary="Commencé", description="Deux\r\nlignes", website="à finir")
    assert "Brouillon gardé à" in answer.json()["said"]
    assert Pole.objects.get(pk=record.pole.pk).summary == "Avant"
    html = page(record)
    assert "Votre brouillon du" in html
    assert ">Commencé" in html.replace("\n", "")
    assert "à finir" in html
    assert "fr-error-text" not in html
    assert "Commencé" not in page(record, record.manager)


def test_a_draft_that_is_saved_is_gone() -> None:
    record = kept()
    pause(record, summary="Commencé")
    client = signed_in(record.editor)
    sent = filled(opened(client, record.pole, "identite"))
    assert client.post(address(record.pole, "identite"), sent).status_code == 302
    assert Pole.objects.get(pk=record.pole.pk).summary == "Commencé"
    assert not Draft.objects.exists()


def test_a_pause_that_comes_after_the_save_leaves_nothing() -> None:
    record = kept(summary="Avant")
    client = signed_in(record.editor)
    sent = filled(opened(client, record.pole, "identite"), summary="Après")
    client.post(address(record.pole, "identite"), sent)
    client.post(address(record.pole, "identite") + "brouillon/", sent)
    assert "Votre brouillon" not in page(record)
    assert not Draft.objects.exists()


def test_it_can_be_dropped() -> None:
    record = kept(summary="Avant")
    pause(record, summary="Commencé")
    client = signed_in(record.editor)
    client.post(address(record.pole, "identite"), {"abandonner": "1"})
    assert "Commencé" not in page(record)


def test_typing_back_what_was_there_drops_it() -> None:
    record = kept()
    pause(record, summary="Commencé")
    pause(record, rien="1")
    assert not Draft.objects.exists()


def test_what_is_refused_is_kept_too() -> None:
    record = kept()
    save(record.editor, record.pole, "identite", name="", summary="Commencé")
    assert "Commencé" in page(record)


def test_others_changes_are_taken_where_nothing_was_typed_and_told_where_it_was() -> None:
    record = kept(summary="Avant", acronym="")
    pause(record, summary="Commencé")
    Pole.objects.filter(pk=record.pole.pk).update(acronym="NOUVEAU", summary="D’un autre")
    html = page(record)
    assert 'value="NOUVEAU"' in html
    assert "Commencé" in html
    assert "D’un autre" in html
    response = save(record.editor, record.pole, "identite")
    assert response.status_code == 409
    assert Pole.objects.get(pk=record.pole.pk).summary == "D’un autre"


def test_whoever_may_not_edit_keeps_no_draft() -> None:
    record = kept()
    url = address(record.pole, "identite") + "brouillon/"
    assert signed_in(record.stranger).post(url, {"summary": "x"}).status_code == 403
    assert signed_in(record.editor).get(url).status_code == 405
    assert not Draft.objects.exists()


def test_characters_that_the_database_refuses_and_long_ones() -> None:
    record = kept()
    assert pause(record, summary="a\x00b").status_code == 200
    assert Draft.objects.get().data["summary"] == ["ab"]
    assert pause(record, description="x" * 600_000).status_code == 413


def test_drafts_go_with_the_account_and_with_time() -> None:
    record = kept()
    pause(record, summary="De l’une")
    pause(record, user=record.manager, summary="De l’autre")
    call_command("forget", "brouillons")
    assert Draft.objects.count() == 2
    Draft.objects.filter(user=record.editor).update(saved_at=timezone.now() - timedelta(days=181))
    call_command("forget", "brouillons")
    NetworkStaffFactory(network=record.network, role="responsable")
    record.manager.delete()
    assert not Draft.objects.exists()


def test_statements(django_assert_max_num_queries: Any) -> None:
    record = kept(published=True)
    pause(record, summary="Commencé")
    client = signed_in(record.editor)
    with django_assert_max_num_queries(MAX_STATEMENTS):
        client.get(address(record.pole, "identite"))
    with django_assert_max_num_queries(MAX_STATEMENTS):
        client.post(address(record.pole, "identite") + "brouillon/", {"summary": "y"})
