"""The floors answer what the pages answer, from memory; the product has no such addresses."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve
from pytest_django import Settings

from bench import floors

ADDRESSES = ["/poles/", "/carte/poles.geojson"]


@pytest.fixture
def client(settings: Settings) -> Client:
    settings.ROOT_URLCONF = "bench.urls"
    settings.ALLOWED_HOSTS = [floors.HOST]
    floors._kept_bytes.clear()
    floors._kept_renderings.clear()
    return Client(SERVER_NAME=floors.HOST, headers=floors.HEADERS)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_bytes_are_those_of_the_page_and_nothing_is_asked(client: Client, address: str) -> None:
    page = client.get(address)
    floor = f"/banc/octets{address}"
    client.get(floor)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(floor)
    assert len(captured) == 0
    assert answer.content == page.content
    assert answer["Content-Encoding"] == page["Content-Encoding"] == "br"
    assert answer["Content-Type"] == page["Content-Type"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_rendering_writes_the_page_and_nothing_is_asked(client: Client, address: str) -> None:
    page = client.get(address, headers={"accept-encoding": "identity"})
    floor = f"/banc/rendu{address}"
    client.get(floor)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(floor)
    assert len(captured) == 0
    assert len(answer.content) == pytest.approx(len(page.content), rel=0.02)


@pytest.mark.parametrize("address", ["/banc/octets/poles/", "/banc/rendu/poles/"])
def test_the_product_has_no_floor(address: str) -> None:
    with pytest.raises(Resolver404):
        resolve(address)
