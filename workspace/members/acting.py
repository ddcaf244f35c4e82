"""The buttons of the members' form that change what it holds, and save nothing of it.

Each is a word and what it is about: ``ajouter:34``, ``unite:552100554``, ``oter:n2``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from members.finding import Likely, Wanted, likely_doubles, number_in
from members.models import Organisation
from members.register import Unit, look_up
from poles.models import MembershipRole
from workspace.members.searching import tidy
from workspace.members.units import signed_unit
from workspace.sections.acting import KEPT, Acted, begun, take_away
from workspace.sections.base import Typed
from workspace.sections.rows import NEW, next_new

SEARCH, ADDING = "cherche", "ajout"
_GONE = "Cette organisation n’est plus dans le registre."
_NO_UNIT = "L’annuaire ne donne plus cette organisation."


@dataclass(frozen=True)
class Doubles:
    """What an organisation that was about to be made may be; ``action`` makes it all the same."""

    name: str
    likely: list[Likely]
    action: str


def act(typed: Typed, action: str) -> Acted | None:
    """What the button does to what was typed; None if it is none of these."""
    word, _, about = action.partition(":")
    doing = _ACTIONS.get(word)
    if doing is None:
        return None
    acted = begun(typed)
    doing(acted, about)
    acted.typed.pop(SEARCH, None)
    return acted


def searched(typed: Typed) -> str:
    return tidy((typed.get(SEARCH) or [""])[-1])


def doubles_of(words: str, adding: str) -> Doubles | None:
    """Asked again for the page that shows them; ``adding``: as `Acted.ask` says it."""
    word, _, about = adding.partition(":")
    if word == "unite":
        units = look_up(about).units
        if not units:
            return None
        name, siren = units[0].name, units[0].siren
    else:
        name, siren = words, ""
    likely = likely_doubles([Wanted(name, siren)])[0]
    return Doubles(name, likely, f"quand-meme:{siren}") if likely else None


def _search(acted: Acted, about: str) -> None:
    words = searched(acted.typed)
    if words:
        acted.ask = {SEARCH: words}
    else:
        acted.told = KEPT


def _keep(acted: Acted, about: str) -> None:
    acted.told = KEPT


def _add(acted: Acted, about: str) -> None:
    """An organisation of the registry."""
    known = _organisation(about)
    if known is None:
        acted.told = _GONE
        return
    number = str(known.pk)
    there = [
        r for r in acted.typed.get(NEW, []) if acted.typed.get(f"organisation-{r}") == [number]
    ]
    if there:
        acted.focus = there[0]
        return
    _row(acted, {"organisation": number})


def _add_unit(acted: Acted, about: str, *, sure: bool = False) -> None:
    """A unit of the State's register, once what it may be has been shown."""
    answer = look_up(about)
    if not answer.units:
        acted.told = answer.unavailable or _NO_UNIT
        return
    unit = answer.units[0]
    known = Organisation.objects.filter(siren=unit.siren).first()
    if known is not None:
        _row(acted, {"organisation": str(known.pk)})
    else:
        _make(acted, _typed_of(unit), about, sure=sure)


def _add_typed(acted: Acted, about: str) -> None:
    """What was typed, as it was typed."""
    words = searched(acted.typed)
    number = number_in(words)
    named = {"siren": number} if number else {"nom": words}
    _make(acted, named, sure=False)


def _all_the_same(acted: Acted, about: str) -> None:
    if about:
        _add_unit(acted, about, sure=True)
        return
    _make(acted, {"nom": searched(acted.typed)}, sure=True)


def _make(acted: Acted, named: Mapping[str, str], unit: str = "", *, sure: bool) -> None:
    name = named.get("nom", "")
    if sure:
        _row(acted, {**named, "autre": name})
        return
    likely = likely_doubles([Wanted(name, named.get("siren", ""))])[0]
    if not likely:
        _row(acted, named)
        return
    adding = f"unite:{unit}" if unit else "creer"
    acted.ask = {SEARCH: searched(acted.typed), ADDING: adding}


def _typed_of(unit: Unit) -> dict[str, str]:
    return {
        "nom": unit.name[:250],
        "sigle": unit.acronym[:60],
        "siren": unit.siren,
        "unite": signed_unit(unit),
    }


def _row(acted: Acted, values: Mapping[str, str]) -> None:
    """One more row, and the search is over."""
    rows = acted.typed.setdefault(NEW, [])
    row = next_new(rows)
    rows.append(row)
    for name, value in {"role": MembershipRole.ACTIVE.value, **values}.items():
        acted.typed[f"{name}-{row}"] = [value]
    acted.focus = row


def _choose(acted: Acted, about: str) -> None:
    """The new row is this organisation of the registry: what was described of it is left."""
    row, _, number = about.partition(":")
    known = _organisation(number)
    if known is None or row not in acted.typed.get(NEW, []):
        acted.told = _GONE
        return
    kept = {f"{name}-{row}" for name in ("role", "depuis", "jusqua")}
    for name in [n for n in acted.typed if n.endswith(f"-{row}") and n not in kept]:
        del acted.typed[name]
    acted.typed[f"organisation-{row}"] = [str(known.pk)]
    acted.focus = row


def _another(acted: Acted, row: str) -> None:
    """The new row is none of those that it resembles."""
    acted.typed[f"autre-{row}"] = acted.typed.get(f"nom-{row}", [""])
    acted.focus = row


def _organisation(number: str) -> Organisation | None:
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    return Organisation.objects.filter(pk=int(number)).first()


_ACTIONS: dict[str, Callable[[Acted, str], None]] = {
    "chercher": _search,
    "garder": _keep,
    "ajouter": _add,
    "unite": _add_unit,
    "creer": _add_typed,
    "quand-meme": _all_the_same,
    "choisir": _choose,
    "autre": _another,
    "oter": take_away,
}
