"""Signing in with a browser, as someone whom the site knows."""

import secrets
import time
from collections.abc import Callable
from datetime import timedelta

import psycopg
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from playwright.sync_api import Page, expect

from networks.models import User
from tests.real_data import database_url

EMAIL = "navigateur@exemple.invalid"
PASSWORD = "une phrase de passe pour le navigateur"

Pages = Callable[..., Page]


def open_session(email: str, database: str) -> str:
    """The key of a session of the account, both factors shown; written where the site looks."""
    with psycopg.connect(database, autocommit=True) as site:
        found = site.execute(
            "SELECT id, password FROM networks_user WHERE email = %s", (email,)
        ).fetchone()
        assert found, email
        user = User(pk=found[0], password=found[1])
        key = secrets.token_hex(16)
        session = {
            "_auth_user_id": str(user.pk),
            "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0],
            "_auth_user_hash": user.get_session_auth_hash(),
            "account_authentication_methods": [
                {"method": "password", "at": time.time(), "email": email},
                {"method": "mfa", "at": time.time(), "type": "totp", "reauthenticated": True},
            ],
            "account_authentication_methods_user": str(user.pk),
        }
        site.execute(
            "INSERT INTO django_session (session_key, session_data, expire_date)"
            " VALUES (%s, %s, %s)",
            (key, SessionStore().encode(session), timezone.now() + timedelta(hours=1)),
        )
    return key


def sign_in(page: Page, email: str, database: str | None = None) -> None:
    """Makes the page's browser that of the account.

    ``database``: of a site of one's own, ``own_site.environment["DATABASE_URL"]``.
    """
    key = open_session(email, database or database_url())
    cookie = {"name": "sessionid", "value": key, "domain": "127.0.0.1", "path": "/"}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def signed_in(new_page: Pages, account: str, **options: object) -> Page:
    page = new_page(**options)
    sign_in(page, account)
    page.goto("/admin/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce qui attend")
    return page
