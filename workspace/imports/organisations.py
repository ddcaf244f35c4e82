"""Organisations as a sheet names them: those of the registry, or new ones to be made."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from stdnum.fr import siren as siren_number

from calls.registry.mapping import Mapping as Words
from calls.registry.matching import organisation_entry
from core.likeness import look_alikes
from core.text import normalise
from members.kinds import OrganisationKind
from members.models import Organisation
from members.naming import organisation_key
from poles.record.fields import Json
from workspace.imports.asking import LEAVE, NEW, ORGANISATION, Answers, Question
from workspace.imports.cells import (
    JOINED,
    CellError,
    Reading,
    quoted,
    same_text,
    split_list,
    tidy_line,
)
from workspace.imports.references import Named, member_type

_NUMBERED = re.compile(
    r"^(?P<name>.*\S)\s*\((?:SIREN\s*(?P<siren>[\d\s]{9,})|n°\s*(?P<pk>\d{1,15}))\)$"
)
_LONGEST = 250


@dataclass(frozen=True)
class Mentioned:
    """An organisation as a cell writes it."""

    name: str
    siren: str = ""
    pk: int | None = None

    @property
    def key(self) -> str:
        return organisation_key(self.name)


def mentioned(text: str, siren: str = "") -> Mentioned:
    """Raises CellError for a number that is none."""
    text = tidy_line(text)
    found = _NUMBERED.match(text)
    if found:
        number = read_siren(found["siren"] or siren)
        return Mentioned(found["name"], number, int(found["pk"]) if found["pk"] else None)
    return Mentioned(text, read_siren(siren))


def read_siren(text: str) -> str:
    """The nine digits of a SIREN or of a SIRET, whose first zeros a spreadsheet may have taken."""
    digits = re.sub(r"[\s.\u00a0\u202f-]", "", text)
    if not digits:
        return ""
    if re.fullmatch(r"\d{1,14}", digits, re.ASCII):
        digits = digits.zfill(9) if len(digits) <= 9 else digits.zfill(14)[:9]
        if siren_number.is_valid(digits):
            return digits
    if re.search(r"\d[.,]\d+E\+", text, re.IGNORECASE):
        raise CellError(
            f"{quoted(text)} a perdu ses derniers chiffres dans le tableur\u00a0: retapez le numéro"
        )
    raise CellError(f"{quoted(text)} n’est pas un SIREN valide (9 chiffres)")


class Organisations:
    """Those that the texts of a file may mean; three statements, however many the texts."""

    def __init__(self, words: Words, answers: Answers, mentions: Iterable[Mentioned]) -> None:
        self.words, self.answers = words, answers
        self.named = Named()
        wanted: dict[str, str] = {}
        sirens, pks = set(), set()
        for each in mentions:
            entry = organisation_entry(each.name, words)
            wanted[organisation_key(entry.name)] = normalise(entry.name)
            sirens.add(each.siren)
            pks.add(each.pk)
        rows = _names() if wanted else iter(())
        bearers = [pk for pk, name in rows if organisation_key(name) in wanted]
        self._by_siren: dict[str, Organisation] = {}
        self._by_key: dict[str, list[Organisation]] = defaultdict(list)
        self._by_pk: dict[int, Organisation] = {}
        known = Organisation.objects.filter(pk__in={*bearers, *(pks - {None})})
        numbered = Organisation.objects.filter(siren__in=sirens - {""})
        for organisation in (*known.order_by("pk"), *numbered.order_by("pk")):
            if organisation.pk not in self._by_pk:
                self._by_key[organisation_key(organisation.name)].append(organisation)
            self._by_pk[organisation.pk] = organisation
            if organisation.siren:
                self._by_siren[organisation.siren] = organisation
        unknown = {key: name for key, name in wanted.items() if key not in self._by_key and name}
        self._alike = look_alikes(unknown, _normalised_names) if unknown else {}
        likely = {pk for pks in self._alike.values() for pk in pks}
        for organisation in Organisation.objects.filter(pk__in=likely - set(self._by_pk)):
            self._by_pk[organisation.pk] = organisation

    def remember(self, organisations: Iterable[Organisation]) -> None:
        for each in organisations:
            self.named.add(each.pk, written(each), each.public_name)

    def find(self, each: Mentioned, type_word: str = "", source: str = "") -> Json:
        """Its number, or the values of a new one; raises CellError or Undecided."""
        found = self._known(each)
        if found is not None:
            self.remember([found])
            return found.pk
        if not normalise(each.name) or len(each.name) > _LONGEST:
            raise CellError(f"{quoted(each.name)} n’est pas un nom d’organisation")
        if normalise(each.name) in self.words.not_organisations:
            raise CellError(f"{quoted(each.name)} ne nomme pas une organisation")
        return self._like(each) or self._described(each, type_word, source)

    def _known(self, each: Mentioned) -> Organisation | None:
        if each.pk is not None and (numbered := self._by_pk.get(each.pk)):
            return numbered
        if each.siren and each.siren in self._by_siren:
            return self._by_siren[each.siren]
        entry = organisation_entry(each.name, self.words)
        bearers = self._by_key.get(organisation_key(entry.name), [])
        if each.siren:
            # One of another number is another, whatever its name.
            bearers = [one for one in bearers if not one.siren]
        if len(bearers) > 1:
            exact = [one for one in bearers if normalise(one.name) == normalise(entry.name)]
            bearers = exact if len(exact) == 1 else bearers
        if len(bearers) > 1:
            raise CellError(
                f"plusieurs organisations du registre s’appellent {quoted(each.name)}\u00a0: dites "
                f"laquelle par son SIREN, ou ainsi\u00a0: {written(bearers[0])}"
            )
        return bearers[0] if bearers else None

    def _like(self, each: Mentioned) -> int | None:
        """The one that the person has said it to be; None for a new one."""
        entry = organisation_entry(each.name, self.words)
        likely = [
            self._by_pk[pk]
            for pk in self._alike.get(organisation_key(entry.name), [])
            if not (each.siren and self._by_pk[pk].siren)
        ]
        if not likely:
            return None
        names = ", ".join(quoted(one.public_name) for one in likely)
        question = Question(
            ORGANISATION,
            organisation_key(entry.name),
            f"L’organisation {quoted(each.name)} ressemble à {names}.",
            [
                *(
                    (str(one.pk), f"C’est {quoted(one.public_name)}{_number(one)}")
                    for one in likely
                ),
                (NEW, f"C’en est une autre\u00a0: créer {quoted(each.name)}"),
                (LEAVE, "Ne pas importer les lignes qui la nomment"),
            ],
        )
        answer = self.answers.to(question)
        if answer == LEAVE:
            raise CellError(f"vous avez laissé de côté l’organisation {quoted(each.name)}")
        if answer == NEW:
            return None
        self.remember([self._by_pk[int(answer)]])
        return int(answer)

    def _described(self, each: Mentioned, type_word: str, source: str) -> dict[str, Any]:
        stated = member_type(self.words, type_word)
        entry = organisation_entry(each.name, self.words)
        values: dict[str, Any] = {"name": entry.name, "acronym": entry.acronym}
        if each.siren:
            values["siren"] = each.siren
        if stated.kind != OrganisationKind.UNKNOWN:
            values["kind"] = stated.kind.value
        values |= dict(stated.facts)
        if type_word and not stated.mute:
            values["source"] = f"{quoted(type_word)}, {source}"
        return values


@dataclass(frozen=True)
class OrganisationCell:
    """One organisation in a cell of its own: the pole's legal person."""

    organisations: Organisations
    empty: Json = None

    def read(self, text: str, reading: Reading) -> Json:
        text = tidy_line(text)
        return self.organisations.find(mentioned(text)) if text else None

    def show(self, value: Json) -> str:
        return self.organisations.named.written.get(value, "")

    def text(self, value: Json) -> str:
        return told(value, self.organisations.named)

    def same(self, text: str, value: Json, reading: Reading) -> bool:
        return same_text(text, self.show(value))


@dataclass(frozen=True)
class OrganisationsCell:
    """Several in one cell: the members of a project. New ones are not made from there."""

    organisations: Organisations

    @property
    def empty(self) -> Json:
        return []

    def read(self, text: str, reading: Reading) -> Json:
        found = [self.organisations.find(mentioned(p)) for p in split_list(text, reading.separator)]
        for each in found:
            if isinstance(each, dict):
                raise CellError(
                    f"{quoted(each['name'])} n’est pas encore au registre\u00a0: ajoutez d’abord "
                    "l’organisation aux membres du pôle"
                )
        return sorted(set(found))

    def show(self, value: Json) -> str:
        names = (self.organisations.named.written.get(pk, f"n° {pk}") for pk in value or [])
        return JOINED.join(sorted(names))

    def text(self, value: Json) -> str:
        return ", ".join(sorted(told(pk, self.organisations.named) for pk in value or []))

    def same(self, text: str, value: Json, reading: Reading) -> bool:
        return same_text(text, self.show(value))


def told(value: Json, named: Named) -> str:
    if isinstance(value, dict):
        return f"{value['name']} (nouvelle organisation)"
    return named.told.get(value, f"n° {value}") if value is not None else ""


def written(organisation: Organisation) -> str:
    """The organisation as a single cell names it: no other is written the same."""
    number = f"SIREN {organisation.siren}" if organisation.siren else f"n° {organisation.pk}"
    return f"{organisation.public_name} ({number})"


def _number(organisation: Organisation) -> str:
    return f", SIREN {organisation.siren}" if organisation.siren else ""


def _names() -> Iterator[tuple[int, str]]:
    rows = Organisation.objects.order_by("pk").values_list("pk", "name")
    return rows.iterator(chunk_size=5000)


def _normalised_names() -> Iterator[tuple[int, str]]:
    rows = Organisation.objects.order_by("pk").values_list("pk", "normalised_name")
    return rows.iterator(chunk_size=5000)
