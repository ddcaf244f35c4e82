"""A section as a person sends it: opened, changed in places, posted."""

from typing import Any

from django.test import Client

from networks.models import User
from poles.models import Pole
from tests.forms import filled
from tests.html import assert_clean_html
from tests.workspace.staff import signed_in


def address(pole: Pole, slug: str) -> str:
    return f"/espace/poles/{pole.pk}/{slug}/"


def opened(client: Client, pole: Pole, slug: str) -> Any:
    response = client.get(address(pole, slug))
    assert response.status_code == 200
    assert_clean_html(response.content.decode())
    return response


def save(user: User, pole: Pole, slug: str, **typed: Any) -> Any:
    """What comes back of the section, opened and sent with ``typed`` over it."""
    client = signed_in(user)
    return client.post(address(pole, slug), filled(opened(client, pole, slug), **typed))
