"""Lists of members as people paste them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import valid_siren, valid_siret
from workspace.members.pasted import MOST_ROWS, read_pasted

SIREN = valid_siren(99_456_789)
SPACED = f"{SIREN[:3]} {SIREN[3:6]} {SIREN[6:]}"


def only(text: str):
    (row,) = read_pasted(text).rows
    return row


def test_names_alone_are_enough() -> None:
    rows = read_pasted("Les Jardins du Gué\n\n Mairie de Pont-Vieux ").rows
    assert [(row.name, row.fault) for row in rows] == [
        ("Les Jardins du Gué", ""),
        ("Mairie de Pont-Vieux", ""),
    ]


def test_the_first_line_names_the_columns_in_any_order() -> None:
    pasted = read_pasted(
        "Rôle\tN° SIRET\tStructure\tTél.\tStatut\tDate d’adhésion\tDépart\n"
        f"porteur\t{valid_siret(SIREN)}\tLes Jardins\t01 02\tSCIC\t2021\t12/2023"
    )
    (row,) = pasted.rows
    assert (row.name, row.siren, row.role, row.kind) == ("Les Jardins", SIREN, "porteur", "ess")
    assert (row.begins_on, row.ends_on) == (date(2021, 1, 1), date(2023, 12, 31))
    assert row.facts == {"is_legal_person": True}
    assert ("Tél.", "") in pasted.columns
    assert ("Structure", "nom") in pasted.columns


@pytest.mark.parametrize(
    "text",
    [
        f"Les Jardins\t{SPACED}\tassociation\tpartenaire\t2021",
        f"Les Jardins;{SIREN};Association;Partenaire;01/01/2021",
        f"{SIREN} ; Les Jardins ; 2021 ; association ; partenaire",
    ],
)
def test_without_names_each_cell_is_what_it_holds(text) -> None:
    row = only(text)
    assert (row.name, row.siren, row.kind, row.role, row.begins_on, row.fault) == (
        "Les Jardins",
        SIREN,
        "association",
        "partenaire",
        date(2021, 1, 1),
        "",
    )


def test_a_number_alone_is_an_organisation() -> None:
    assert (only(SPACED).siren, only(SPACED).name) == (SIREN, "")
    assert only(f"Nom\n{SIREN}").siren == SIREN


def test_a_word_of_nature_that_says_nothing_certain_leaves_it_unknown() -> None:
    row = only("Les Jardins;entreprise d’insertion")
    assert (row.kind, row.words) == ("", "entreprise d’insertion")
    assert only("Les Jardins;entreprise").kind == ""
    assert only("Les Jardins;entreprise commerciale").kind == "entreprise"
    assert only("Les Jardins;partenaire (grand groupe)").role == "partenaire"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Les Jardins;123456789", "ni un SIREN ni un SIRET valide"),
        ("Nom;Rôle\nLes Jardins;trésorier", "le rôle « trésorier » n’existe pas"),
        ("Nom;Depuis\nLes Jardins;hier", "depuis « hier »"),
        ("Nom;Depuis;Fin\nLes Jardins;2022;2021", "finir avant d’avoir commencé"),
        ("Nom;Type\n;association", "ni nom, ni SIREN"),
        ("???", "n’est pas un nom"),
        ("x" * 300, "dépasse 250 caractères"),
    ],
)
def test_what_is_not_understood_is_refused_with_the_reason(text, fault) -> None:
    row = only(text)
    assert fault in row.fault.replace("\u00a0", " ")
    assert row.text


def test_a_list_too_long_says_how_much_is_left_out() -> None:
    pasted = read_pasted("\n".join(f"Organisation {n}" for n in range(MOST_ROWS + 3)))
    assert (len(pasted.rows), pasted.left_out) == (MOST_ROWS, 3)


@given(
    text=st.text(max_size=300)
    | st.text("Nom;\t\n12/é\"' -", max_size=200)
    | st.lists(
        st.sampled_from(["Nom", "SIREN", "Les Jardins", SIREN, "2021", "association", "x", ";"])
    ).map("\t".join)
)
def test_any_text_is_understood_or_refused_line_by_line(text) -> None:
    pasted = read_pasted(text)
    for row in pasted.rows:
        assert row.fault or row.name or row.siren
        assert len(row.name) <= 250
        assert row.siren == "" or len(row.siren) == 9
        assert row.text == row.text.strip()
    assert read_pasted(text) == pasted
