"""Line by line, what an export would do: nothing is written here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from calls.models import Application, PlatformImport, Strand, Wave
from calls.platform.matching import Beneficiaries, Beneficiary, KnownPole, Places, Poles
from calls.platform.reading import Dossier, read
from core.text import normalise
from territories.models import Territory

# What an officer may choose for a line, beside the number of a pole.
DRAFT, LEAVE, TAKE, KEEP = "brouillon", "laisser", "reprendre", "garder"
_NOTHING = "rien"
_COMPARED = {
    "received_on": "Reçu le",
    "requested_eur": "Montant demandé",
    "contact_email": "Adresse de contact",
}


class Outcome(StrEnum):
    NEW = "nouveau"
    CHANGED = "reprise"
    DIFFERENT = "different"
    SAME = "identique"
    WAITING = "attente"
    LEFT = "laisse"
    REFUSED = "refuse"


@dataclass
class NewPole:
    name: str
    seat: Territory | None

    @property
    def key(self) -> tuple[str, int | None]:
        """Two lines of the same name and seat are of one new pole."""
        return normalise(self.name), self.seat.pk if self.seat else None


@dataclass
class Candidate:
    pole: KnownPole
    why: str
    sure: bool = False


@dataclass
class Planned:
    """A line: its outcome and, in words, what it would change or why it cannot be.

    ``values``: by column, what would be written; ``application``: the file that is there already.
    """

    dossier: Dossier
    outcome: Outcome = Outcome.NEW
    reason: str = ""
    application: Application | None = None
    pole: KnownPole | None = None
    new_pole: NewPole | None = None
    beneficiary: Beneficiary | None = None
    values: dict[str, Any] = field(default_factory=dict)
    told: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    default: str = ""

    @property
    def is_written(self) -> bool:
        return self.outcome in (Outcome.NEW, Outcome.CHANGED)

    def refuse(self, reason: str) -> None:
        self.outcome, self.reason = Outcome.REFUSED, reason

    def as_json(self) -> dict[str, Any]:
        """The line as the page shows it, and as it is compared before it is written."""
        read = self.dossier
        beneficiary = self.beneficiary
        return {
            "line": read.line,
            "number": read.file_number,
            "outcome": str(self.outcome),
            "reason": self.reason,
            "application": self.application.pk if self.application else None,
            "pole": self.pole.pk if self.pole else None,
            "name": _name(self),
            "draft": self.new_pole is not None,
            "place": _place(self),
            "beneficiary": beneficiary.name if beneficiary else "",
            "siren": read.siren,
            "unknown": beneficiary is not None and beneficiary.pk is None,
            "received": read.received_on.isoformat() if read.received_on else "",
            "requested": str(read.requested_eur) if read.requested_eur is not None else "",
            "contact": read.contact_email,
            "parts": [part.name for name in ("wave", "strand") if (part := self.values.get(name))],
            "told": [list(each) for each in self.told],
            "notes": self.notes,
            "candidates": [
                [each.pole.pk, each.pole.name, each.pole.place, each.why]
                for each in self.candidates
            ],
            "default": self.default,
        }


def _name(planned: Planned) -> str:
    if planned.pole is not None:
        return planned.pole.name
    if planned.new_pole is not None:
        return planned.new_pole.name
    return planned.dossier.pole or planned.dossier.organisation


def _place(planned: Planned) -> str:
    seat = planned.new_pole.seat if planned.new_pole else None
    if seat is not None:
        return seat.label
    return planned.pole.place if planned.pole else ""


class Planner:
    """Statements: a dozen, however many the lines."""

    def __init__(self, arrived: PlatformImport) -> None:
        """Raises FileRefusedError for what can no longer be read."""
        call = arrived.call
        self.arrived, self.choices = arrived, arrived.choices
        raw = bytes(arrived.content or b"")
        self.dossiers = read(raw, arrived.file_name, arrived.source)
        self.poles = Poles()
        self.beneficiaries = Beneficiaries(self.dossiers)
        self.places = Places(self.dossiers)
        self.waves: list[Wave] = list(Wave.objects.filter(call=call).order_by("code"))
        self.strands: list[Strand] = list(Strand.objects.filter(call=call).order_by("code"))
        there = Application.objects.filter(call=call).order_by("pk").select_related("beneficiary")
        every = list(there)
        self.there = {each.file_number: each for each in every if each.file_number}
        self.without_number = {
            (each.pole_id, each.wave_id, each.strand_id): each
            for each in every
            if not each.file_number
        }

    def plan(self) -> list[Planned]:
        rows = [Planned(dossier) for dossier in self.dossiers]
        for row in rows:
            self._plan(row)
        waiting = [row for row in rows if row.outcome == Outcome.WAITING]
        alike = self.poles.alike({row.dossier.pole for row in waiting})
        for row in waiting:
            self._offer(row, alike.get(row.dossier.pole, []))
        return rows

    def _plan(self, row: Planned) -> None:
        read = row.dossier
        if read.errors:
            row.refuse(" ".join(read.errors))
            return
        try:
            row.beneficiary = self.beneficiaries.of(read)
            wave = _part(self.waves, read.wave, "vague") or self.arrived.wave
            strand = _part(self.strands, read.strand, "volet") or self.arrived.strand
        except ValueError as error:
            row.refuse(str(error))
            return
        row.values = {name: getattr(read, name) for name in _COMPARED if self._says(name, read)}
        if (known := self.there.get(read.file_number)) is not None:
            self._compare(row, known)
            return
        row.values |= {"file_number": read.file_number, "wave": wave, "strand": strand}
        self._find_pole(row)
        if row.outcome == Outcome.NEW and row.pole is not None:
            parts = (wave.pk if wave else None, strand.pk if strand else None)
            by_hand = self.without_number.get((row.pole.pk, *parts))
            if by_hand is not None:
                row.values = {name: row.values[name] for name in row.values if name in _COMPARED}
                self._compare(row, by_hand)
        self._note(row)

    def _says(self, name: str, read: Dossier) -> bool:
        """An empty cell says nothing of a file that is there."""
        return getattr(read, name) not in (None, "")

    def _compare(self, row: Planned, known: Application) -> None:
        """The file that is there, and what differs: written only if an officer takes it over."""
        row.application = known
        row.pole = self.poles.by_pk.get(known.pole_id)
        changed: dict[str, Any] = {}
        for name, value in row.values.items():
            before = getattr(known, name)
            if before != value:
                changed[name] = value
                row.told.append((_COMPARED[name], _shown(before), _shown(value)))
        beneficiary = row.beneficiary
        if beneficiary is not None and known.beneficiary_id != beneficiary.pk:
            before = known.beneficiary.public_name if known.beneficiary else ""
            row.told.append(("Bénéficiaire", before or _NOTHING, beneficiary.name))
        else:
            row.beneficiary = None
        by_hand = not known.file_number
        if by_hand:
            changed["file_number"] = row.dossier.file_number
            row.told.append(("Numéro de dossier", _NOTHING, row.dossier.file_number))
            row.notes.append("Dossier enregistré à la main, sans numéro, pour ce pôle.")
        row.values = changed
        row.default = TAKE if by_hand else KEEP
        chosen = self.choices.get(str(row.dossier.line), {}).get("take", row.default)
        if not row.told:
            row.outcome = Outcome.SAME
        else:
            row.outcome = Outcome.CHANGED if chosen == TAKE else Outcome.DIFFERENT

    def _find_pole(self, row: Planned) -> None:
        read = row.dossier
        choice: Mapping[str, str] = self.choices.get(str(read.line), {})
        chosen, typed = choice.get("pole", ""), choice.get("typed", "")
        if chosen == LEAVE:
            row.outcome = Outcome.LEFT
        elif chosen == DRAFT:
            self._draft(row)
        elif typed:
            self._typed(row, typed)
        elif chosen.isdecimal() and (pole := self.poles.by_pk.get(int(chosen))) is not None:
            row.pole = pole
        elif read.pole_id:
            row.pole = self.poles.identified(read.pole_id)
            if row.pole is None:
                row.refuse(
                    f"Aucun pôle du registre n’a l’identifiant «\u00a0{read.pole_id}\u00a0»."
                )
        elif (named := self._named(read)) and len(named) == 1:
            row.pole = named[0]
        elif not read.pole and len(led := self._led(row)) == 1:
            row.pole = led[0]
            row.notes.append("Pôle reconnu par son porteur, qui n’en porte pas d’autre.")
        else:
            row.outcome = Outcome.WAITING

    def _named(self, read: Dossier) -> list[KnownPole]:
        """Those of that name, or the one of them that is where the project is."""
        named = self.poles.named(read.pole) if read.pole else []
        if len(named) > 1 and (place := self.places.of(read)) is not None:
            here = place.pk if place.kind == "departement" else place.departement_id
            near = [each for each in named if each.seat == place.pk] or [
                each for each in named if each.departement == here
            ]
            return near if len(near) == 1 else named
        return named

    def _led(self, row: Planned) -> list[KnownPole]:
        pks = self.beneficiaries.led_by(row.beneficiary)
        return [self.poles.by_pk[pk] for pk in pks if pk in self.poles.by_pk]

    def _typed(self, row: Planned, text: str) -> None:
        found = self.poles.named(text) or [
            one for one in [self.poles.identified(text)] if one is not None
        ]
        if len(found) == 1:
            row.pole = found[0]
            return
        row.outcome = Outcome.WAITING
        row.reason = (
            f"Plusieurs pôles s’appellent «\u00a0{text}\u00a0»\u00a0: écrivez l’identifiant."
            if found
            else f"Aucun pôle n’a ce nom, ce sigle ou cet identifiant\u00a0: «\u00a0{text}\u00a0»."
        )

    def _draft(self, row: Planned) -> None:
        name = row.dossier.pole or row.dossier.organisation
        if not normalise(name):
            row.outcome = Outcome.WAITING
            row.reason = "La ligne ne dit ni le nom du pôle ni celui du porteur."
            return
        row.new_pole = NewPole(name, self.places.of(row.dossier))

    def _offer(self, row: Planned, alike: Sequence[KnownPole]) -> None:
        """The poles among which to choose; what is likely is chosen beforehand."""
        named = self._named(row.dossier)
        offered = [
            *(Candidate(pole, "même nom ou même sigle") for pole in named),
            *(Candidate(pole, "porté par cette structure", True) for pole in self._led(row)),
            *(Candidate(pole, "nom proche") for pole in alike),
        ]
        first: dict[int, Candidate] = {}
        for each in offered:
            first.setdefault(each.pole.pk, each)
        row.candidates = list(first.values())[:6]
        sure = [each for each in row.candidates if each.sure]
        if len(sure) == 1 and not named:
            row.default = str(sure[0].pole.pk)
        elif not row.candidates:
            row.default = DRAFT

    def _note(self, row: Planned) -> None:
        beneficiary, read = row.beneficiary, row.dossier
        if not read.siren:
            row.notes.append("Sans SIRET\u00a0: le dossier n’aura pas de bénéficiaire.")
        elif beneficiary is not None and beneficiary.gives_siren:
            row.notes.append(
                f"«\u00a0{beneficiary.name}\u00a0» est au registre sans numéro\u00a0: le SIREN "
                f"{read.siren} lui sera donné."
            )
        elif beneficiary is not None and beneficiary.namesakes:
            row.notes.append(
                f"{beneficiary.namesakes} organisations du registre portent déjà ce nom, sans "
                "numéro\u00a0: une autre sera créée, à réunir ensuite à la bonne."
            )
        wants_place = read.commune or read.commune_code or read.departement
        if row.new_pole is not None and row.new_pole.seat is None and wants_place:
            row.notes.append("Commune et département non reconnus\u00a0: le pôle sera sans siège.")


def _part[T: (Wave, Strand)](parts: Sequence[T], text: str, what: str) -> T | None:
    """The wave or strand that a cell names; raises ValueError, in French."""
    if not text:
        return None
    words = normalise(text)
    exact = [each for each in parts if words in {normalise(each.name), normalise(each.code)}]
    found = exact or [each for each in parts if f" {normalise(each.name)} " in f" {words} "]
    if len(found) == 1:
        return found[0]
    known = ", ".join(_quoted(parts))
    told = f"L’appel n’a pas de {what} «\u00a0{text}\u00a0»."
    raise ValueError(f"{told} Il a\u00a0: {known}." if known else told)


def _quoted(parts: Sequence[Wave | Strand]) -> Iterator[str]:
    return (f"«\u00a0{each.name}\u00a0»" for each in parts)


def _shown(value: Any) -> str:
    if value in (None, ""):
        return _NOTHING
    if isinstance(value, Decimal):
        return f"{value:,.2f}\u00a0€".replace(",", "\u202f").replace(".", ",").replace(",00", "")
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)
