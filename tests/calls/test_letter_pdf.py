"""Letters as tagged PDF: structure, language and title; what people write is never markup."""

from datetime import date
from typing import Any

import pytest
import typst

from calls.letters.pdf import letter_data, pages_of, pdf_of

HARD = "L’Œuvre #1 *gras* $x^2$ \\emph \"guillemets\" 'droits' <balise> @ref `code` // #{1+1}"


def data(**values: str) -> dict:
    given = {"subject": "Décision", "body": "Bonjour,\n\nUn texte.\nFin.", **values}
    return letter_data(
        sender=HARD, recipient=["Un pôle", HARD], written_on=date(2026, 6, 1), **given
    )


def test_the_file_is_tagged_in_french_and_titled() -> None:
    pdf = pdf_of("letter", data(subject="Œuvre « é »\u00a0: 12\u202f000\u00a0€"))
    for mark in (
        b"/StructTreeRoot",
        b"/Lang",
        b"fr",
        b"/MarkInfo",
        b"pdfuaid",
        b"/DisplayDocTitle",
    ):
        assert mark in pdf
    # In its metadata, as it is written.
    assert "Œuvre « é »\u00a0: 12\u202f000\u00a0€".encode() in pdf
    # The same letter is the same file.
    assert pdf_of("letter", data()) == pdf_of("letter", data())


@pytest.mark.parametrize(
    "text",
    [
        HARD,
        "{pole}",
        "#panic()",
        "= Titre",
        "- liste",
        "\\u{0}",
        "é" * 40_000,
        "a\x00b\ud800",
        "vu 😀 中",
    ],
)
def test_what_is_written_is_never_markup(text: str) -> None:
    pdf = pdf_of("letter", data(subject=text[:300], body=text))
    assert pdf.startswith(b"%PDF")
    assert pages_of("letter", data(body=text))[0].startswith(b"\x89PNG")


def test_signs_of_no_font_do_not_hold_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each would be one more writing of the whole document."""
    compiled = typst.compile
    written = 0

    def counted(*args: Any, **kwargs: Any) -> Any:
        nonlocal written
        written += 1
        return compiled(*args, **kwargs)

    monkeypatch.setattr(typst, "compile", counted)
    foreign = "".join(chr(0x4E00 + number) for number in range(300))
    assert pdf_of("letter", data(body=f"Vu. {foreign}")).startswith(b"%PDF")
    assert written < 12


def test_markup_draws_as_its_own_signs() -> None:
    """As the sign it is, and not as what it would do."""

    def drawn(body: str) -> bytes:
        return pages_of("letter", data(body=body))[0]

    assert drawn("*a*") != drawn("a")
    assert drawn('#upper("a")') != drawn("A")
    assert drawn("a \\ b") != drawn("a\nb")
    # No sign of French is missing from the fonts: each is drawn otherwise than one that is.
    missing = drawn("\ue000")
    assert all(drawn(sign) != missing for sign in "éœŒàÇ€«»’–…№²")
