"""Leaving the site and ProConnect with it, and separating the two."""

from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from tests.html import assert_clean_html
from tests.workspace.accounts.proconnect_server import ProConnect
from tests.workspace.accounts.proconnecting import (
    LEAVE,
    SUBJECT,
    come,
    confirmed,
    editor,
    is_signed_in,
    onward,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_factor]


def test_leaving_the_site_leaves_proconnect(client: Client, proconnect: ProConnect) -> None:
    editor()
    come(client, proconnect)
    page = client.post(LEAVE)
    assert_clean_html(page.content.decode())
    assert not is_signed_in(client)
    answer = httpx.get(onward(page))
    [left] = proconnect.left
    assert left["sub"] == SUBJECT
    assert len(left["state"]) >= 32
    back = urlsplit(answer.headers["Location"])
    assert back.path == "/compte/proconnect/sortie/"
    # Another state says nothing, and the state serves once.
    assert Client().get(f"{back.path}?{back.query}")["Location"] == "/"
    said = client.get(f"{back.path}?{back.query}", follow=True).content.decode()
    assert "Vous êtes déconnecté du registre et de ProConnect" in said
    assert client.get(f"{back.path}?{back.query}")["Location"] == "/"


def test_who_came_with_a_password_leaves_alone(client: Client, proconnect: ProConnect) -> None:
    client.force_login(editor())
    assert client.post(LEAVE)["Location"] == "/"


def test_leaving_does_not_wait_for_proconnect(client: Client, proconnect: ProConnect) -> None:
    editor()
    come(client, proconnect)
    cache.clear()
    proconnect.issuer = "https://autre.invalid"
    page = client.post(LEAVE, follow=True)
    assert not is_signed_in(client)
    assert "ProConnect ne répond pas" in page.content.decode()


def test_an_identity_is_seen_and_separated(
    client: Client, proconnect: ProConnect, mailoutbox: list[Any]
) -> None:
    user = editor()
    client.force_login(user)
    assert "Non relié" in client.get("/compte/").content.decode()
    come(client, proconnect)
    page = client.get("/compte/").content.decode()
    assert_clean_html(page)
    assert "Séparer ProConnect" in page
    other = Client()
    other.force_login(confirmed("autre@exemple.invalid"))
    other.post("/compte/proconnect/separer/")
    assert SocialAccount.objects.get().user == user
    said = client.post("/compte/proconnect/separer/", follow=True).content.decode()
    assert "ProConnect est séparé de votre compte" in said
    assert SocialAccount.objects.count() == 0
    assert [mail.to for mail in mailoutbox] == [[user.email]] * 2
    assert "séparé" in mailoutbox[1].subject
    # Known by its address no more than by its subject, it opens nothing.
    proconnect.person["email"] = "ailleurs@ministere.invalid"
    assert come(Client(), proconnect).status_code == 403
