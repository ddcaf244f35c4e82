"""Each section of a record: shown, saved on its own, refused with the reason."""

from typing import Any

import pytest

from poles.models import Pole
from tests.factories import ThemeFactory
from tests.forms import filled
from tests.html import assert_clean_html
from tests.workspace.sections import address, save
from tests.workspace.staff import MAX_STATEMENTS, kept, signed_in

pytestmark = pytest.mark.django_db


def test_a_section_is_saved_on_its_own() -> None:
    record = kept(summary="Avant", description="Longue\nhistoire")
    theme = ThemeFactory()
    response = save(
        record.editor, record.pole, "identite", summary="Après", themes=[str(theme.pk)], why="Appel"
    )
    assert response.url == f"/espace/poles/{record.pole.pk}/"
    pole = Pole.objects.get(pk=record.pole.pk)
    assert pole.summary == "Après"
    assert pole.description == "Longue\nhistoire"
    assert list(pole.themes.all()) == [theme]
    event = pole.events.order_by("pgh_id").last()
    assert event.pgh_context.metadata["why"] == "Appel"
    assert event.pgh_context.metadata["user"] == record.editor.pk


def test_the_next_section_follows() -> None:
    record = kept()
    response = save(record.editor, record.pole, "identite", suite="1")
    assert response.url == address(record.pole, "lieu")


def test_saving_what_did_not_change_writes_nothing() -> None:
    record = kept(summary="  Des espaces autour ", description="Une ligne\nune autre\n")
    version = Pole.objects.get(pk=record.pole.pk).version
    save(record.editor, record.pole, "identite")
    pole = Pole.objects.get(pk=record.pole.pk)
    assert pole.version == version
    assert pole.summary == "  Des espaces autour "


def test_what_is_wrong_is_told_above_and_beside_and_nothing_typed_is_lost() -> None:
    record = kept()
    response = save(
        record.editor,
        record.pole,
        "identite",
        name="",
        summary="x" * 401,
        website="pas une adresse",
    )
    assert response.status_code == 200
    html = response.content.decode()
    assert_clean_html(html)
    assert 'href="#id_name"' in html
    assert 'id="id_name_error"' in html
    assert 'href="#id_website"' in html
    assert "x" * 401 in html
    assert "pas une adresse" in html
    assert Pole.objects.get(pk=record.pole.pk).name == record.pole.name


def test_what_only_others_changed_is_kept() -> None:
    record = kept(summary="Avant")
    client = signed_in(record.editor)
    opened = client.get(address(record.pole, "identite"))
    Pole.objects.filter(pk=record.pole.pk).update(acronym="D’UN AUTRE")
    client.post(address(record.pole, "identite"), filled(opened, summary="Après"))
    pole = Pole.objects.get(pk=record.pole.pk)
    assert (pole.acronym, pole.summary) == ("D’UN AUTRE", "Après")


def test_a_lost_origin_overwrites_nothing() -> None:
    record = kept(summary="Avant")
    response = save(record.editor, record.pole, "identite", summary="Après", base="abîmé")
    assert response.status_code != 302
    assert Pole.objects.get(pk=record.pole.pk).summary == "Avant"


def test_statements(django_assert_max_num_queries: Any) -> None:
    record = kept(published=True)
    client = signed_in(record.editor)
    with django_assert_max_num_queries(MAX_STATEMENTS):
        client.get(address(record.pole, "identite"))


def test_who_may_not_write_proposes() -> None:
    record = kept(published=True, summary="Avant")
    response = save(record.editor, record.pole, "identite", summary="Après", why="Vu sur place")
    assert response.status_code == 302
    assert Pole.objects.get(pk=record.pole.pk).summary == "Avant"
    proposal = record.pole.proposals.get()
    assert proposal.changes == {"summary": {"before": "Avant", "after": "Après"}}
    assert (proposal.author, proposal.message) == (record.editor, "Vu sur place")
