import pytest

from tests.breaking import Break, cases, check_form, check_sql
from tests.factories import UserFactory
from tests.keeping_factories import CommentFactory

pytestmark = pytest.mark.django_db

BREAKS = cases(
    Break("poles_comment_text", CommentFactory, {"text": ""}),
    Break("poles_comment_closed", CommentFactory, {"answer": "C’est fait"}),
    Break("poles_comment_closed", CommentFactory, lambda _: {"closed_by_id": UserFactory().pk}),
)


@BREAKS
def test_database_refuses(case: Break) -> None:
    check_sql(case)


@BREAKS
def test_form_says_why(case: Break) -> None:
    check_form(case)
