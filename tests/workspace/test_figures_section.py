"""The figures of a pole: typed in a table, or pasted into it."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from poles.models import Pole
from tests.breaking import undone, with_database
from tests.factories import PoleFactory, PoleFiguresFactory
from tests.forms import filled
from tests.html import assert_clean_html
from tests.workspace.staff import MAX_STATEMENTS, Kept, kept, signed_in
from tests.workspace.test_members_section import statements
from workspace.figures.pasted import COLUMNS, read_figures
from workspace.sections.figures import FiguresForm

pytestmark = pytest.mark.django_db
LAST = timezone.localdate().year - 1


@pytest.fixture
def record() -> Kept:
    return kept()


@pytest.fixture
def editor(record: Kept) -> Client:
    return signed_in(record.editor)


def page(record: Kept) -> str:
    return f"/espace/poles/{record.pole.pk}/chiffres/"


def opened(client: Client, record: Kept) -> Any:
    response = client.get(page(record))
    assert_clean_html(response.content.decode())
    return response


def save(client: Client, record: Kept, **typed: Any) -> Any:
    return client.post(page(record), filled(opened(client, record), **typed))


def press(client: Client, record: Kept, action: str, **typed: Any) -> Any:
    sent = {**filled(opened(client, record), **typed), "action": action}
    answer = client.post(f"{page(record)}saisie/", sent, follow=True)
    assert_clean_html(answer.content.decode())
    return answer


def test_the_last_years_are_offered_and_typed_into(record: Kept, editor: Client) -> None:
    row = f"n{LAST}"
    answer = save(
        editor,
        record,
        **{f"jobs_fte-{row}": "1 234,5", f"local_jobs_fte-{row}": "12", f"members-{row}": "8"},
        **{f"turnover_eur-{row}": "1\u202f500\u202f000,50 €", f"source-{row}": "Rapport"},
    )
    assert answer.status_code == 302
    year = record.pole.figures.get()
    assert (year.year, year.jobs_fte, year.members) == (LAST, Decimal("1234.5"), 8)
    assert (year.turnover_eur, year.source) == (Decimal("1500000.50"), "Rapport")
    assert (year.jobs_fte_public, year.turnover_eur_public) == (True, False)


def test_a_year_is_changed_shown_or_kept_for_sums_and_taken_off(
    record: Kept, editor: Client
) -> None:
    PoleFiguresFactory(pole=record.pole, year=2020, jobs_fte=Decimal("10.5"), beneficiaries=3)
    PoleFiguresFactory(pole=record.pole, year=2019)
    sent = filled(opened(editor, record), **{"beneficiaries-2020": "4", "retirer-2019": "on"})
    assert sent.pop("jobs_fte_public-2020")
    assert editor.post(page(record), sent).status_code == 302
    year = record.pole.figures.get()
    assert (year.beneficiaries, year.jobs_fte, year.jobs_fte_public) == (4, Decimal("10.5"), False)


def test_saving_what_did_not_change_writes_nothing(record: Kept, editor: Client) -> None:
    figures = {"jobs_fte": Decimal(1200), "turnover_eur": Decimal("1234567.80")}
    PoleFiguresFactory(pole=record.pole, year=2020, source=" Un  rapport", **figures)
    version = Pole.objects.get(pk=record.pole.pk).version
    assert "1\u202f234\u202f567,8" in opened(editor, record).content.decode()
    assert save(editor, record).status_code == 302
    assert Pole.objects.get(pk=record.pole.pk).version == version


def test_what_is_wrong_is_told_in_its_cell(record: Kept, editor: Client) -> None:
    PoleFiguresFactory(pole=record.pole, year=2020, jobs_fte=Decimal(5))
    shown = press(editor, record, "ajouter")
    typed = filled(
        shown,
        **{"jobs_fte-2020": "douze", "members-2020": "2,5", "beneficiaries-2020": "-3"},
        **{"turnover_eur-2020": "1.234", "annee-n1": "2020", "members-n1": "1"},
        **{f"jobs_fte-n{LAST}": "3", f"local_jobs_fte-n{LAST}": "4"},
    )
    html = editor.post(page(record), typed).content.decode()
    assert_clean_html(html)
    for told in (
        "Écrivez un nombre",
        "Écrivez un nombre entier",
        "ne peut être négatif",
        "Écrivez 1234 ou 1,234",
        "Cette année est déjà dans le tableau",
        "ne peuvent dépasser le total",
    ):
        assert told in html
    assert 'href="#id_jobs_fte-2020"' in html
    assert "douze" in html
    assert record.pole.figures.count() == 1


def test_two_people_who_add_the_same_year_are_told(record: Kept, editor: Client) -> None:
    sent = filled(opened(editor, record), **{f"members-n{LAST}": "8"})
    PoleFiguresFactory(pole=record.pole, year=LAST, members=9)
    asked = editor.post(page(record), sent)
    assert asked.status_code == 409
    assert record.pole.figures.get().members == 9
    mine = filled(asked, **{f"garder:figures/{LAST}": "moi"})
    assert editor.post(page(record), mine).status_code == 302
    assert record.pole.figures.get().members == 8


@pytest.mark.parametrize(
    "table",
    [
        "Année\tEmplois (ETP)\tMembres\tCA\n2021\t12,5\t8\t1 000\n2022\t13\t9\t",
        "\t2021\t2022\nEmplois\t12,5\t13\nMembres\t8\t9\nChiffre d’affaires\t1 000\t",
        "2022;13;;9\n2021;12,5;;8;1 000",
    ],
)
def test_a_table_is_pasted_years_in_lines_or_in_columns(
    record: Kept, editor: Client, table: str
) -> None:
    PoleFiguresFactory(pole=record.pole, year=2021, beneficiaries=7)
    answer = press(editor, record, "coller", tableau=table)
    assert "Années remplies" in answer.content.decode()
    assert record.pole.figures.get().members is None
    assert save(editor, record).status_code == 302
    found = record.pole.figures.order_by("year").values_list(
        "year", "jobs_fte", "members", "turnover_eur", "beneficiaries"
    )
    assert list(found) == [
        (2021, Decimal("12.5"), 8, Decimal(1000), 7),
        (2022, Decimal(13), 9, None, None),
    ]


def test_a_block_is_pasted_from_the_cell_in_which_it_is(record: Kept, editor: Client) -> None:
    press(editor, record, "coller", tableau="8\t100\n9\t200", cellule=f"members:{LAST}")
    assert save(editor, record).status_code == 302
    found = record.pole.figures.order_by("-year").values_list("year", "members", "turnover_eur")
    assert list(found) == [(LAST, 8, Decimal(100)), (LAST - 1, 9, Decimal(200))]


def test_what_is_not_recognised_is_told(record: Kept, editor: Client) -> None:
    html = press(editor, record, "coller", tableau="12\t13").content.decode()
    assert "Aucune année" in html
    html = press(editor, record, "coller", tableau="\tEmplois\tSalles\n2021\t3\t4").content.decode()
    assert "Salles" in html


@given(
    text=st.text(max_size=200)
    | st.lists(
        st.lists(
            st.sampled_from(["2021", "2022", "Emplois", "CA", "1,5", "x", ""]), max_size=5
        ).map("\t".join),
        max_size=5,
    ).map("\n".join),
    column=st.sampled_from(["", "members", "source", "autre"]),
)
def test_any_table_is_read_or_refused(text: str, column: str) -> None:
    read = read_figures(text, 2023, column)
    assert bool(read.fault) or read.cells or column in COLUMNS
    for (year, name), cell in read.cells.items():
        assert 1930 <= year <= 2100
        assert name in COLUMNS
        assert cell


@with_database
@given(
    cells=st.dictionaries(
        st.tuples(st.sampled_from([2020, 2021, 2022]), st.sampled_from(COLUMNS[2:])),
        st.integers(0, 999_999).map(str),
        min_size=1,
        max_size=8,
    )
)
def test_what_is_pasted_is_what_is_written(db: None, cells: dict[tuple[int, str], str]) -> None:
    from poles.record import between, current_values, write

    years = sorted({year for year, _ in cells})
    titles = ["", "", "", "Membres", "CA", "Bénéficiaires", "Source"]
    table = ["\t".join(titles)]
    table += [
        "\t".join([str(year), "", "", *(cells.get((year, name), "") for name in COLUMNS[2:])])
        for year in years
    ]
    with undone():
        pole = PoleFactory()
        saved = current_values(pole, (), ("figures",))
        acted = FiguresForm.act({"tableau": ["\n".join(table)]}, "coller")
        form = FiguresForm(saved, acted.typed)
        assert form.is_valid(), form.errors
        write(pole, between(saved, form.after()))
        held = {
            (row.year, name): str(int(value)) if name != "source" else value
            for row in pole.figures.all()
            for name in COLUMNS[2:]
            if (value := getattr(row, name)) not in {None, ""}
        }
        assert held == cells


def test_statements(record: Kept, editor: Client) -> None:
    counts = []
    for years in (range(2000, 2002), range(2002, 2020)):
        for year in years:
            PoleFiguresFactory(pole=record.pole, year=year)
        counts.append(statements(editor, page(record)))
    assert counts[0] == counts[1] <= MAX_STATEMENTS
