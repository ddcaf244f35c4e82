"""Who might be the member that somebody names: the registry first, then the State's register."""

from dataclasses import dataclass, field

from members.finding import MOST_LETTERS, find, number_in
from members.models import Organisation
from members.register import Answer, Unit, look_up, search

_MOST_KNOWN, _MOST_UNITS = 8, 6
_FEWEST_LETTERS = 3


@dataclass(frozen=True)
class Found:
    """What a search gives; ``unavailable``: why the State's register says nothing, in French."""

    typed: str
    known: list[Organisation] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    unavailable: str = ""


def tidy(typed: str) -> str:
    return " ".join(typed.replace("\x00", "").split())[:MOST_LETTERS]


def everywhere(typed: str) -> Found:
    """Three statements at most, and one question to the State's register."""
    words = tidy(typed)
    known = find(words, _MOST_KNOWN)
    answer = ask_register(words)
    return Found(words, known, units_beside(answer), _told(answer))


def ask_register(words: str) -> Answer:
    number = number_in(words)
    if number:
        return look_up(number)
    return search(words, _MOST_UNITS) if len(words) >= _FEWEST_LETTERS else Answer()


def units_beside(answer: Answer) -> list[Unit]:
    """Those whose name may be written and that the registry does not know; one statement."""
    if not answer.units:
        return []
    asked = [unit.siren for unit in answer.units]
    known = set(Organisation.objects.filter(siren__in=asked).values_list("siren", flat=True))
    return [unit for unit in answer.units if unit.name and unit.siren not in known]


def told_of(organisation: Organisation) -> str:
    """What tells it from another of the same name."""
    told = [str(organisation.get_kind_display())]
    if organisation.seat is not None:
        told.append(organisation.seat.label)
    if organisation.siren:
        told.append(f"SIREN {organisation.siren}")
    if organisation.closed_on:
        told.append("fermée")
    return ", ".join(told)


def told_of_unit(unit: Unit) -> str:
    told = [f"SIREN {unit.siren}", "à l’annuaire des entreprises"]
    return ", ".join([*told, "cessée"] if unit.ceased else told)


def _told(answer: Answer) -> str:
    # Too few letters is no failure: the registry itself was searched.
    return "" if answer.misasked else answer.unavailable
