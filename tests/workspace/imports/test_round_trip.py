"""What is exported is imported back without a change; a cell that is edited changes itself."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sheets import csv_lines, write_workbook
from networks.models import User
from poles.models import Pole
from poles.record import Change, current_values, write
from tests.breaking import undone
from tests.breaking import with_database as with_any_database
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PoleFiguresFactory,
    PoleProjectFactory,
    PoleSourceFactory,
    UserFactory,
)
from tests.poles.test_record import Rows, coherent, texts
from tests.workspace.imports.making import outcomes, planned, rows
from workspace.imports.applying import apply
from workspace.imports.columns import GUIDE_TITLE, POLES, tables
from workspace.imports.exporting import Export, guide

pytestmark = pytest.mark.django_db

with_database = settings(with_any_database, max_examples=10, deadline=None)
tempting = st.sampled_from(
    ["=1+1", "+33 1", "-x", "@a", "'=1", "'", "a\r\nb", " espaces ", "\ttab"]
)
anything = texts | tempting
line = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30) | tempting


def exported(*poles: Pole) -> bytes:
    file = BytesIO()
    write_workbook([*Export([pole.pk for pole in poles]).tables(), guide(filled=True)], file)
    return file.getvalue()


def exported_csv(name: str, *poles: Pole) -> bytes:
    (table,) = Export([pole.pk for pole in poles]).tables([name])
    return "".join(csv_lines(table)).encode()


@st.composite
def records(draw: Any) -> dict[str, Any]:
    return draw(coherent()) | {
        "summary": draw(anything),
        "description": draw(anything),
        "address": draw(anything),
        "contact_phone": draw(st.sampled_from(["", "0123456789", "01 23 45 67 89", "+33 1 23"])),
        "legal_form": draw(anything),
    }


class Made:
    """A pole of everything: its fields as drawn, and rows of each collection."""

    def __init__(self, wished: dict[str, Any], words: str) -> None:
        self.user: User = UserFactory(officer=True)
        pole = Pole.objects.create(name="Pôle", slug="pole-d-essai-de-tableur")
        before = current_values(pole)
        after = Rows().named(wished)
        write(pole, [Change(key, before[key], value) for key, value in after.items()])
        organisation = OrganisationFactory(numbered=True, name="=Les; Jardins")
        MembershipFactory(pole=pole, organisation=organisation, source_words=words)
        MembershipFactory(pole=pole, role="porteur", begins_on="2020-01-01", ends_on="2021-12-31")
        project = PoleProjectFactory(pole=pole, title=f"P{words}", pooled=["locaux", "achats"])
        project.members.add(organisation, OrganisationFactory())
        PoleFiguresFactory(pole=pole, year=2020, jobs_fte="3.5", turnover_eur="1234567.89")
        PoleSourceFactory.create_batch(2, pole=pole)
        PoleSourceFactory(pole=pole, url="https://exemple.invalid/a;b=c")
        self.pole = Pole.objects.get(pk=pole.pk)


def test_the_round_trip_of_one() -> None:
    made = Made({}, "mots")
    run = planned(exported(made.pole), made.user, erases=True)
    assert outcomes(run) == ["inchange"] * 5, [(r.line, r.reason, r.told) for r in rows(run)]


@with_database
@given(wished=records(), words=line, table=st.sampled_from(sorted(tables())))
def test_nothing_changes(wished: dict[str, Any], words: str, table: str) -> None:
    with undone():
        made = Made(wished, words)
        before = current_values(made.pole)
        for file in (exported(made.pole), exported_csv(table, made.pole)):
            run = planned(file, made.user, erases=True)
            told = [
                (r.table, r.reason, r.told, r.changes) for r in rows(run) if r.outcome != "inchange"
            ]
            assert told == []
            apply(run, made.user)
        again = Pole.objects.get(pk=made.pole.pk)
        assert current_values(again) == before
        assert again.version == made.pole.version


EDITS = {
    "Nom": ("name", "Un nom d’essai", "Un nom d’essai"),
    "Sigle": ("acronym", "UNE", "UNE"),
    "Résumé": ("summary", "Une phrase", "Une phrase"),
    "Description": ("description", "Deux\nlignes", "Deux\nlignes"),
    "Site internet": ("website", "https://exemple.invalid/x", "https://exemple.invalid/x"),
    "Adresse postale": ("address", "1 rue neuve", "1 rue neuve"),
    "Année de création": ("founding_year", 2013, 2013),
    "Maturité": ("maturity", "en sommeil", "sommeil"),
    "Année de la maturité": ("maturity_year", 2003, 2003),
    "Date de fermeture": ("closed_on", "31/12/2040", "2040-12-31"),
    "Forme juridique": ("legal_form", "SCIC d’essai", "SCIC d’essai"),
    "Territoire d’action, en mots": ("coverage_words", "Le pays", "Le pays"),
    "Téléphone du pôle": ("contact_phone", "02 00 00 00 00", "02 00 00 00 00"),
    "Zone rurale : base": ("rural_basis", "D’après le texte", "D’après le texte"),
    "Thèmes": ("themes", "", []),
    "Réseaux qui l’accompagnent": ("networks", "", []),
    "Territoire d’action": ("coverage", "", []),
    "Siège": ("seat", "", None),
}


@with_database
@given(wished=records(), label=st.sampled_from(sorted(EDITS)))
def test_an_edited_cell_changes_itself_alone(wished: dict[str, Any], label: str) -> None:
    key, typed, value = EDITS[label]
    with undone():
        made = Made(wished, "mots")
        before = current_values(made.pole)
        book = openpyxl.load_workbook(BytesIO(exported(made.pole)))
        sheet = book[tables()[POLES].title]
        (column,) = [cell.column for cell in sheet[1] if cell.value == label]
        sheet.cell(row=2, column=column).value = typed or None
        file = BytesIO()
        book.save(file)
        run = planned(file.getvalue(), made.user, erases=True)
        apply(run, made.user)
        after = current_values(Pole.objects.get(pk=made.pole.pk))
        assert {k: v for k, v in after.items() if before[k] != v} == (
            {} if before[key] == value else {key: value}
        ), [(r.outcome, r.reason) for r in rows(run)]


def test_the_guide_is_read_by_no_import() -> None:
    made = Made({}, "")
    run = planned(exported(made.pole), made.user)
    assert GUIDE_TITLE not in [source["title"] for source in run.sources]
    assert [source["table"] for source in run.sources] == list(tables())
