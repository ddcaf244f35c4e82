"""Made-up poles, to see and to measure the site when it is full.

Everything made up says so: « (fictif) » ends its name, ``fictif-`` begins its address, and the
pages that it names are under .example, where nothing can exist. Pole number 7 is the same on every
machine, however many are made.
"""

import datetime
import random
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from django.db import models
from django.utils.text import slugify

from calls.models import Application, Call, Decision
from members.kinds import CERTAIN_FACTS, OrganisationKind
from members.models import Organisation
from networks.models import Network
from poles.models import (
    Maturity,
    Membership,
    MembershipRole,
    Pole,
    PoleCoverage,
    PoleFigures,
    PoleNetwork,
    PoleProject,
    PoleSource,
    PoleTheme,
    Pooled,
    PositionOrigin,
    ProjectState,
    Theme,
)
from ptce_registry import made_up_words as words
from territories.models import Territory

MARK = " (fictif)"
SLUG_PREFIX = "fictif-"
SITE = "https://fictif.example"
MEMBERS_EACH = 10
OWN_ORGANISATIONS = 3
NATIONAL_ORGANISATIONS = 40
# A pole finds most of its members among the organisations of the poles made just before it.
NEIGHBOURHOOD = 300
_SEED = "ptce"
_LAST_DAY = datetime.date(2025, 12, 31)

_KINDS = {
    OrganisationKind.ASSOCIATION: 34,
    OrganisationKind.ESS: 22,
    OrganisationKind.COMMERCIAL: 14,
    OrganisationKind.AUTHORITY: 10,
    OrganisationKind.TRAINING: 7,
    OrganisationKind.RESEARCH: 3,
    OrganisationKind.OTHER: 3,
    OrganisationKind.UNKNOWN: 7,
}
_MATURITIES = {
    Maturity.EXISTING: 42,
    Maturity.EMERGING: 25,
    Maturity.PROJECT: 12,
    Maturity.DORMANT: 3,
    Maturity.CLOSED: 3,
    Maturity.UNKNOWN: 15,
}


def of(place: str) -> str:
    """The place after "de": de Vannes, d’Angers, du Mans, des Sables-d’Olonne."""
    for article, joined in (("Le ", "du "), ("Les ", "des ")):
        if place.startswith(article):
            return joined + place.removeprefix(article)
    return f"d’{place}" if slugify(place)[:1] in "aeiouy" else f"de {place}"


@dataclass(frozen=True)
class Ground:
    """What the made-up poles stand on: real territories and themes, made-up calls and networks.

    ``networks`` is by region, the national one under None.
    """

    communes: Sequence[Territory]
    themes: Sequence[Theme]
    networks: dict[int | None, Network]
    calls: Sequence[Call]
    _reach: list[int] = field(init=False)

    def __post_init__(self) -> None:
        reach = list(accumulate(commune.population or 1 for commune in self.communes))
        object.__setattr__(self, "_reach", reach)

    def commune(self, chance: random.Random) -> Territory:
        """A commune, the likelier the more people live there."""
        return self.communes[bisect(self._reach, chance.randrange(self._reach[-1]))]


@dataclass
class Made:
    """What is saved for some poles: each list after those that it refers to."""

    organisations: list[Organisation] = field(default_factory=list)
    poles: list[Pole] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    themes: list[PoleTheme] = field(default_factory=list)
    coverage: list[PoleCoverage] = field(default_factory=list)
    networks: list[PoleNetwork] = field(default_factory=list)
    sources: list[PoleSource] = field(default_factory=list)
    projects: list[PoleProject] = field(default_factory=list)
    figures: list[PoleFigures] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)

    def lists(self) -> list[list[models.Model]]:
        return list(vars(self).values())


def _chance(what: str, number: int) -> random.Random:
    return random.Random(f"{_SEED}-{what}-{number}")  # noqa: S311


def _one_of[T](chance: random.Random, weights: dict[T, int]) -> T:
    return chance.choices(list(weights), list(weights.values()))[0]


def _day(chance: random.Random, first_year: int) -> datetime.date:
    first = datetime.date(first_year, 1, 1)
    return first + datetime.timedelta(days=chance.randrange((_LAST_DAY - first).days))


def make_organisation(number: int, seat: Territory | None) -> Organisation:
    """Number ``number``; the first ones, without a seat, are in poles all over the country."""
    chance = _chance("organisation", number)
    kind = _one_of(chance, _KINDS) if seat else OrganisationKind.ESS
    head = chance.choice(words.ORGANISATION_HEADS[kind])
    place = of(seat.name) if seat else chance.choice(words.NATIONAL_ENDINGS)
    name = f"{head} {place}"
    return Organisation(
        name=name + MARK,
        slug=f"{SLUG_PREFIX}{slugify(name)[:80].rstrip('-')}-{number}",
        kind=kind,
        seat=seat,
        website=f"{SITE}/organisation-{number}" if chance.random() < 0.3 else "",
        closed_on=_day(chance, 2018) if chance.random() < 0.02 else None,
        **{**_established(chance), **CERTAIN_FACTS[kind]},
    )


def _established(chance: random.Random) -> dict[str, bool | None]:
    """What somebody established beyond the kind: of training, seldom yes; of the rest, little."""
    return {
        "is_training_body": chance.choices([True, False, None], [1, 5, 6])[0],
        "is_legal_person": True if chance.random() < 0.7 else None,
    }


class Maker:
    """Makes poles one after the other; the organisations of the last ones may join the next."""

    def __init__(self, ground: Ground, national: Sequence[Organisation]) -> None:
        self.ground = ground
        self.national = national
        self._recent: list[Organisation] = []

    def make(self, numbers: range) -> Made:
        made = Made()
        for number in numbers:
            self._make_pole(number, made)
        return made

    def remember(self, recent: Sequence[Organisation]) -> None:
        """Organisations saved earlier that the next pole may find, in the order of their making."""
        self._recent = list(recent)[-NEIGHBOURHOOD:]

    def _make_pole(self, number: int, made: Made) -> None:
        chance = _chance("pole", number)
        commune = self.ground.commune(chance)
        themes = chance.sample(self.ground.themes, chance.randint(1, 4))
        pole = self._pole(number, commune, themes, chance)
        made.poles.append(pole)
        made.themes += [PoleTheme(pole=pole, theme=theme) for theme in themes]
        made.coverage += [
            PoleCoverage(pole=pole, territory_id=each) for each in _covered(commune, chance)
        ]
        members = self._members(number, commune, made, chance)
        made.memberships += _memberships(pole, members, chance)
        made.sources += [
            PoleSource(pole=pole, url=f"{SITE}/page-{number}-{n}", seen_on=_day(chance, 2021))
            for n in range(chance.randint(0, 2))
        ]
        if chance.random() < 0.2:
            made.networks.append(PoleNetwork(pole=pole, network=self.ground.networks[None]))
        if chance.random() < 0.4:
            made.projects.append(_project(pole, chance))
        if chance.random() < 0.3:
            made.figures += _figures(pole, chance)
        if chance.random() < 0.35:
            made.applications += self._applications(pole, members[0], chance)

    def _pole(
        self, number: int, commune: Territory, themes: Sequence[Theme], chance: random.Random
    ) -> Pole:
        name = f"{chance.choice(words.POLE_HEADS)} {of(commune.name)}"
        maturity = _one_of(chance, _MATURITIES)
        founded = chance.randint(2005, 2024) if chance.random() < 0.8 else None
        dated = maturity != Maturity.UNKNOWN
        confirmed = _day(chance, 2024) if chance.random() < 0.4 else None
        pole = Pole(
            name=name + MARK,
            slug=f"{SLUG_PREFIX}{slugify(name)[:80].rstrip('-')}-{number}",
            summary=words.summary(of(commune.name), [theme.name for theme in themes]),
            description=words.description(commune.name, chance),
            theme_words=[theme.name.lower() for theme in themes],
            maturity=maturity,
            maturity_year=chance.randint(2021, 2025) if dated else None,
            founding_year=founded,
            closed_on=_day(chance, 2024) if maturity == Maturity.CLOSED else None,
            website=f"{SITE}/pole-{number}" if chance.random() < 0.6 else "",
            contact_email=f"pole-{number}@fictif.example" if chance.random() < 0.5 else "",
            confirmed_on=confirmed,
            members_confirmed_on=confirmed if chance.random() < 0.3 else None,
        )
        self._place(pole, commune, chance)
        if chance.random() < 0.6:
            pole.reference_network = self.ground.networks[commune.region_id]
        return pole

    def _place(self, pole: Pole, commune: Territory, chance: random.Random) -> None:
        draw = chance.random()
        if draw < 0.10:
            pole.seat_id = commune.departement_id
        elif draw < 0.15:
            pole.seat_id = commune.region_id
        else:
            pole.seat_id = commune.pk
            if draw < 0.40 and commune.latitude is not None and commune.longitude is not None:
                pole.latitude = round(float(commune.latitude) + chance.uniform(-0.02, 0.02), 5)
                pole.longitude = round(float(commune.longitude) + chance.uniform(-0.02, 0.02), 5)
                pole.position_origin = PositionOrigin.HAND

    def _members(
        self, number: int, seat: Territory, made: Made, chance: random.Random
    ) -> list[Organisation]:
        first = NATIONAL_ORGANISATIONS + number * OWN_ORGANISATIONS
        own = [make_organisation(n, seat) for n in range(first, first + OWN_ORGANISATIONS)]
        made.organisations += own
        others = chance.sample(self._recent, min(6, len(self._recent)))
        others += chance.sample(self.national, MEMBERS_EACH - len(own) - len(others))
        self._recent = (self._recent + own)[-NEIGHBOURHOOD:]
        return own + others

    def _applications(
        self, pole: Pole, lead: Organisation, chance: random.Random
    ) -> list[Application]:
        calls = chance.sample(self.ground.calls, chance.randint(1, 2))
        return [_application(pole, lead, call, chance) for call in calls]


def _covered(commune: Territory, chance: random.Random) -> list[int]:
    draw = chance.random()
    if draw < 0.6 and commune.epci_id:
        return [commune.epci_id]
    if draw < 0.8 and commune.departement_id:
        return [commune.departement_id]
    return [commune.pk] if draw < 0.9 else []


def _memberships(
    pole: Pole, members: Sequence[Organisation], chance: random.Random
) -> list[Membership]:
    memberships = []
    for rank, organisation in enumerate(members):
        role = MembershipRole.LEAD if rank == 0 else MembershipRole.ACTIVE
        if rank and chance.random() < 0.2:
            role = MembershipRole.PARTNER
        begins = _day(chance, 2015) if chance.random() < 0.4 else None
        ended = begins is not None and rank > 0 and chance.random() < 0.1
        memberships.append(
            Membership(
                pole=pole,
                organisation=organisation,
                role=role,
                begins_on=begins,
                ends_on=begins + datetime.timedelta(days=700) if begins and ended else None,
            )
        )
    return memberships


def _project(pole: Pole, chance: random.Random) -> PoleProject:
    return PoleProject(
        pole=pole,
        title=chance.choice(words.PROJECT_TITLES) + MARK,
        pooled=chance.sample(Pooled.values, chance.randint(1, 3)),
        state=chance.choice(ProjectState.values),
    )


def _figures(pole: Pole, chance: random.Random) -> list[PoleFigures]:
    jobs = chance.randint(2, 160)
    return [
        PoleFigures(
            pole=pole,
            year=year,
            jobs_fte=jobs + year - 2022,
            local_jobs_fte=jobs // 2,
            members=MEMBERS_EACH,
            beneficiaries=chance.randint(20, 3000),
            source=f"Chiffres fictifs, {year}",
        )
        for year in range(2024 - chance.randint(0, 2), 2025)
    ]


def _application(pole: Pole, lead: Organisation, call: Call, chance: random.Random) -> Application:
    decision = chance.choice([Decision.LAUREATE, Decision.SUPPORTED, Decision.REFUSED])
    paid = decision == Decision.LAUREATE
    return Application(
        pole=pole,
        call=call,
        beneficiary=lead,
        decision=decision,
        decided_on=call.results_on,
        amount_eur=chance.randrange(50_000, 150_000, 5_000) if paid else None,
        imported=True,
    )
