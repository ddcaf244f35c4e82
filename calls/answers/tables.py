"""A kept answer as a table: for a file, its text beside it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from calls.answers import wording
from calls.models import ParliamentaryAnswer
from core.sheets import Column, OutTable
from core.sheets.writing import Value

_COLUMNS = (
    Column("Chiffre", 22),
    Column("Identifié par le registre", 18),
    Column("Annoncé", 14),
    Column("Annoncé : d’où", 40),
    Column("Non compté, ou dit à part", 50),
    Column("Définition", 60),
    Column("Au", 12),
    Column("Périmètre", 40),
    Column("Édition", 9),
    Column("Demandé le", 20),
)


def figures_table(answer: ParliamentaryAnswer) -> OutTable:
    return OutTable(
        "Chiffres", _COLUMNS, [_row(answer, each) for each in answer.figures["figures"]]
    )


def _row(answer: ParliamentaryAnswer, figure: dict[str, Any]) -> list[Value]:
    return [
        figure["name"],
        _number(figure["value"]),
        None if figure["announced"] is None else _number(figure["announced"]),
        "\u00a0; ".join(announcements(figure)) or figure["announced_words"],
        "\u00a0; ".join(each["words"] for each in figure["apart"]),
        figure["definition"],
        answer.day,
        answer.perimeter,
        answer.edition,
        wording.moment(answer.asked_at),
    ]


def announcements(figure: dict[str, Any]) -> list[str]:
    """Each announcement that the sum is made of: its call, its number, its day and its source."""
    return [_announcement(each) for each in figure["announced_by"]]


def _announcement(each: dict[str, str]) -> str:
    when = f"le {wording.day(date.fromisoformat(each['on']))}" if each["on"] else "sans date connue"
    source = f" ({each['source']})" if each["source"] else ""
    return f"{each['call']}\u00a0: {each['number']}, {when}{source}"


def _number(text: str) -> Value:
    value = Decimal(text)
    return int(value) if value == int(value) else value


def notes_table(answer: ParliamentaryAnswer) -> OutTable:
    return OutTable("Texte et notes", (Column("Texte", 120),), _lines(answer))


def _lines(answer: ParliamentaryAnswer) -> Iterable[list[Value]]:
    return [[line] for line in answer.text.split("\n") if line]
