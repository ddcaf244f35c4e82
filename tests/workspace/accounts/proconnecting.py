"""A person who goes to ProConnect and comes back, for tests."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import httpx
from allauth.account.models import EmailAddress
from django.test import Client

from networks.models import User
from tests.factories import NetworkStaffFactory, UserFactory
from tests.workspace.accounts.proconnect_server import ProConnect

START, BACK, LEAVE = "/compte/proconnect/", "/compte/proconnect/retour/", "/compte/deconnexion/"
SUBJECT = "704e024229015d2bd47f7a5e5ab05b35c8336ab403c38022985cf0cfadc86fe91"
PERSON = {
    "sub": SUBJECT,
    "given_name": "Camille",
    "usual_name": "Essai",
    "email": "Camille.Essai@ministere.invalid",
    "email_verified": True,
    "siret": "13002526500013",
    "idp_id": "71144ab3-ee1a-4401-b7b3-79b44f7daeeb",
    "organization_label": "Direction des essais",
}


def confirmed(email: str = PERSON["email"], **values: Any) -> User:
    user = UserFactory(email=email, **values)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def editor(**values: Any) -> User:
    user = confirmed(**values)
    NetworkStaffFactory(user=user)
    return user


def onward(page: Any) -> str:
    """The address that a page goes on to."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())
    assert found, page.content.decode()
    return unescape(found[1])


def go(client: Client, proconnect: ProConnect, **sent: str) -> str:
    """To ProConnect; the path at which it sends the browser back."""
    page = client.post(START, sent)
    assert page.status_code == 200
    answer = httpx.get(onward(page))
    assert answer.status_code == 303, answer.text
    back = urlsplit(answer.headers["Location"])
    assert back.path == BACK
    return f"{back.path}?{back.query}"


def come(client: Client, proconnect: ProConnect, **sent: str) -> Any:
    return client.get(go(client, proconnect, **sent))


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
