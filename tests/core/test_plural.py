"""Plurals as French writes them, in every template."""

import pytest
from django.template import engines


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0 dossier reçu"),
        (1, "1 dossier reçu"),
        (2, "2 dossiers reçus"),
        ([], "[] dossier reçu"),
        ("12", "12 dossiers reçus"),
        (1.5, "1,5 dossier reçu"),
    ],
)
def test_the_plural_begins_at_two(number: object, written: str) -> None:
    template = "{{ n }} dossier{{ n|pluralize }} {{ n|pluralize:'reçu,reçus' }}"
    assert engines["django"].from_string(template).render({"n": number}) == written
