"""Two people on the same field: each is told, and nobody's words are lost."""

from html import unescape
from typing import Any

import pytest

from poles.models import Draft, Pole
from tests.factories import ThemeFactory
from tests.forms import filled
from tests.html import assert_clean_html
from tests.workspace.sections import address, opened
from tests.workspace.staff import Kept, kept, signed_in

pytestmark = pytest.mark.django_db


class Crossed:
    """Both opened the section; the manager saved ``theirs``, then the editor sends ``mine``."""

    def __init__(self, theirs: dict[str, Any], mine: dict[str, Any], **values: Any) -> None:
        self.record: Kept = kept(**values)
        self.client = signed_in(self.record.editor)
        url = address(self.record.pole, "identite")
        page = opened(self.client, self.record.pole, "identite")
        other = signed_in(self.record.manager)
        other.post(url, filled(opened(other, self.record.pole, "identite"), **theirs))
        self.answer = self.client.post(url, filled(page, **mine))

    @property
    def html(self) -> str:
        assert self.answer.status_code == 409
        assert_clean_html(self.answer.content.decode())
        return unescape(self.answer.content.decode())

    def choose(self, **choices: str) -> None:
        named = {f"garder:{key}": value for key, value in choices.items()}
        sent = filled(self.answer, **named)
        self.answer = self.client.post(address(self.record.pole, "identite"), sent)

    @property
    def pole(self) -> Pole:
        return Pole.objects.get(pk=self.record.pole.pk)


def test_it_is_told_field_by_field_and_nothing_is_written() -> None:
    crossed = Crossed(
        {"summary": "Le leur", "acronym": "EUX"},
        {"summary": "Le mien", "acronym": "MOI", "description": "À moi seul"},
        summary="Avant",
    )
    html = crossed.html
    assert "Avant" in html
    assert "Le leur" in html
    assert "Le mien" in html
    assert f"Garder ce qu’a enregistré {crossed.record.manager}" in " ".join(html.split())
    assert (crossed.pole.summary, crossed.pole.description) == ("Le leur", "")
    assert Draft.objects.get().data["summary"] == ["Le mien"]


def test_each_is_chosen_for_itself() -> None:
    crossed = Crossed(
        {"summary": "Le leur", "acronym": "EUX"},
        {"summary": "Le mien\r\nsur deux lignes", "acronym": "MOI", "description": "À moi seul"},
        summary="Avant",
    )
    crossed.choose(summary="moi", acronym="autre")
    assert crossed.answer.status_code == 302
    pole = crossed.pole
    assert pole.summary == "Le mien\nsur deux lignes"
    assert (pole.acronym, pole.description) == ("EUX", "À moi seul")
    assert not Draft.objects.exists()


def test_a_choice_that_is_missing_is_asked_for_and_the_other_is_kept() -> None:
    crossed = Crossed(
        {"summary": "Le leur", "acronym": "EUX"}, {"summary": "Le mien", "acronym": "MOI"}
    )
    crossed.choose(summary="autre")
    assert "Choisissez l’une des deux valeurs" in crossed.html
    assert crossed.pole.acronym == "EUX"
    crossed.choose(acronym="moi")
    assert (crossed.pole.summary, crossed.pole.acronym) == ("Le leur", "MOI")


def test_what_changed_again_before_the_choice_is_asked_again() -> None:
    crossed = Crossed(
        {"summary": "Le leur", "acronym": "EUX"}, {"summary": "Le mien", "acronym": "MOI"}
    )
    Pole.objects.filter(pk=crossed.record.pole.pk).update(acronym="ENCORE")
    crossed.choose(summary="autre", acronym="moi")
    assert "ENCORE" in crossed.html
    assert crossed.pole.acronym == "ENCORE"
    crossed.choose(acronym="moi")
    assert crossed.answer.status_code == 302
    assert (crossed.pole.summary, crossed.pole.acronym) == ("Le leur", "MOI")


def test_sets_are_named() -> None:
    one, other = ThemeFactory(name="Textile d’essai"), ThemeFactory(name="Santé d’essai")
    crossed = Crossed({"themes": [str(one.pk)]}, {"themes": [str(other.pk)]})
    assert "Textile d’essai" in crossed.html
    assert "Santé d’essai" in crossed.html
    crossed.choose(themes="moi")
    assert list(crossed.pole.themes.all()) == [other]


def test_the_same_change_twice_is_no_conflict() -> None:
    crossed = Crossed({"summary": "Pareil"}, {"summary": "Pareil"})
    assert crossed.answer.status_code == 302


def test_a_proposal_is_held_against_the_record_too() -> None:
    crossed = Crossed({"summary": "Le leur"}, {"summary": "Le mien"}, published=True)
    assert "Proposer mes choix" in crossed.html
    crossed.choose(summary="moi")
    change = crossed.record.pole.proposals.get().changes["summary"]
    assert change == {"before": "Le leur", "after": "Le mien"}
