"""The client of the API Recherche d’entreprises (the State's register), and what it proposes.

It never raises on a failure of the service: an `Answer` says what is not to be had, in French.
Answers are kept for a day. https://recherche-entreprises.api.gouv.fr, limit: 7 requests a second.
"""

import hashlib
import json
import re
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

from core.outside import ask
from members.kinds import CERTAIN_FACTS, OrganisationKind
from members.legal_categories import category, is_legal_person

_MASKED = "[NON-DIFFUSIBLE]"
_FEWEST_LETTERS, _MOST_A_PAGE = 3, 25
_SILENT_UNTIL = "register-silent-until"
_DOWN = "L’annuaire des entreprises ne répond pas\u00a0: la saisie reste possible sans lui."
_BUSY = "L’annuaire des entreprises est très demandé\u00a0: réessayez plus tard."
_UNREADABLE = "La réponse de l’annuaire des entreprises est illisible."


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
    """The units found; or ``unavailable``, why nothing can be said, and after how many seconds.

    ``misasked``: the question is at fault (no number, too few letters), and not the service.
    """

    units: tuple[Unit, ...] = ()
    unavailable: str = ""
    retry_after: float = 0
    misasked: bool = False


@dataclass(frozen=True)
class Claim:
    """A value that the register gives; what is not certain waits for a person."""

    value: str | bool
    reason: str
    certain: bool


def look_up(number: str) -> Answer:
    """The unit of a SIREN or SIRET, if there is one."""
    # Exactly its digits: with a dot left between them, it would be searched for as a name.
    digits = re.sub(r"[\s.]", "", number)
    if not (siren_number.is_valid(digits) or siret_number.is_valid(digits)):
        wrong = "Ce numéro n’est ni un SIREN ni un SIRET valide."
        return Answer(unavailable=wrong, misasked=True)
    answer = _ask({"q": digits, "page": 1, "per_page": 1})
    # A direct look-up gives that unit or nothing; anything else is not an answer to it.
    return Answer(
        tuple(unit for unit in answer.units if unit.siren == digits[:9]),
        answer.unavailable,
        answer.retry_after,
        answer.misasked,
    )


def search(name: str, most: int = 10) -> Answer:
    """The units whose name is like this one, the likeliest first."""
    words = " ".join(name.split())
    if len(words) < _FEWEST_LETTERS:
        short = "Il faut au moins trois lettres pour chercher."
        return Answer(unavailable=short, misasked=True)
    return _ask({"q": words[:200], "page": 1, "per_page": min(most, _MOST_A_PAGE)})


def _ask(query: Mapping[str, Any]) -> Answer:
    asked = json.dumps(query, sort_keys=True)
    key = "register-" + hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()
    kept = cache.get(key)
    if kept is not None:
        return kept
    if (left := cache.get(_SILENT_UNTIL, 0) - time.time()) > 0:
        # A page does not wait, and does not ask before the time that the service named.
        return Answer(unavailable=_BUSY, retry_after=left)
    answer = _fetch(query)
    if not answer.unavailable:
        cache.set(key, answer, settings.REGISTER_CACHE_SECONDS)
    if answer.retry_after:
        cache.set(_SILENT_UNTIL, time.time() + answer.retry_after, answer.retry_after)
    return answer


def _fetch(query: Mapping[str, Any]) -> Answer:
    try:
        reply = ask(settings.REGISTER_URL, query, settings.REGISTER_TIMEOUT_SECONDS)
    except httpx.HTTPError:
        return Answer(unavailable=_DOWN)
    status = reply.status
    if status == 429:
        return Answer(unavailable=_BUSY, retry_after=reply.retry_after or 1)
    if status >= 500:
        return Answer(unavailable=_DOWN, retry_after=reply.retry_after)
    try:
        said = json.loads(reply.content)
        if status in {400, 404}:
            return _refused(status, str(said["erreur"]))
        if status == 200:
            return Answer(tuple(_unit(each) for each in said["results"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Answer(unavailable=_UNREADABLE if status == 200 else _DOWN)
    return Answer(unavailable=_DOWN)


def _refused(status: int, why: str) -> Answer:
    # Only the register's own 404 says that nothing bears this number, not a wrong address's.
    if status == 404:
        return Answer()
    refused = f"L’annuaire des entreprises refuse cette recherche\u00a0: {why[:200]}"
    return Answer(unavailable=refused, misasked=True)


def _text(values: Mapping[str, Any], name: str, form: str = ".*") -> str:
    """Empty where it is masked, or has not the ``form`` that the registry can keep."""
    value = values.get(name)
    text = value.strip() if isinstance(value, str) and _MASKED not in value else ""
    return text if re.fullmatch(form, text, re.ASCII | re.DOTALL) else ""


def _unit(found: Mapping[str, Any]) -> Unit:
    seat, more = found.get("siege") or {}, found.get("complements") or {}
    ended = _text(found, "date_fermeture")
    siren = _text(found, "siren", r"\d{9}")
    if not siren:
        raise ValueError("a unit without a SIREN")
    return Unit(
        siren=siren,
        name=_text(found, "nom_raison_sociale") or _text(found, "nom_complet"),
        acronym=_text(found, "sigle"),
        siret=_text(seat, "siret", rf"{siren}\d{{5}}"),
        legal_category=_text(found, "nature_juridique", r"\d{4}"),
        publication_status="P" if found.get("statut_diffusion") == "P" else "O",
        ceased=found.get("etat_administratif") == "C",
        ceased_on=date.fromisoformat(ended) if ended else None,
        commune=_text(seat, "commune", r"\d[\dAB]\d{3}"),
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
    person = is_legal_person(unit.legal_category)
    # Article 1 of the law counts legal persons alone in the ESS.
    ess = unit.is_ess and person is not False
    kind = _kind(unit, ess=ess)
    gives: Mapping[str, bool] = {}
    if kind is not None:
        claims.say("kind", kind.value, kind.reason, certain=kind.certain)
        gives = CERTAIN_FACTS[OrganisationKind(str(kind.value))]
    if ess and gives.get("is_ess") is not False:
        claims.say("is_ess", True, "l’annuaire la tient pour une entreprise de l’ESS")
    if kind is not None:
        for fact, value in gives.items():
            claims.say(fact, value, f"d’après sa nature ({kind.reason})", certain=kind.certain)
    if unit.is_training_body:
        declared = "l’annuaire la compte parmi les organismes de formation déclarés"
        claims.say("is_training_body", True, declared)
    if person is not None:
        claims.say("is_legal_person", person, f"catégorie juridique {unit.legal_category}")
    return claims.found


def _kind(unit: Unit, *, ess: bool) -> Claim | None:
    """For certain where nothing else in the register speaks against it."""
    code, of_category = unit.legal_category, category(unit.legal_category)
    kind = of_category.kind
    because = f"catégorie juridique {code}\u00a0: {of_category.words}"
    if kind is not None and of_category.certain:
        return Claim(kind.value, because, certain=True)
    if unit.is_authority and code[:1] in {"", "7"}:
        authority = "l’annuaire la tient pour une collectivité territoriale"
        return Claim(OrganisationKind.AUTHORITY.value, authority, certain=True)
    if ess and kind is not None:
        company = "l’annuaire la tient pour une entreprise de l’ESS"
        return Claim(OrganisationKind.ESS.value, company, certain=True)
    if unit.is_association and is_legal_person(code) is not False:
        association = "l’annuaire la tient pour une association"
        # Beside a code that is no association's, the flag is contradicted: a person decides.
        return Claim(OrganisationKind.ASSOCIATION.value, association, certain=not code)
    return Claim(kind.value, because, certain=False) if kind is not None else None
