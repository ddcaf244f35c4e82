"""The version of the published data moves once a transaction, when something public changed."""

import pytest
from django.db import connection

from core.guard import WriteRefusedError, only_select
from core.models import DataVersion
from core.version import data_version, forget_data_version
from poles.models import Pole, Theme

pytestmark = pytest.mark.django_db


def number() -> int:
    return DataVersion.objects.get().number


def test_many_changes_move_it_once(settle):
    settle()
    before = number()
    Theme.objects.create(name="Essai", slug="essai")
    Pole.objects.filter(slug="pole-alpen").update(summary="Essai")
    assert number() == before
    settle()
    assert number() == before + 1


def test_what_the_public_does_not_see_leaves_it(settle, django_user_model):
    settle()
    before = number()
    django_user_model.objects.create_user("essai@example.org", "motdepasse-long")
    settle()
    assert number() == before


def test_second_row_is_refused():
    with pytest.raises(Exception, match="core_dataversion_one_row"):
        DataVersion.objects.create(id=2, number=1, moved_at="2026-01-01T00:00Z")


def test_held_for_one_second(django_assert_num_queries):
    forget_data_version()
    with django_assert_num_queries(1):
        assert data_version() == data_version()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE poles_pole SET summary = ''",
        "DELETE FROM poles_pole",
        "INSERT INTO poles_theme (name, slug, position) VALUES ('a', 'a', 0)",
        "TRUNCATE poles_pole",
        "  -- SELECT\nDELETE FROM poles_pole",
        "WITH gone AS (DELETE FROM poles_pole RETURNING id) SELECT * FROM gone",
        "SELECT * FROM poles_pole FOR UPDATE",
        "SELECT 1; DELETE FROM poles_pole",
    ],
)
def test_guard_refuses_what_writes(statement):
    with only_select(), connection.cursor() as cursor, pytest.raises(WriteRefusedError):
        cursor.execute(statement)


@pytest.mark.parametrize("statement", ["SELECT 1", "(SELECT 1) UNION (SELECT 2)"])
def test_guard_lets_reading_through(statement):
    with only_select(), connection.cursor() as cursor:
        cursor.execute(statement)
