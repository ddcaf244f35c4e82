"""A public page: computed once for a version of the data, with its ETag."""

import json

import brotli
import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from catalogue.public import forget_pages, public_page
from core.version import forget_data_version
from poles.models import Pole

pytestmark = pytest.mark.django_db


def test_asked_again_costs_no_statement(client, django_assert_num_queries):
    first = client.get("/poles/?region=53")
    with django_assert_num_queries(0):
        again = client.get("/poles/?region=53")
    assert again.content == first.content
    assert again["ETag"] == first["ETag"]


def test_not_modified(client):
    first = client.get("/carte/poles.geojson")
    again = client.get("/carte/poles.geojson", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]


def test_encodings_carry_the_same_page(client):
    plain = client.get("/carte/poles.geojson")
    packed = client.get("/carte/poles.geojson", headers={"accept-encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "br"
    assert brotli.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in plain["Vary"]


def test_publication_changes_the_page(client, settle):
    before = client.get("/carte/poles.geojson")
    Pole.objects.filter(slug="pole-alpen").update(name="Pôle Alpen rénové")
    settle()
    after = client.get("/carte/poles.geojson")
    assert before["ETag"] != after["ETag"]
    assert "rénové" in after.content.decode()


def test_htmx_gets_its_own_answer(client):
    whole = client.get("/poles/").content.decode()
    part = client.get("/poles/", headers={"hx-request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert 'id="resultats"' in part


def test_only_get_and_head(client):
    assert client.post("/poles/").status_code == 405
    assert client.head("/poles/").status_code == 200


def test_answers_other_than_200_are_not_kept():
    calls = []

    @public_page
    def view(request):
        calls.append(request)
        return HttpResponse(status=404)

    for _ in range(2):
        view(RequestFactory().get("/essai/"))
    assert len(calls) == 2


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr("catalogue.public._BUDGET_BYTES", 10_000)
    forget_pages()

    @public_page
    def view(request):
        return HttpResponse("x" * 4_000)

    for number in range(20):
        view(RequestFactory().get(f"/essai/?n={number}"))
    from catalogue import public

    assert public._held_bytes <= 10_000
    assert len(public._pages) == 2
    forget_pages()


def test_pages_never_say_who_is_signed_in(client, django_user_model):
    anonymous = client.get("/poles/").content
    client.force_login(django_user_model.objects.create_superuser("a@example.org", "x" * 12))
    forget_pages()
    forget_data_version()
    answer = client.get("/poles/")
    assert answer.content == anonymous
    assert "Cookie" not in answer["Vary"]


def test_map_data_holds_what_the_list_holds(client):
    for query in ("", "?region=53", "?q=insertion", "?maturite=existant&region=84"):
        collection = json.loads(client.get(f"/carte/poles.geojson{query}").content)
        listed = client.get(f"/poles/{query}").context["total"]
        assert len(collection["features"]) == listed
        for feature in collection["features"]:
            assert feature["properties"]["a"] in {0, 1, 2, 3, 4, None}
