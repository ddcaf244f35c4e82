"""What the lines of an export name: poles, organisations, places; read once for all of them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from calls.platform.reading import Dossier
from calls.registry.matching import TerritoryMatcher
from core.likeness import core_words, look_alikes
from core.text import normalise
from members.models import Organisation
from members.naming import organisation_key
from poles.models import Membership, MembershipRole, Pole, RecordState
from territories.models import Territory

_MOST_WITHIN = 5
_POSTAL = re.compile(r"^(?P<name>.*\S)\s*\((?P<code>\d{5})\)$")


@dataclass(frozen=True)
class KnownPole:
    """``place``: where its seat is, in words; ``seat`` and ``departement``: by number."""

    pk: int
    name: str
    normalised: str
    acronym: str
    place: str
    seat: int | None
    departement: int | None


@dataclass(frozen=True)
class Beneficiary:
    """``pk``: None for one to be made; ``gives_siren``: the known one has no number yet.

    ``namesakes``: how many of that name have none, where it cannot be told which it is.
    """

    pk: int | None
    name: str
    siren: str
    gives_siren: bool = False
    namesakes: int = 0


class Poles:
    """Those that are not archived; of a merged one, the one that stands."""

    def __init__(self) -> None:
        merged: dict[int, int] = {}
        ids: dict[str, int] = {}
        self.by_pk: dict[int, KnownPole] = {}
        self._by_word: dict[str, list[int]] = defaultdict(list)
        rows: Any = Pole.objects.order_by("pk").values_list(
            "pk", "public_id", "name", "normalised_name", "acronym", "record_state", "merged_into",
            "seat__name", "seat__kind", "seat_id", "seat__departement_id",
        )  # fmt: skip
        for row in rows:
            pk, public_id, name, normalised, acronym, state, into = row[:7]
            place, kind, seat, departement = row[7:]
            ids[public_id] = pk
            if into is not None:
                merged[pk] = into
            if state != RecordState.ARCHIVED:
                here = seat if kind == "departement" else departement
                known = KnownPole(pk, name, normalised, acronym, place or "", seat, here)
                self.by_pk[pk] = known
                for word in {normalised, normalise(acronym)} - {""}:
                    self._by_word[word].append(pk)
        self._by_id = {public_id: _standing(pk, merged) for public_id, pk in ids.items()}

    def identified(self, text: str) -> KnownPole | None:
        """The pole of a public identifier, its zeros written or not."""
        found = re.fullmatch(r"(?:PTCE[\s-]*)?0*(\d{1,12})", text.strip(), re.IGNORECASE)
        pk = self._by_id.get(f"PTCE-{found[1]:>05}") if found else None
        return self.by_pk.get(pk) if pk is not None else None

    def named(self, text: str) -> list[KnownPole]:
        """By identifier, name or acronym."""
        if re.match(r"\s*PTCE-\d", text, re.IGNORECASE) and (one := self.identified(text)):
            return [one]
        return [self.by_pk[pk] for pk in self._by_word.get(normalise(text), [])]

    def alike(self, names: Iterable[str]) -> dict[str, list[KnownPole]]:
        """For each of ``names``, those of nearly the same, the likeliest first."""
        wanted = {name: normalise(name) for name in names if normalise(name)}
        if not wanted:
            return {}
        known = [(pole.pk, pole.normalised) for pole in self.by_pk.values()]
        found = look_alikes(wanted, lambda: known)
        bearers: dict[str, set[int]] = defaultdict(set)
        for pk, words in known:
            for word in core_words(words).split():
                bearers[word].add(pk)
        near = {}
        for name, words in wanted.items():
            # A name that is but a part of one: « PTCE Gâtinais ».
            sets = [bearers.get(word, set()) for word in core_words(words).split()]
            within = sorted(set.intersection(*sets)) if sets else []
            pks = [*found.get(name, []), *(within if len(within) <= _MOST_WITHIN else [])]
            near[name] = [self.by_pk[pk] for pk in dict.fromkeys(pks)]
        return near


def _standing(pk: int, merged: dict[int, int]) -> int:
    while pk in merged:
        pk = merged[pk]
    return pk


class Beneficiaries:
    """By SIREN, else by the name of one that has none; and the poles that they lead."""

    def __init__(self, dossiers: Sequence[Dossier]) -> None:
        sirens = {each.siren for each in dossiers} - {""}
        rows = Organisation.objects.filter(siren__in=sirens).order_by("pk")
        self._by_siren = {each.siren: each for each in rows}
        keys = {
            organisation_key(each.organisation)
            for each in dossiers
            if each.siren and each.siren not in self._by_siren and each.organisation
        }
        self._by_key: dict[str, list[tuple[int, str]]] = defaultdict(list)
        if keys:
            without = Organisation.objects.filter(siren=None).order_by("pk")
            for pk, name in without.values_list("pk", "name"):
                if (key := organisation_key(name)) in keys:
                    self._by_key[key].append((pk, name))
        known = {each.pk for each in self._by_siren.values()}
        known |= {pk for rows in self._by_key.values() for pk, _ in rows}
        self._led = _led_by(known)

    def of(self, dossier: Dossier) -> Beneficiary | None:
        """Raises ValueError, in French, for one that is not known and has no name."""
        siren = dossier.siren
        if not siren:
            return None
        if (known := self._by_siren.get(siren)) is not None:
            return Beneficiary(known.pk, known.public_name, siren)
        if not normalise(dossier.organisation):
            raise ValueError(
                f"Le porteur de SIREN {siren} n’est pas au registre, et la ligne ne dit pas son "
                "nom."
            )
        bearers = self._by_key[organisation_key(dossier.organisation)]
        if len(bearers) == 1:
            pk, name = bearers[0]
            return Beneficiary(pk, name, siren, gives_siren=True)
        return Beneficiary(None, dossier.organisation, siren, namesakes=len(bearers))

    def led_by(self, beneficiary: Beneficiary | None) -> list[int]:
        """The poles that it leads today, or whose legal person it is."""
        if beneficiary is None or beneficiary.pk is None:
            return []
        return self._led[beneficiary.pk]


def _led_by(organisations: set[int]) -> dict[int, list[int]]:
    today = timezone.localdate()
    led: dict[int, set[int]] = defaultdict(set)
    leads = Membership.objects.filter(
        Q(begins_on=None) | Q(begins_on__lte=today),
        Q(ends_on=None) | Q(ends_on__gte=today),
        organisation__in=organisations,
        role=MembershipRole.LEAD,
    )
    own = Pole.objects.filter(legal_person__in=organisations)
    for organisation, pole in (
        *leads.order_by("pk").values_list("organisation", "pole"),
        *own.order_by("pk").values_list("legal_person", "pk"),
    ):
        led[organisation].add(pole)
    return defaultdict(list, {pk: sorted(poles) for pk, poles in led.items()})


class Places:
    """The commune of a line, else its département; None where neither is known."""

    def __init__(self, dossiers: Sequence[Dossier]) -> None:
        self._matcher = TerritoryMatcher({_commune(each)[0] for each in dossiers} - {""})
        codes = {each.commune_code for each in dossiers} - {""}
        found = Territory.objects.current().communes().filter(code__in=codes)
        self._by_code = {each.code: each for each in found.order_by("pk")}
        self._names = {normalise(each.name): each for each in self._matcher.departements.values()}

    def of(self, dossier: Dossier) -> Territory | None:
        if (commune := self._by_code.get(dossier.commune_code)) is not None:
            return commune
        name, postal = _commune(dossier)
        departement = self._departement(dossier.departement) or self._of_postal_code(postal)
        found = self._matcher.communes_named(name, departement=departement) if name else []
        within = [each for each in found if postal in each.postal_codes] if postal else []
        if len(within or found) == 1:
            return (within or found)[0]
        return departement

    def _departement(self, text: str) -> Territory | None:
        """``56``, ``Morbihan`` or ``56 – Morbihan``."""
        coded = re.match(r"\s*(2[ab]|\d{1,3})(?!\d)", text, re.IGNORECASE)
        if coded:
            return self._matcher.departements.get(coded[1].upper().zfill(2))
        return self._names.get(normalise(text))

    def _of_postal_code(self, code: str) -> Territory | None:
        known = self._matcher.departements
        return known.get(code[:3]) or known.get(code[:2]) if code else None


def _commune(dossier: Dossier) -> tuple[str, str]:
    """The name that the platform writes, and its postal code: ``Vannes (56000)``."""
    found = _POSTAL.match(dossier.commune)
    return (found["name"], found["code"]) if found else (dossier.commune, "")
