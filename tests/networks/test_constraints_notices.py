import pytest

from networks.models import NoticePreference
from tests.breaking import Break, cases, check_form, check_sql
from tests.factories import UserFactory
from tests.keeping_factories import NoticeFactory

pytestmark = pytest.mark.django_db

BREAKS = cases(
    Break(
        "networks_noticepreference_choice",
        lambda: NoticePreference.objects.create(user=UserFactory()),
        {"choice": "souvent"},
    ),
    Break(
        "networks_notice_once",
        NoticeFactory,
        lambda notice: {"about": NoticeFactory(user=notice.user).about},
    ),
)


@BREAKS
def test_database_refuses(case: Break) -> None:
    check_sql(case)


@BREAKS
def test_form_says_why(case: Break) -> None:
    check_form(case)
