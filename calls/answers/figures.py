"""The figures of an answer as they are kept: plain values, with the words that go with them."""

from datetime import date
from decimal import Decimal
from typing import Any

from calls.answers import wording
from calls.answers.counting import AnnouncedTotal, Count, Facts, announced, count
from calls.answers.definitions import (
    APART,
    CALL_NOTE,
    DECISIONS,
    DEFINITIONS,
    KNOWN,
    NO_POLES_ANNOUNCED,
    NOT_ANNOUNCED,
    SEATS,
    STATE_CALLS,
    THEMES,
    UNDATED_ANNOUNCEMENT,
    Definition,
    Why,
)
from calls.answers.facts import Announced, Perimeter


def figures_of(facts: Facts, perimeter: Perimeter, day: date) -> dict[str, Any]:
    """``figures``: in the order of the definitions; ``notes``: what holds for all of them.

    Numbers are kept as texts, so that euros keep their cents.
    """
    counts = count(facts, perimeter, day)
    totals = announced(facts, perimeter, day)
    return {
        "figures": [
            _figure(definition, counts[definition.key], totals.get(definition.key))
            for definition in DEFINITIONS
        ],
        "notes": _notes(perimeter, facts, totals),
    }


def _figure(definition: Definition, counted: Count, total: AnnouncedTotal | None) -> dict[str, Any]:
    return {
        "key": definition.key,
        "name": definition.name,
        "value": _plain(counted.value),
        "words": shown(definition, counted.value),
        "announced": None if total is None or total.value is None else _plain(total.value),
        "announced_words": _announced_words(definition, total),
        "announced_by": [_announcement(definition, each) for each in total.calls] if total else [],
        "apart": [
            {"why": why.value, "number": _plain(number), "words": _apart(definition, why, number)}
            for why in Why
            if (number := counted.apart.get(why))
        ]
        + _undated(definition, total),
        "definition": definition.sentence,
    }


def shown(definition: Definition, value: Decimal) -> str:
    return wording.euros(value) if definition.euros else wording.number(value)


def _plain(value: Decimal) -> str:
    return format(Decimal(value).normalize(), "f")


def _apart(definition: Definition, why: Why, number: Decimal) -> str:
    if why == Why.NO_AMOUNT:
        words = wording.counted(number, "lauréat", "lauréats")
    elif why == Why.UNEXAMINED:
        words = wording.counted(number, "candidat", "candidats")
    elif definition.euros:
        words = wording.euros(number)
    elif why == Why.CLOSED:
        return wording.counted(number, "pôle fermé ce jour-là", "pôles fermés ce jour-là")
    elif why == Why.REGULARISED:
        return wording.counted(number, "pôle en régularisation", "pôles en régularisation")
    else:
        words = wording.counted(number, definition.one, definition.many)
    return f"{words} {APART[why]}"


def _announced_words(definition: Definition, total: AnnouncedTotal | None) -> str:
    if total is None or total.value is None:
        return NOT_ANNOUNCED
    return shown(definition, total.value)


def _announcement(definition: Definition, call: Announced) -> dict[str, str]:
    """``on``: "" where the day is not known; there the announcement had come when it was read."""
    when = call.opened if definition.euros else call.on
    dated = when.earliest is not None and when.earliest == when.latest
    return {
        "call": call.name,
        "number": shown(definition, getattr(call, definition.key)),
        "on": when.earliest.isoformat() if dated and when.earliest else "",
        "source": call.source,
    }


def _undated(definition: Definition, total: AnnouncedTotal | None) -> list[dict[str, str]]:
    """What was announced, and one does not know when: in no sum."""
    found = []
    for call in total.undated if total else []:
        number = getattr(call, definition.key)
        words = (
            f"{wording.euros(number)} d’enveloppe"
            if definition.euros
            else wording.counted(number, definition.one, definition.many)
        )
        found.append(
            {
                "why": UNDATED_ANNOUNCEMENT,
                "number": _plain(number),
                "words": f"{words} d’une annonce dont on ne sait pas la date ({call.name})",
            }
        )
    return found


def _notes(perimeter: Perimeter, facts: Facts, totals: dict[str, AnnouncedTotal]) -> list[str]:
    notes = [KNOWN]
    if perimeter.call is None:
        notes.append(STATE_CALLS)
    notes.append(DECISIONS)
    if perimeter.region is not None or perimeter.departement is not None:
        notes.append(SEATS)
    if perimeter.theme is not None:
        notes.append(THEMES)
    if perimeter.is_country:
        notes.append(NO_POLES_ANNOUNCED)
    if perimeter.is_one_call and totals:
        notes += [
            f"{CALL_NOTE}\u00a0: {each.note}"
            for each in facts.announced
            if each.call == perimeter.call and each.note
        ]
    return notes


def value_of(figures: dict[str, Any], key: str) -> Decimal:
    return next(Decimal(each["value"]) for each in figures["figures"] if each["key"] == key)


def differences(kept: dict[str, Any], today: dict[str, Any]) -> list[dict[str, Any]]:
    """Where the registry would answer otherwise today: each figure as it was, and as it is."""
    before = {each["key"]: each for each in kept["figures"]}
    now = {each["key"]: each for each in today["figures"]}
    return [
        {"name": each["name"], "before": before.get(key), "now": now.get(key)}
        for key in [*before, *(key for key in now if key not in before)]
        if _said(before.get(key)) != _said(now.get(key))
        for each in [before.get(key) or now[key]]
    ]


def _said(figure: dict[str, Any] | None) -> object:
    if figure is None:
        return None
    apart = [(each["why"], each["number"]) for each in figure["apart"]]
    return figure["value"], figure["announced"], apart
