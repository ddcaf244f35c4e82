"""The pages of the e-mail alerts."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from directory.forms.alert import AlertForm
from poles.models import Alert
from tests.breaking import undone, with_database
from tests.directory.records import context_of
from tests.directory.sending import send, words
from tests.factories import PoleFactory
from tests.posted import ADDRESSES, TEXT, moments, posted

pytestmark = pytest.mark.django_db
MAILBOX = "suivi@exemple.invalid"


def ask(client: Client, **typed: Any) -> Any:
    typed = {"frequency": "semaine", "email": MAILBOX} | typed
    return send(client, "/alertes/", "alerte", **typed)


def link(mail: Any) -> str:
    found = re.search(r"http://localhost:8000(/alertes/\S+/)", mail.body)
    assert found
    return found[1]


def test_from_the_form_to_the_mail_and_out(client: Client, mailoutbox: list[Any]) -> None:
    answer = ask(client, region="53", theme="culture")
    assert answer.status_code == 302
    assert "Regardez vos courriels" in words(client.get(answer["Location"]))
    alert = Alert.objects.get()
    assert (alert.region.code, alert.theme.slug, alert.confirmed_at) == ("53", "culture", None)
    # A mail program that opens the link by itself confirms nothing.
    page = link(mailoutbox[0])
    assert "chaque semaine" in words(client.get(page))
    alert.refresh_from_db()
    assert alert.confirmed_at is None
    assert "C’est confirmé" in words(client.post(page))
    alert.refresh_from_db()
    assert alert.confirmed_at
    # And its "leave" button posts here without a cookie nor a page.
    ask(client, region="53", theme="culture")
    page = link(mailoutbox[1])
    assert "/arreter/" in page
    assert "Un clic" in words(client_of_a_mail_program().get(page))
    assert Alert.objects.exists()
    body = {"List-Unsubscribe": "One-Click"}
    assert "arrêtée" in words(client_of_a_mail_program().post(page, body))
    assert not Alert.objects.exists()
    assert "arrêtée" in words(client.post(page))


def client_of_a_mail_program() -> Client:
    return Client(enforce_csrf_checks=True)


def test_confirming_asks_for_the_page_s_own_button(client: Client, mailoutbox: list[Any]) -> None:
    ask(client)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link(mailoutbox[0])).status_code == 403
    assert strict.post("/alertes/").status_code == 403
    assert not Alert.objects.filter(confirmed_at__isnull=False).exists()


@pytest.mark.parametrize("address", ["confirmer", "arreter"])
def test_a_link_that_was_cut(client: Client, address: str) -> None:
    answer = client.get(f"/alertes/{address}/eyJuIjox/")
    assert answer.status_code in {404, 410}
    assert "Ce lien" in words(answer)
    assert 'name="robots"' in answer.content.decode()


def test_links_say_what_to_follow(client: Client) -> None:
    pole = PoleFactory(published=True, name="Pôle suivi")
    assert f"/alertes/?pole={pole.slug}" in client.get(f"/poles/{pole.slug}/").content.decode()
    assert "/alertes/?region=53" in client.get("/regions/bretagne/").content.decode()
    page = client.get(f"/alertes/?pole={pole.slug}")
    assert "« Pôle suivi »" in words(page).replace("\u00a0", " ")
    form = client.get("/alertes/?region=53&theme=culture").context["form"]
    assert (form["region"].value(), form["theme"].value()) == ("53", "culture")
    assert ask(client, pole=pole.slug).status_code == 302
    assert Alert.objects.get().pole == pole


@pytest.mark.parametrize(
    ("query", "followed"),
    [
        ("theme=culture", "theme=culture"),
        ("theme=culture&region=53&page=1&tri=nom", "region=53&theme=culture"),
        ("", None),
        ("region=53&region=52", None),
        ("theme=non-renseigne", None),
        ("theme=culture&q=livres", None),
        ("theme=culture&maturite=emergent", None),
    ],
)
def test_a_list_is_followed_when_an_alert_says_the_same(
    client: Client, query: str, followed: str | None
) -> None:
    assert context_of(client, f"/poles/?{query}")["alert_query"] == (followed or "")
    page = client.get(f"/poles/?{query}").content.decode()
    assert ("/alertes/?" in page) is bool(followed)


def test_a_pole_that_is_not_published_is_not_followed(client: Client) -> None:
    draft = PoleFactory(name="Pôle secret")
    page = client.get(f"/alertes/?pole={draft.slug}")
    assert "secret" not in page.content.decode()
    answer = ask(client, pole=draft.slug)
    assert "n’est plus, dans le registre" in words(answer)
    assert f'value="{MAILBOX}"' in answer.content.decode()
    assert 'name="pole" value' not in answer.content.decode()


def test_errors_keep_what_was_typed(client: Client) -> None:
    answer = ask(client, region="53", email="suivi@", frequency="")
    said = words(answer)
    assert "comme nom@exemple.fr" in said
    assert "Choisissez un rythme." in said
    html = answer.content.decode()
    assert 'value="suivi@"' in html
    assert '<option value="53" selected>' in html
    assert not Alert.objects.exists()


def test_whoever_asks_too_much_is_told(client: Client, mailoutbox: list[Any]) -> None:
    for number in range(AlertForm.from_one_place.hourly):
        assert ask(client, email=f"suivi{number}@exemple.invalid").status_code == 302
    answer = ask(client, email="victime@exemple.invalid")
    assert answer.status_code == 429
    assert "dans une heure" in words(answer)
    assert "victime@exemple.invalid" not in {mail.to[0] for mail in mailoutbox}


def test_the_form_costs_few_statements(client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        client.get("/alertes/?region=53")


@with_database
@given(
    sent=posted(
        pole=st.sampled_from(["", "suivi", "secret"]),
        region=st.sampled_from(["", "53", "99"]),
        theme=st.sampled_from(["", "culture", "x"]),
        frequency=st.sampled_from(["jour", "semaine", "siecle"]),
        email=ADDRESSES,
        complement=st.sampled_from(["", "x"]),
        moment=moments("alerte"),
    )
)
def test_whatever_is_sent(client: Client, sent: dict[str, Any]) -> None:
    with undone():
        PoleFactory(slug="suivi", published=True)
        PoleFactory(slug="secret")
        answer = client.post("/alertes/", sent)
        assert answer.status_code in {200, 302, 429}
        alerts = list(Alert.objects.select_related("pole", "region", "theme"))
        assert len(alerts) == (answer.status_code == 302)
        for alert in alerts:
            # What is written is what was asked, and waits for its confirmation.
            assert alert.confirmed_at is None
            assert alert.email == sent["email"].strip()
            assert alert.frequency == sent["frequency"]
            pole = alert.pole.slug if alert.pole else ""
            assert pole == sent.get("pole", "").strip()
            assert pole != "secret"
            if not pole:
                assert (alert.region.code if alert.region else "") == sent.get("region", "")
                assert (alert.theme.slug if alert.theme else "") == sent.get("theme", "")
            assert not sent.get("complement")


@with_database
@given(token=TEXT.filter(lambda text: text.strip("/.") and "/" not in text))
def test_whatever_link_is_opened(client: Client, token: str) -> None:
    for action in ("confirmer", "arreter"):
        for method in (client.get, client.post):
            assert method(f"/alertes/{action}/{quote(token, safe='')}/").status_code in {404, 410}
