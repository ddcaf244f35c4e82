"""Where territories come from: the project's files, or the State's API Géo in its own format."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings

from core.tables import FileRefusedError, decode, read_bytes, read_table
from territories.models import TerritoryKind
from territories.places import Faults, FormerPlace, Place, Places, check

DEFAULT_SOURCE = Path(settings.BASE_DIR) / "data" / "territories"
API_FIELDS = "nom,code,codesPostaux,population,codeDepartement,codeRegion,codeEpci,centre"
COMMUNE_COLUMNS = (
    *("code", "nom", "departement", "region", "epci"),
    *("codes_postaux", "population", "latitude", "longitude"),
)
_PATIENCE = httpx.Timeout(120, connect=10)


def read_places(source: str | Path) -> Places:
    """A folder of files; or the communes of the API Géo, the rest being the project's files."""
    text = str(source)
    if text.startswith(("http://", "https://")):
        return _with_api_communes(_download(text), text)
    path = Path(source)
    if path.is_dir():
        return _read_folder(path)
    return _with_api_communes(decode(read_bytes(path), path.name), path.name)


def _read_folder(folder: Path) -> Places:
    places = _read_larger(folder)
    places.communes = _read_communes(folder / "communes.csv")
    _check_communes("communes.csv", places)
    places.former = _read_former(folder / "former_communes.csv", places)
    return places


def _read_larger(folder: Path) -> Places:
    """Régions, départements and EPCI."""
    places = Places([], [], [], [], [])
    for row in read_table(folder / "regions.csv", ["code", "nom", "zone", "chef_lieu"]):
        places.regions.append(
            Place(
                TerritoryKind.REGION,
                row["code"],
                row["nom"],
                row.line,
                zone=row["zone"],
                chief_town=row["chef_lieu"],
            )
        )
    check("regions.csv", places.regions)
    for row in read_table(folder / "departements.csv", ["code", "nom", "region", "chef_lieu"]):
        places.departements.append(
            Place(
                TerritoryKind.DEPARTEMENT,
                row["code"],
                row["nom"],
                row.line,
                region=row["region"],
                chief_town=row["chef_lieu"],
            )
        )
    check("departements.csv", places.departements, region=_codes(places.regions))
    faults = Faults("epci.csv")
    for row in read_table(folder / "epci.csv", ["code", "nom", "type", "population"]):
        places.epcis.append(
            Place(
                TerritoryKind.EPCI,
                row["code"],
                row["nom"],
                row.line,
                epci_type=row["type"],
                population=faults.number(row.line, row["population"], "population"),
            )
        )
    faults.refuse_if_any()
    check("epci.csv", places.epcis)
    return places


def _read_communes(path: Path) -> list[Place]:
    faults = Faults(path.name)
    communes = []
    for row in read_table(path, COMMUNE_COLUMNS):
        if row.fault:
            faults.add(row.line, row.fault + ".")
        communes.append(
            Place(
                TerritoryKind.COMMUNE,
                row["code"],
                row["nom"],
                row.line,
                departement=row["departement"],
                region=row["region"],
                epci=row["epci"] or None,
                postal_codes=_postal_codes(row["codes_postaux"].split(), row.line, faults),
                population=faults.number(row.line, row["population"], "population"),
                latitude=faults.degree(row.line, row["latitude"], "latitude", 90),
                longitude=faults.degree(row.line, row["longitude"], "longitude", 180),
            )
        )
    faults.refuse_if_any()
    return communes


def _read_former(path: Path, places: Places) -> list[FormerPlace]:
    faults = Faults(path.name)
    known = _codes(places.communes)
    seen: set[tuple[str, str]] = set()
    former = []
    for row in read_table(path, ["code", "nom", "type", "commune"]):
        place = FormerPlace(row["code"], row["nom"], row["type"], row["commune"], row.line)
        if row.fault:
            faults.add(row.line, row.fault + ".")
        elif place.commune not in known:
            faults.add(row.line, f"commune « {place.commune[:30]} » inconnue.")
        elif not place.name or len(place.code) != 5:
            faults.add(row.line, "nom absent, ou code qui n’a pas cinq caractères.")
        elif (place.code, place.kind) in seen:
            faults.add(row.line, f"code {place.code} en double pour « {place.kind} ».")
        seen.add((place.code, place.kind))
        former.append(place)
    faults.refuse_if_any()
    return former


def _with_api_communes(text: str, name: str) -> Places:
    places = _read_larger(DEFAULT_SOURCE)
    try:
        answer = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise FileRefusedError(
            f"{name} : la réponse n’est pas du JSON (elle commence par « {text[:60].strip()} »)."
        ) from error
    if not isinstance(answer, list) or not answer:
        raise FileRefusedError(f"{name} : une liste de communes était attendue.")
    faults = Faults(name)
    places.communes = [
        commune
        for number, item in enumerate(answer, start=1)
        if (commune := _api_commune(item, number, faults)) is not None
    ]
    faults.refuse_if_any()
    if not any(commune.epci for commune in places.communes):
        raise FileRefusedError(
            f"{name} : aucune commune n’a de champ « codeEpci » ; demandez les champs {API_FIELDS}."
        )
    # The API covers the overseas collectivities too, which this registry does not hold.
    departements = _codes(places.departements)
    places.communes = [
        commune
        for commune in places.communes
        if commune.departement in departements or not _is_overseas_collectivity(commune)
    ]
    _check_communes(name, places)
    return places


def _api_commune(item: Any, number: int, faults: Faults) -> Place | None:
    where = f"commune n° {number}"
    if not isinstance(item, dict) or not all(
        isinstance(item.get(key), str) for key in ("code", "nom")
    ):
        faults.add(0, f"{where} : sans code ou sans nom.")
        return None
    where = f"commune {item['code']}"
    centre = item.get("centre") or {}
    point = centre.get("coordinates") if isinstance(centre, dict) else None
    if centre and not (
        isinstance(point, list)
        and len(point) == 2
        and all(isinstance(x, int | Decimal) for x in point)
    ):
        faults.add(0, f"{where} : centre qui n’est pas un point GeoJSON.")
        point = None
    codes = item.get("codesPostaux") or []
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        faults.add(0, f"{where} : codes postaux qui ne sont pas une liste de textes.")
        codes = []
    population = item.get("population")
    if population is not None and (not isinstance(population, int) or population < 0):
        faults.add(0, f"{where} : population « {population} » qui n’est pas un nombre entier.")
        population = None
    longitude, latitude = point or (None, None)
    return Place(
        TerritoryKind.COMMUNE,
        item["code"],
        item["nom"],
        departement=str(item.get("codeDepartement") or ""),
        region=str(item.get("codeRegion") or ""),
        epci=item.get("codeEpci") or None,
        postal_codes=_postal_codes(codes, 0, faults),
        population=population,
        latitude=faults.degree(0, str(latitude), where, 90) if point else None,
        longitude=faults.degree(0, str(longitude), where, 180) if point else None,
    )


def _download(address: str) -> str:
    """The text at an address; the API's base address alone asks for every commune."""
    url = httpx.URL(address)
    if not url.query and not url.path.endswith(".json"):
        path = url.path.rstrip("/")
        if not path.endswith("/communes"):
            path += "/communes"
        url = url.copy_with(path=path, params={"fields": API_FIELDS})
    agent = f"registre-ptce/{settings.RELEASE}"
    try:
        answer = httpx.get(
            url, timeout=_PATIENCE, follow_redirects=True, headers={"User-Agent": agent}
        )
    except httpx.HTTPError as error:
        raise FileRefusedError(f"{url} : pas de réponse ({error}).") from error
    if answer.status_code == 429:
        wait = answer.headers.get("Retry-After", "quelques")
        raise FileRefusedError(f"{url} : trop de demandes ; réessayez dans {wait} secondes.")
    if answer.status_code != 200:
        words = answer.text.strip()[:120]
        raise FileRefusedError(f"{url} : le service répond {answer.status_code} (« {words} »).")
    return decode(answer.content, str(url))


def _check_communes(name: str, places: Places) -> None:
    check(
        name,
        places.communes,
        departement=_codes(places.departements),
        region=_codes(places.regions),
        epci=_codes(places.epcis),
    )
    region_of = {departement.code: departement.region for departement in places.departements}
    faults = Faults(name)
    for commune in places.communes:
        if region_of[commune.departement or ""] != commune.region:
            faults.add(
                commune.line,
                f"{commune.code} : le département {commune.departement} n’est pas de la région "
                f"{commune.region}.",
            )
    faults.refuse_if_any()


def _postal_codes(codes: list[str], line: int, faults: Faults) -> list[str]:
    for code in codes:
        if len(code) != 5 or not (code.isascii() and code.isdigit()):
            faults.add(line, f"code postal « {code[:30]} » mal formé.")
    return sorted(codes)


def _codes(places: list[Place]) -> set[str]:
    return {place.code for place in places}


def _is_overseas_collectivity(commune: Place) -> bool:
    return commune.code.startswith(("975", "977", "978", "98"))
