"""CSV from any program: the encoding and the separator are found, the rest is refused in French."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sheets import FileRefusedError, SheetRow, open_book

ROWS = [("Nom", "Commune", "Créé en"), ("Pôle « Été »", "Épinal", "2014"), ("L’Œuvre", "Nîmes", "")]


def csv_text(separator: str = ";", end: str = "\r\n") -> str:
    return "".join(separator.join(row) + end for row in ROWS)


def read(raw: bytes) -> list[SheetRow]:
    return list(open_book(raw, "essai.csv").rows(0))


def texts(raw: bytes) -> list[tuple[str, ...]]:
    return [tuple(row.cells) for row in read(raw)]


def refusal(raw: bytes) -> str:
    with pytest.raises(FileRefusedError) as caught:
        read(raw)
    return str(caught.value)


EXPECTED = [tuple(cell for cell in row) for row in ROWS[:2]] + [("L’Œuvre", "Nîmes")]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_each_encoding_and_each_separator(encoding: str, separator: str) -> None:
    assert texts(csv_text(separator).encode(encoding)) == EXPECTED


def test_latin_1() -> None:
    assert texts("Nom;Commune\nPôle;Nîmes\n".encode("latin-1"))[1] == ("Pôle", "Nîmes")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_end_of_line(end: str) -> None:
    assert texts(csv_text(end=end).encode()) == EXPECTED


def test_a_separator_that_the_file_names_is_believed() -> None:
    rows = read(b"sep=,\na;b,c\nd;e,f\n")
    assert [(row.line, row.cells) for row in rows] == [(2, ("a;b", "c")), (3, ("d;e", "f"))]


def test_commas_of_decimals_are_no_separators() -> None:
    raw = b"Nom;Lat;Long\nA;48,85;2,35\nB;47,12;-2,5\n"
    assert texts(raw)[2] == ("B", "47,12", "-2,5")


def test_lines_breaks_and_quotes_within_a_cell() -> None:
    rows = read(b'Nom;Texte\nA;"ligne 1\nligne ""2"""\nB;x\n')
    assert [(row.line, row.cells) for row in rows[1:]] == [
        (2, ("A", 'ligne 1\nligne "2"')),
        (4, ("B", "x")),
    ]


def test_formulas_are_faults_and_kept_zeros_are_texts() -> None:
    (row,) = read(b'a;=1+1;"=""01000""";\'=2;+33 1;-4\n')
    assert row.cells == ("a", "", "01000", "=2", "+33 1", "-4")
    assert list(row.faults) == [1]
    assert "formule" in row.faults[1]


def test_a_hundred_thousand_empty_lines_are_nothing() -> None:
    rows = read(b"Nom;Commune\n" + b";;;\n" * 100_000 + b"A;B\n")
    assert [row.line for row in rows] == [1, 100_002]


def test_refusals_say_what_is_wrong() -> None:
    assert "vide" in refusal(b"  \n ")
    assert "octet nul" in refusal(b"Nom;Commune\nA\0;B\n")
    assert "ni un fichier CSV" in refusal(b"Nom;Commune\n\x01\x02\x03\n")
    assert "jamais refermé" in refusal(b'Nom;Commune\n"A;B\nC;D\n')
    assert "200 colonnes" in refusal(b";".join(b"c%d" % n for n in range(201)))
    damaged = csv_text().encode().replace("Nîmes".encode(), b"N\xeemes")
    assert "n’est pas encodé en UTF-8" in refusal(damaged)
    assert "endommagé" in refusal(csv_text().encode("utf-16")[:-1])


@given(st.binary(max_size=400))
def test_random_bytes_are_read_or_refused(raw: bytes) -> None:
    with suppress(FileRefusedError):
        rows = read(raw)
        assert all(isinstance(cell, str) for row in rows for cell in row.cells)


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="cp1252", exclude_categories=["C"])), max_size=5),
        max_size=5,
    )
)
def test_any_text_is_read_or_refused(rows: list[list[str]]) -> None:
    raw = "\n".join(";".join(row) for row in rows).encode("cp1252")
    with suppress(FileRefusedError):
        read(raw)
