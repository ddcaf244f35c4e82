"""The words in which the history is told."""

from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date

from core.wording import Piece
from poles.sentences import french_date


@dataclass(frozen=True)
class Sentence:
    """A sentence; with ``pieces``, the name of what changed and its words marked."""

    text: str
    pieces: tuple[Piece, ...] = ()


def period(begins: str | None, ends: str | None) -> str:
    """« , depuis le 3 mai 2024 », « , du … au … »; empty where nothing is known."""
    if begins and ends:
        return f", du {day(begins)} au {day(ends)}"
    if begins:
        return f", depuis le {day(begins)}"
    return f", jusqu’au {day(ends)}" if ends else ""


def day(value: Any) -> str:
    found = parse_date(value) if isinstance(value, str) else value
    return french_date(found) if found else "jour inconnu"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
