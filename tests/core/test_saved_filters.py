"""Filters kept by name: on their list, on the first page, one's own or shared."""

import pytest
from django.test import Client
from django.urls import reverse

from core.models import SavedFilter
from networks.models import User
from poles.models import Pole
from tests.factories import PoleFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST, FILTERS, KEEP = "/admin/poles/pole/", "/admin/filtres/", "/admin/filtres/garder/"


@pytest.fixture
def officer(client: Client) -> User:
    user = UserFactory(officer=True)
    client.force_login(user)
    return user


def keep(client: Client, name: str = "Soumises", **more: str) -> SavedFilter:
    given = {"listing": "poles.pole", "query": "record_state__exact=soumis&p=2", "name": name}
    answer = client.post(KEEP, given | more)
    assert answer["Location"] == f"{LIST}?record_state__exact=soumis"
    return SavedFilter.objects.get(name=name)


def said(client: Client, url: str) -> str:
    return client.get(url, follow=True).content.decode()


def test_a_filter_is_kept_and_found_again(client: Client, officer: User) -> None:
    submitted, _ = PoleFactory(record_state="soumis"), PoleFactory()
    assert "Garder ce filtre" not in said(client, LIST)
    assert "Garder ce filtre" in said(client, f"{LIST}?record_state__exact=soumis")
    keep(client)
    again = client.get(f"{LIST}?record_state__exact=soumis")
    assert list(again.context["cl"].result_list) == [submitted]
    assert "Garder ce filtre" not in again.content.decode()
    for page in (LIST, reverse("admin:index"), FILTERS):
        assert "Soumises" in said(client, page)
    assert "Soumises" not in said(client, "/admin/calls/call/")
    client.post(KEEP, {"listing": "poles.pole", "query": "q=x", "name": "Soumises"})
    assert "a déjà ce nom" in said(client, LIST)


def test_who_audits_is_offered_none(client: Client) -> None:
    client.force_login(UserFactory(auditor=True))
    page = said(client, f"{LIST}?record_state__exact=soumis")
    assert "Garder ce filtre" not in page


def test_one_changes_only_ones_own(client: Client, officer: User) -> None:
    mine = keep(client)
    client.post(FILTERS, {"pk": mine.pk, "name": "À relire", "shared": "on"})
    mine.refresh_from_db()
    assert (mine.name, mine.shared) == ("À relire", True)
    private = keep(client, "Pour moi")
    said(client, LIST)
    client.force_login(UserFactory(officer=True))
    page = said(client, FILTERS)
    assert "À relire" in page and str(officer) in page and private.name not in page  # noqa: PT018
    assert client.post(FILTERS, {"pk": mine.pk, "remove": "1"}).status_code == 404
    client.force_login(officer)
    client.post(FILTERS, {"pk": mine.pk, "remove": "1"})
    assert list(SavedFilter.objects.all()) == [private]


@pytest.mark.parametrize("query", ["ancien__exact=1", "recognition__exact__x=1", "seat__slug=x"])
def test_a_filter_that_no_longer_applies_is_told(client: Client, officer: User, query: str) -> None:
    answer = client.get(f"{LIST}?{query}", follow=True)
    assert "ne s’applique plus" in answer.content.decode()
    assert answer.context["cl"].result_count == Pole.objects.count()


def test_a_list_that_is_no_more_is_told(client: Client, officer: User) -> None:
    SavedFilter.objects.create(owner=officer, listing="poles.gone", name="Vieux", query="q=x")
    assert "liste qui n’existe plus" in said(client, FILTERS)
    assert client.get(reverse("admin:index")).status_code == 200
    assert "n’existe pas" in said(client, client.post(KEEP, {"listing": "x"})["Location"])
