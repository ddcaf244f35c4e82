"""The client of the API Recherche d’entreprises (the State's register), and what it proposes.

It never raises on a failure of the service: an `Answer` says what is not to be had, in French.
Answers are kept for a day. https://recherche-entreprises.api.gouv.fr, limit: 7 requests a second.
"""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx
from django.conf import settings
from django.core.cache import cache
from stdnum.fr import siren as siren_number
from stdnum.fr import siret as siret_number

from members.kinds import CERTAIN_FACTS, OrganisationKind
from members.legal_categories import category, is_legal_person

_MASKED = "[NON-DIFFUSIBLE]"
_MOST_BYTES = 2_000_000
_FEWEST_LETTERS, _MOST_A_PAGE = 3, 25


@dataclass(frozen=True)
class Unit:
    """A legal unit of the register; a value that is masked or not given is empty or None."""

    siren: str
    name: str = ""
    acronym: str = ""
    siret: str = ""
    legal_category: str = ""
    publication_status: str = "O"
    ceased: bool = False
    ceased_on: date | None = None
    commune: str = ""
    is_ess: bool = False
    is_association: bool = False
    is_training_body: bool = False
    is_authority: bool = False

    @property
    def page(self) -> str:
        """The public page that shows the unit."""
        return f"https://annuaire-entreprises.data.gouv.fr/entreprise/{self.siren}"


@dataclass(frozen=True)
class Answer:
    """The units found; or ``unavailable``, why nothing can be said, and after how many seconds."""

    units: tuple[Unit, ...] = ()
    unavailable: str = ""
    retry_after: float = 0


@dataclass(frozen=True)
class Claim:
    """A value that the register gives; what is not certain waits for a person."""

    value: str | bool
    reason: str
    certain: bool


def look_up(number: str) -> Answer:
    """The unit of a SIREN or SIRET, if there is one."""
    digits = "".join(number.split())
    if not (siren_number.is_valid(digits) or siret_number.is_valid(digits)):
        return Answer(unavailable="Ce numéro n’est ni un SIREN ni un SIRET valide.")
    answer = _ask({"q": digits, "page": 1, "per_page": 1})
    # A direct look-up gives that unit or nothing; anything else is not an answer to it.
    return Answer(
        tuple(unit for unit in answer.units if unit.siren == digits[:9]),
        answer.unavailable,
        answer.retry_after,
    )


def search(name: str, most: int = 10) -> Answer:
    """The units whose name is like this one, the likeliest first."""
    words = " ".join(name.split())
    if len(words) < _FEWEST_LETTERS:
        return Answer(unavailable="Il faut au moins trois lettres pour chercher.")
    return _ask({"q": words[:200], "page": 1, "per_page": min(most, _MOST_A_PAGE)})


def _ask(query: Mapping[str, Any]) -> Answer:
    asked = json.dumps(query, sort_keys=True)
    key = "register-" + hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()
    kept = cache.get(key)
    if kept is not None:
        return kept
    answer = _fetch(query)
    if not answer.unavailable:
        cache.set(key, answer, settings.REGISTER_CACHE_SECONDS)
    return answer


def _fetch(query: Mapping[str, Any]) -> Answer:
    down = "L’annuaire des entreprises ne répond pas\u00a0: la saisie reste possible sans lui."
    try:
        status, headers, content = _get(query)
    except httpx.HTTPError:
        return Answer(unavailable=down)
    if status == 429:
        wait = _seconds(headers.get("Retry-After", ""))
        return Answer(
            unavailable="L’annuaire des entreprises est très demandé\u00a0: réessayez plus tard.",
            retry_after=wait,
        )
    if status in {400, 404}:
        # What was asked is wrong, or nothing bears this number.
        return Answer()
    if status != 200:
        return Answer(unavailable=down)
    try:
        return Answer(tuple(_unit(each) for each in json.loads(content)["results"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Answer(unavailable="La réponse de l’annuaire des entreprises est illisible.")


def _get(query: Mapping[str, Any]) -> tuple[int, Mapping[str, str], bytes]:
    """Within the time limit as a whole: a service that sends a byte a second is down too."""
    limit = settings.REGISTER_TIMEOUT_SECONDS
    deadline = time.monotonic() + limit
    agent = {"User-Agent": f"registre-ptce ({settings.SITE_URL})"}
    content = bytearray()
    with httpx.stream(
        "GET", settings.REGISTER_URL, params=dict(query), headers=agent, timeout=limit
    ) as response:
        for chunk in response.iter_bytes():
            content += chunk
            if time.monotonic() > deadline or len(content) > _MOST_BYTES:
                raise httpx.ReadTimeout("too long")
        return response.status_code, response.headers, bytes(content)


def _seconds(text: str) -> float:
    return min(float(text), 3600) if text.strip().isdecimal() else 1


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value.strip() if isinstance(value, str) and _MASKED not in value else ""


def _unit(found: Mapping[str, Any]) -> Unit:
    seat, more = found.get("siege") or {}, found.get("complements") or {}
    ended = _text(found, "date_fermeture")
    siren = _text(found, "siren")
    if not siren:
        raise ValueError("a unit without a SIREN")
    return Unit(
        siren=siren,
        name=_text(found, "nom_raison_sociale") or _text(found, "nom_complet"),
        acronym=_text(found, "sigle"),
        siret=_text(seat, "siret"),
        legal_category=_text(found, "nature_juridique"),
        publication_status="P" if found.get("statut_diffusion") == "P" else "O",
        ceased=found.get("etat_administratif") == "C",
        ceased_on=date.fromisoformat(ended) if ended else None,
        commune=_text(seat, "commune"),
        # What is false proves nothing: only what is true is kept.
        is_ess=more.get("est_ess") is True,
        is_association=more.get("est_association") is True,
        is_training_body=more.get("est_organisme_formation") is True,
        is_authority=bool(more.get("collectivite_territoriale")),
    )


@dataclass
class _Claims:
    found: dict[str, Claim] = field(default_factory=dict)

    def say(self, aspect: str, value: str | bool, reason: str, *, certain: bool = True) -> None:
        self.found.setdefault(aspect, Claim(value, reason, certain))


def propose(unit: Unit) -> dict[str, Claim]:
    """By aspect (``kind`` or a fact), what the register gives and why; silence is not a no."""
    claims = _Claims()
    of_category = category(unit.legal_category)
    because = f"catégorie juridique {unit.legal_category}\u00a0: {of_category.words}"
    if of_category.kind is not None and of_category.certain:
        claims.say("kind", of_category.kind.value, because)
    elif unit.is_authority:
        authority = OrganisationKind.AUTHORITY.value
        claims.say("kind", authority, "l’annuaire la tient pour une collectivité territoriale")
    elif unit.is_association:
        association = OrganisationKind.ASSOCIATION.value
        claims.say("kind", association, "l’annuaire la tient pour une association")
    elif unit.is_ess and of_category.kind is not None:
        ess = "l’annuaire la tient pour une entreprise de l’ESS"
        claims.say("kind", OrganisationKind.ESS.value, ess)
    elif of_category.kind is not None:
        claims.say("kind", of_category.kind.value, because, certain=False)
    kind = claims.found.get("kind")
    if kind is not None:
        for fact, value in CERTAIN_FACTS[OrganisationKind(str(kind.value))].items():
            claims.say(fact, value, f"d’après sa nature ({kind.reason})", certain=kind.certain)
    if unit.is_ess:
        claims.say("is_ess", True, "l’annuaire la tient pour une entreprise de l’ESS")
    if unit.is_training_body:
        declared = "l’annuaire la compte parmi les organismes de formation déclarés"
        claims.say("is_training_body", True, declared)
    person = is_legal_person(unit.legal_category)
    if person is not None:
        reason = f"catégorie juridique {unit.legal_category}"
        claims.say("is_legal_person", person, reason)
    return claims.found
