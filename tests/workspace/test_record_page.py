"""The record's page for those who keep it."""

from typing import Any

import pytest

from tests.factories import (
    MembershipFactory,
    PoleFiguresFactory,
    PoleNetworkFactory,
    PoleProjectFactory,
    PoleSourceFactory,
    PoleThemeFactory,
)
from tests.html import assert_clean_html
from tests.workspace.staff import MAX_STATEMENTS, kept, signed_in

pytestmark = pytest.mark.django_db


def page_of(user: Any, pole: Any) -> str:
    response = signed_in(user).get(f"/espace/poles/{pole.pk}/")
    assert response.status_code == 200
    html = response.content.decode()
    assert_clean_html(html)
    return html


def test_what_is_filled_and_what_is_missing() -> None:
    record = kept(summary="Des jardins partagés")
    MembershipFactory(pole=record.pole, role="porteur", organisation__name="Les Jardins")
    html = page_of(record.editor, record.pole)
    assert "Des jardins partagés" in html
    assert "Les Jardins" in html
    assert "Il manque\u00a0: les thèmes." in html.replace("&nbsp;", "\u00a0")
    assert f"/espace/poles/{record.pole.pk}/identite/" in html


def test_who_may_not_write_is_told_and_may_propose() -> None:
    record = kept(published=True)
    html = page_of(record.editor, record.pole)
    assert "votre changement est proposé au responsable de votre réseau" in html
    assert "Proposer" in html
    assert "Modifier" not in html


def test_a_draft_is_seen_by_those_who_write_it_alone() -> None:
    record = kept()
    page_of(record.manager, record.pole)
    response = signed_in(record.stranger).get(f"/espace/poles/{record.pole.pk}/")
    assert response.status_code == 403
    assert "n’en a pas la charge" in response.content.decode()


def test_an_archived_record_is_not_edited() -> None:
    record = kept(record_state="archive", archive_reason="Fusion")
    response = signed_in(record.manager).get(f"/espace/poles/{record.pole.pk}/identite/")
    assert response.status_code == 403


def test_unknown_pole() -> None:
    assert signed_in(kept().editor).get("/espace/poles/999999999/").status_code == 404


@pytest.mark.parametrize("rows", [1, 10])
def test_statements(rows: int, django_assert_max_num_queries: Any) -> None:
    record = kept(published=True)
    MembershipFactory.create_batch(rows, pole=record.pole)
    PoleProjectFactory.create_batch(rows, pole=record.pole)
    PoleFiguresFactory.create_batch(rows, pole=record.pole)
    PoleSourceFactory.create_batch(rows, pole=record.pole)
    PoleThemeFactory.create_batch(rows, pole=record.pole)
    PoleNetworkFactory.create_batch(rows, pole=record.pole)
    client = signed_in(record.editor)
    with django_assert_max_num_queries(MAX_STATEMENTS):
        client.get(f"/espace/poles/{record.pole.pk}/")
