"""What each record needs, most urgent first, and how complete a région's are: all asked in SQL.

The same number of statements for ten records as for ten thousand: what a record needs is a column
of its row, by which rows are counted, filtered and ordered.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.fields import BooleanField
from django.db.models.functions import Coalesce
from django.utils import timezone

from networks.models import User
from poles.models import (
    Comment,
    Draft,
    Pole,
    PoleCoverage,
    PoleNetwork,
    PoleQuerySet,
    Proposal,
    ProposalState,
    Recognition,
    RecordState,
    kept_verdict,
)
from poles.models.states import CompositionVerdict

FRESH_MONTHS = 12


@dataclass(frozen=True)
class Need:
    """``slug``: in the address; ``label``: of the records that have it, counted."""

    slug: str
    label: str

    @property
    def column(self) -> str:
        return f"need_{self.slug.replace('-', '_')}"


# The most urgent first.
NEEDS = (
    Need("regularisation", "En régularisation"),
    Need("propositions", "Corrections à examiner"),
    Need("soumises", "À publier ou à renvoyer"),
    Need("saisie", "Saisie à reprendre"),
    Need("commentaires", "Commentaires en attente"),
    Need("brouillon", "Brouillons à finir"),
    Need("jamais-confirmee", "Jamais confirmées"),
    Need("ancienne", f"Confirmées il y a plus de {FRESH_MONTHS} mois"),
    Need("composition", "Composition indéterminée"),
    Need("position", "Sans position"),
)
NONE = len(NEEDS)


def fresh_since(today: date | None = None) -> date:
    """The first day of which a confirmation is still fresh: the same, a year ago."""
    day = today or timezone.localdate()
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def kept_by(networks: Collection[int]) -> Q:
    """Records that the networks answer for, or accompany."""
    accompanied = PoleNetwork.objects.filter(pole=OuterRef("pk"), network__in=networks)
    return Q(reference_network__in=networks) | Q(Exists(accompanied))


def in_regions(regions: Collection[int]) -> Q:
    """Records whose seat is in the régions, or else what they cover."""
    covering = PoleCoverage.objects.filter(
        Q(territory__in=regions) | Q(territory__region__in=regions), pole=OuterRef("pk")
    )
    return Q(seat__in=regions) | Q(seat__region__in=regions) | (Q(seat=None) & Q(Exists(covering)))


def unclaimed(networks: Collection[int], regions: Collection[int]) -> Q:
    """Records that no network answers for, and that one of these could take in charge."""
    accompanied = PoleNetwork.objects.filter(pole=OuterRef("pk"), network__in=networks)
    return Q(reference_network=None) & (Q(Exists(accompanied)) | in_regions(regions))


def with_needs(poles: PoleQuerySet, user: User) -> PoleQuerySet:
    """Annotates a column for each of `NEEDS`, and ``urgency``: the rank of the first, or `NONE`."""
    today = timezone.localdate()
    published = Q(record_state=RecordState.PUBLISHED)
    of_pole = {"pole": OuterRef("pk")}
    conditions = {
        "regularisation": Q(recognition=Recognition.REGULARISATION),
        "propositions": Q(Exists(Proposal.objects.filter(state=ProposalState.WAITING, **of_pole))),
        "soumises": Q(record_state=RecordState.SUBMITTED),
        "saisie": Q(Exists(Draft.objects.filter(user=user, **of_pole))),
        "commentaires": Q(Exists(Comment.objects.filter(closed_at=None, **of_pole))),
        "brouillon": Q(record_state=RecordState.DRAFT),
        "jamais-confirmee": published & Q(confirmed_on=None),
        "ancienne": published & Q(confirmed_on__lt=fresh_since(today)),
        "composition": published & Q(verdict_now=CompositionVerdict.UNDETERMINED),
        "position": Q(latitude=None) & (Q(seat=None) | Q(seat__latitude=None)),
    }
    columns = {
        need.column: ExpressionWrapper(conditions[need.slug], output_field=BooleanField())
        for need in NEEDS
    }
    ranks = [When(**{need.column: True}, then=Value(n)) for n, need in enumerate(NEEDS)]
    annotated = poles.annotate(verdict_now=kept_verdict(today)).annotate(**columns)
    return annotated.annotate(
        urgency=Case(*ranks, default=Value(NONE), output_field=IntegerField())
    )


def most_urgent_first(poles: PoleQuerySet) -> PoleQuerySet:
    """Those of one need by their delay, then by the day of their last confirmation."""
    return poles.order_by(
        F("urgency"),
        F("regularise_by").asc(nulls_last=True),
        F("confirmed_on").asc(nulls_first=True),
        "name",
        "pk",
    )


def count_needs(poles: PoleQuerySet) -> dict[str, int]:
    """How many of the annotated ``poles`` have each need, all under ``""``; one statement."""
    counted = poles.order_by().aggregate(
        total=Count("pk"),
        **{f"n_{need.column}": Count("pk", filter=Q(**{need.column: True})) for need in NEEDS},
    )
    return {"": counted["total"]} | {need.slug: counted[f"n_{need.column}"] for need in NEEDS}


def with_what_waits(poles: PoleQuerySet, user: User) -> PoleQuerySet:
    """Annotates ``corrections``, how many wait, and ``typed``, the section that the person left."""
    waiting = Proposal.objects.filter(pole=OuterRef("pk"), state=ProposalState.WAITING)
    typed = Draft.objects.filter(pole=OuterRef("pk"), user=user).order_by("-saved_at")
    number = waiting.order_by().values("pole").values(n=Count("pk"))
    return poles.annotate(
        corrections=Coalesce(Subquery(number), 0),
        typed=Coalesce(Subquery(typed.values("section")[:1]), Value("")),
    )


@dataclass(frozen=True)
class Completeness:
    """Of published records: how many have each of four things, and how many have them all."""

    total: int
    seat: int
    contact: int
    fresh: int
    determined: int
    complete: int

    @property
    def percent(self) -> int:
        return 100 * self.complete // self.total if self.total else 0


def completeness(poles: PoleQuerySet) -> Completeness:
    """One statement; of the published ones among ``poles``."""
    seat, contact = Q(seat__isnull=False), ~Q(contact_email="")
    fresh = Q(confirmed_on__gte=fresh_since())
    determined = ~Q(verdict_now=CompositionVerdict.UNDETERMINED)
    counted = (
        poles.published()
        .order_by()
        .annotate(verdict_now=kept_verdict(timezone.localdate()))
        .aggregate(
            n_all=Count("pk"),
            n_seat=Count("pk", filter=seat),
            n_contact=Count("pk", filter=contact),
            n_fresh=Count("pk", filter=fresh),
            n_determined=Count("pk", filter=determined),
            n_complete=Count("pk", filter=seat & contact & fresh & determined),
        )
    )
    return Completeness(
        total=counted["n_all"],
        seat=counted["n_seat"],
        contact=counted["n_contact"],
        fresh=counted["n_fresh"],
        determined=counted["n_determined"],
        complete=counted["n_complete"],
    )


def not_archived() -> PoleQuerySet:
    return Pole.objects.exclude(record_state=RecordState.ARCHIVED)
