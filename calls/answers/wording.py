"""Numbers, euros and days as French writes them, whatever the language of the process."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from core.templatetags import french

NARROW, HARD = "\u202f", "\u00a0"


def number(value: Decimal | int) -> str:
    """34 875, with a narrow space that does not break."""
    return f"{int(value):,}".replace(",", NARROW)


def euros(value: Decimal | int) -> str:
    """100 000 €, its cents only where there are some."""
    whole, cents = divmod(round(Decimal(value) * 100), 100)
    decimals = f",{cents:02d}" if cents else ""
    return f"{number(whole)}{decimals}{HARD}€"


def counted(value: Decimal | int, one: str, many: str) -> str:
    """« aucun pôle », « 1 pôle », « 2 pôles »."""
    if not value:
        return f"aucun {one}"
    return f"{number(value)}{HARD}{one if value == 1 else many}"


def day(value: date) -> str:
    with translation.override("fr"):
        return french.day(value)


def moment(value: datetime) -> str:
    with translation.override("fr"), timezone.override("Europe/Paris"):
        return french.moment(value)


def listed(words: Sequence[str]) -> str:
    """« a, b et c »."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} et {words[-1]}"


def paris_day(value: datetime) -> date:
    return timezone.localtime(value, ZoneInfo("Europe/Paris")).date()
