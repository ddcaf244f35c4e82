"""robots.txt and the site maps."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve

from directory.sitemaps import SITEMAPS
from tests.factories import MembershipFactory, OrganisationFactory, PoleFactory

pytestmark = pytest.mark.django_db


def paths(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/xml")
    found = [each.text or "" for each in ET.fromstring(response.content).iter() if each.text]  # noqa: S314
    return [each.removeprefix(settings.SITE_URL) for each in found if each.startswith("http")]


def test_robots_name_the_site_map(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines
    assert "Disallow: /admin/" in lines
    assert "Disallow: /" not in lines


def test_index_leads_to_every_section(client: Client) -> None:
    assert paths(client, "/sitemap.xml") == [f"/sitemap-{name}.xml" for name in SITEMAPS]


@pytest.mark.parametrize("section", SITEMAPS)
def test_section_lists_addresses_that_exist(
    client: Client, section: str, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(8):
        listed = paths(client, f"/sitemap-{section}.xml")
    assert len(listed) == len(set(listed))
    for each in listed:
        assert each.startswith("/"), "another host than the public one"
        resolve(each)


def test_only_what_is_published_is_listed(client: Client) -> None:
    shown, draft = PoleFactory(published=True), PoleFactory()
    listed = paths(client, "/sitemap-poles.xml")
    assert shown.get_absolute_url() in listed
    assert draft.get_absolute_url() not in listed


def test_only_members_that_may_be_named_are_listed(client: Client) -> None:
    pole = PoleFactory(published=True)
    named = MembershipFactory(pole=pole).organisation
    hidden = MembershipFactory(
        pole=pole, organisation=OrganisationFactory(publication_status="P")
    ).organisation
    of_a_draft = MembershipFactory(pole=PoleFactory()).organisation
    listed = paths(client, "/sitemap-membres.xml")
    assert named.get_absolute_url() in listed
    assert hidden.get_absolute_url() not in listed
    assert of_a_draft.get_absolute_url() not in listed


def test_territories_are_all_there(client: Client) -> None:
    listed = paths(client, "/sitemap-territoires.xml")
    assert sum(each.startswith("/regions/") for each in listed) == 18
    assert sum(each.startswith("/departements/") for each in listed) == 101
    assert not [each for each in listed if re.search(r"communes", each)]


@pytest.mark.parametrize("address", ["/sitemap-rien.xml", "/sitemap-poles.xml?p=x"])
def test_unknown_section_or_page_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_other_name_of_the_host_changes_nothing(client: Client, settings) -> None:
    settings.ALLOWED_HOSTS = ["autre.invalid", "testserver"]
    ours = client.get("/sitemap-pages.xml").content
    assert client.get("/sitemap-pages.xml", headers={"host": "autre.invalid"}).content == ours
