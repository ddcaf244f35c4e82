from collections.abc import Callable

import pytest
from django.utils import timezone

from tests.breaking import Break, cases, check_form, check_sql, refused, run, update
from tests.factories import UserFactory
from tests.keeping_factories import AccessRequestFactory

pytestmark = pytest.mark.django_db

BREAKS = cases(
    Break("networks_user_erased", UserFactory, {"former_as": "ancien agent du ministère"}),
    Break("networks_accessrequest_said", AccessRequestFactory, {"message": ""}),
    Break("networks_accessrequest_said", AccessRequestFactory, {"full_name": ""}),
    Break(
        "networks_accessrequest_state",
        AccessRequestFactory,
        lambda _: {"state": "oubliee", "answered_at": timezone.now()},
    ),
    Break("networks_accessrequest_answered", AccessRequestFactory, {"state": "acceptee"}),
    Break(
        "networks_accessrequest_answered",
        AccessRequestFactory,
        lambda _: {"answered_at": timezone.now()},
    ),
    Break(
        "networks_accessrequest_reason",
        AccessRequestFactory,
        lambda _: {"state": "refusee", "answered_at": timezone.now()},
    ),
    Break(
        "networks_accessrequest_once",
        AccessRequestFactory,
        lambda _: {"email": AccessRequestFactory().email},
    ),
)


@BREAKS
def test_database_refuses(case: Break) -> None:
    check_sql(case)


@BREAKS
def test_form_says_why(case: Break) -> None:
    check_form(case)


def test_what_was_answered_hinders_no_other_request() -> None:
    first, second = AccessRequestFactory(), AccessRequestFactory()
    update(first, state="refusee", reason="Inconnue", answered_at=timezone.now())
    update(second, email=first.email)
    with refused("networks_accessrequest_once"):
        AccessRequestFactory(email=first.email)


def test_the_registry_keeps_an_administrator(settle: Callable[[], None]) -> None:
    administrator, officer = UserFactory(administrator=True), UserFactory(officer=True)
    for statement in (
        "UPDATE networks_user SET role = 'agent' WHERE id = %s",
        "UPDATE networks_user SET is_active = false WHERE id = %s",
        "DELETE FROM networks_user WHERE id = %s",
    ):
        with refused("networks_user_administrator"):
            run(statement, administrator.pk)
            settle()
    # Another may take over in the same transaction, and who is alone may leave.
    update(administrator, role="agent")
    update(officer, role="administrateur")
    settle()
    run("DELETE FROM networks_user WHERE id = %s", administrator.pk)
    run("DELETE FROM networks_user WHERE id = %s", officer.pk)
    settle()
