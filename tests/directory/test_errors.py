"""When something goes wrong: the site's own pages, with a way on, whatever no longer works."""

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from directory.views.gone import gone
from ptce_registry import errors
from tests.html import assert_clean_html


def assert_error_page(response: HttpResponse, status: int, words: str) -> str:
    html = response.content.decode()
    assert response.status_code == status
    assert words in html
    assert 'href="/"' in html
    assert 'href="/poles/"' in html
    assert 'content="noindex"' in html
    assert 'rel="canonical"' not in html
    assert_clean_html(html)
    return html


# None of these tests asks for the database: a statement in one of them would raise.


def test_not_found(client: Client) -> None:
    assert_error_page(client.get("/nulle-part/"), 404, "Page non trouvée")


@pytest.mark.parametrize(
    "address", ["/communes/%00/", "/poles/%00/", "/regions/a%00b/", "/admin/poles/pole/%00/change/"]
)
def test_an_address_that_no_text_holds_is_not_found(client: Client, address: str) -> None:
    assert_error_page(client.get(address), 404, "Page non trouvée")


def test_bad_request(rf: RequestFactory) -> None:
    assert_error_page(errors.bad_request(rf.get("/"), Exception()), 400, "Demande illisible")


def test_forbidden(rf: RequestFactory) -> None:
    html = assert_error_page(errors.forbidden(rf.get("/"), Exception()), 403, "Accès refusé")
    assert 'href="/admin/"' in html


def test_expired_form() -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert_error_page(response, 403, "n’est plus valable")


def test_gone_says_why(rf: RequestFactory) -> None:
    response = gone(rf.get("/poles/ancien/"), "Pôle d’hier", "Doublon d’une autre fiche.")
    html = assert_error_page(response, 410, "Fiche archivée")
    assert "Pôle d’hier" in html
    assert "Doublon d’une autre fiche." in html


def test_reason_of_an_archive_is_escaped(rf: RequestFactory) -> None:
    html = gone(rf.get("/"), "<b>x</b>", "<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in html


@pytest.fixture
def forgiving_client(client: Client) -> Client:
    client.raise_request_exception = False
    return client


def test_unexpected_error(forgiving_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.public.data_version", lambda: 1 / 0)
    assert_error_page(forgiving_client.get("/article-9/"), 500, "Erreur inattendue")


def test_unexpected_error_names_the_contact(
    forgiving_client: Client, monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    settings.PUBLISHER = settings.PUBLISHER | {"contact": "aide@exemple.invalid"}
    monkeypatch.setattr("catalogue.public.data_version", lambda: 1 / 0)
    html = forgiving_client.get("/article-9/").content.decode()
    assert 'href="mailto:aide@exemple.invalid"' in html


def test_database_away(forgiving_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> int:
        raise OperationalError("connection refused: 10.0.0.1")

    monkeypatch.setattr("catalogue.public.data_version", away)
    response = forgiving_client.get("/article-9/")
    html = assert_error_page(response, 503, "Service momentanément indisponible")
    assert response["Retry-After"] == errors.RETRY_AFTER_SECONDS
    assert "10.0.0.1" not in html
