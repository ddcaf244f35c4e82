from collections.abc import Iterator

import psycopg
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from tests.browser.signing import EMAIL, PASSWORD
from tests.real_data import database_url


@pytest.fixture(scope="module")
def account(site_url: str) -> Iterator[str]:
    """An administrator whom the site sees: kept outside of the tests' transaction, then erased.

    One for each file: whoever writes to the officers in another must not find this one.
    """
    password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", 1000)
    with psycopg.connect(database_url(), autocommit=True) as site:
        site.execute(
            "INSERT INTO networks_user"
            " (email, full_name, role, is_active, date_joined, password, former_as)"
            " VALUES (%s, '', 'administrateur', true, now(), %s, '')",
            (EMAIL, password),
        )
    yield EMAIL
    with psycopg.connect(database_url(), autocommit=True) as site:
        site.execute("DELETE FROM usersessions_usersession")
        site.execute("DELETE FROM networks_user WHERE email = %s", (EMAIL,))


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Who signed in, and what the site means to mail, is no other test's affair."""
    yield
    if "account" in request.fixturenames:
        with psycopg.connect(database_url(), autocommit=True) as site:
            site.execute("DELETE FROM django_session")
            site.execute("DELETE FROM networks_cache")
            site.execute("DELETE FROM django_tasks_database_dbtaskresult")
