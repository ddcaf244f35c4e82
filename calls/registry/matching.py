"""Finds what a source names: a territory by its words, an organisation by its name."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from calls.registry.mapping import Mapping, OrganisationEntry
from calls.registry.reading import RowRefusedError
from core.text import normalise
from members.naming import BRACKETED_ACRONYM
from territories.models import FormerCommune, Territory


@dataclass
class Seat:
    territory: Territory | None
    notes: list[str]


class TerritoryMatcher:
    """The territories of the registry, by what a source writes of them."""

    def __init__(self, commune_names: Iterable[str]) -> None:
        """Of the 35,000 communes, only those that bear or bore one of ``commune_names``."""
        current = Territory.objects.current()
        self.regions = {normalise(region.name): region for region in current.regions()}
        self.departements = {place.code: place for place in current.departements()}
        names = {normalise(name) for name in commune_names}
        self._communes: dict[str, dict[int, Territory]] = defaultdict(dict)
        for commune in current.communes().filter(normalised_name__in=names):
            self._communes[normalise(commune.name)][commune.pk] = commune
        for former in FormerCommune.objects.filter(
            normalised_name__in=names, commune__gone_on=None
        ).select_related("commune"):
            self._communes[normalise(former.name)][former.commune_id] = former.commune

    def communes_named(
        self, name: str, *, departement: Territory | None = None, region: Territory | None = None
    ) -> list[Territory]:
        """Today's communes of that name, past or present, within the département or the région."""
        return [
            commune
            for commune in self._communes.get(normalise(name), {}).values()
            if (departement is None or commune.departement_id == departement.pk)
            and (region is None or commune.region_id == region.pk)
        ]

    def seat(self, commune: str, departement_code: str, region: str) -> Seat:
        """The most precise territory known; what was written and not found is noted."""
        notes = []
        found_region = self.regions.get(normalise(region)) if region else None
        if region and found_region is None:
            notes.append(f"région inconnue : « {region} »")
        code = departement_code.upper()
        # A spreadsheet takes the zero off 07.
        found_departement = self.departements.get(code.zfill(2)) if code else None
        if code and found_departement is None:
            notes.append(f"département inconnu : « {departement_code} »")
        if found_region and found_departement and found_departement.region_id != found_region.pk:
            raise RowRefusedError(
                f"le département {found_departement.code} n’est pas dans la région « {region} »"
            )
        territory = found_departement or found_region
        if commune:
            candidates = self.communes_named(
                commune, departement=found_departement, region=found_region
            )
            if len(candidates) == 1:
                territory = candidates[0]
            elif candidates:
                labels = ", ".join(sorted(candidate.label for candidate in candidates))
                notes.append(f"plusieurs communes « {commune} », aucune retenue : {labels}")
            else:
                notes.append(f"commune inconnue : « {commune} »")
        return Seat(territory, notes)


def organisation_entry(name: str, mapping: Mapping) -> OrganisationEntry:
    """The registry's name for an organisation that a source names."""
    entry = mapping.organisations.get(normalise(name))
    if entry is None:
        found = BRACKETED_ACRONYM.match(name)
        entry = mapping.organisations.get(normalise(found["name"])) if found else None
        if entry is None:
            return (
                OrganisationEntry(found["name"], found["acronym"])
                if found
                else (OrganisationEntry(name))
            )
    return entry
