"""A kept answer as tagged PDF: its text, with what each figure counts, then the figures."""

from typing import Any

from calls.answers import wording
from calls.answers.tables import announcements
from calls.answers.text import is_provisional
from calls.letters.pdf import pdf_of
from calls.models import ParliamentaryAnswer

# What each counts is in the text.
_HEAD = ["Chiffre", "Identifié", "Annoncé", "Non compté, ou dit à part"]


def answer_pdf(answer: ParliamentaryAnswer) -> bytes:
    """Made of what is kept alone: the same each time."""
    asked_on = wording.paris_day(answer.asked_at)
    table = {
        "caption": f"Identifié par le registre au {wording.day(answer.day)}, et annoncé",
        "head": _HEAD,
        "rows": [_row(each) for each in answer.figures["figures"]],
        "amounts": [1],
        "wide": [2, 3],
        "total": "",
    }
    return pdf_of(
        "results",
        {
            "title": f"Au {wording.day(answer.day)} – {answer.perimeter}",
            "author": "Registre national des PTCE",
            "said": [_edition(answer), *(line for line in answer.text.split("\n") if line)],
            "tables": [table],
            "day": wording.day(asked_on),
            "date": [asked_on.year, asked_on.month, asked_on.day],
        },
    )


def _edition(answer: ParliamentaryAnswer) -> str:
    said = f"Édition {answer.edition}, du {wording.moment(answer.asked_at)}."
    if answer.reason:
        said += f" Motif\u00a0: {answer.reason}"
    if is_provisional(answer.day, answer.asked_at):
        said += (
            " Ce jour-là n’était pas fini quand la question a été posée\u00a0: ces chiffres sont "
            "provisoires."
        )
    return said


def _row(figure: dict[str, Any]) -> list[str]:
    return [
        figure["name"],
        figure["words"],
        "\u00a0; ".join([figure["announced_words"], *announcements(figure)]),
        "\u00a0; ".join(each["words"] for each in figure["apart"]) or "rien",
    ]
