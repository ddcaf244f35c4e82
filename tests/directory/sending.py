"""Sending a form of the public as a person would: opened, read, typed into, sent."""

import re
import time
from html import unescape
from typing import Any

from django.core import signing
from django.test import Client

from tests.html import assert_clean_html


def moment(purpose: str, seconds_ago: float = 60) -> str:
    signer = signing.Signer(salt=f"core.public_forms.{purpose}")
    return signer.sign(f"{time.time() - seconds_ago:.1f}")


def send(client: Client, address: str, purpose: str, **typed: Any) -> Any:
    return client.post(address, {"moment": moment(purpose), **typed})


def words(response: Any) -> str:
    """What the page of an answer says, which is clean, and kept by no cache that is shared."""
    html = response.content.decode()
    assert_clean_html(html)
    assert "private" in response["Cache-Control"]
    content = html.partition('id="content"')[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", content)))
