"""What waits for the ministry among the records."""

from datetime import timedelta
from functools import partial

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils import timezone

from core.waiting import Waits
from poles.article9 import Verdict
from poles.models import (
    Pole,
    Proposal,
    ProposalState,
    Recognition,
    RecordAct,
    RecordState,
    RecordStep,
    Report,
    ReportState,
)

# A correction that waits longer is late; an exception that ends sooner is to be looked at.
_A_WEEK = timedelta(days=7)
_SOON = timedelta(days=30)


def _page(name: str, pk: str) -> str:
    return reverse(name, args=[pk])


def waiting() -> list[Waits]:
    today = timezone.localdate()
    article9 = partial(_page, "admin:poles_pole_article9")
    submitted = RecordStep.objects.filter(pole=OuterRef("pk"), act=RecordAct.SUBMISSION)
    last = submitted.order_by("-recorded_at", "-pk").values("recorded_at")[:1]
    verdict = Pole.objects.published().with_verdict()
    old = timezone.now() - _A_WEEK
    return [
        Waits(
            slug="soumises",
            title="Fiches soumises, à publier ou à renvoyer",
            rows=Pole.objects.filter(record_state=RecordState.SUBMITTED),
            name=F("name"),
            day=TruncDate(Coalesce(Subquery(last), F("created_at"))),
            page=partial(_page, "workspace:pole"),
        ),
        Waits(
            slug="regularisations",
            title="Pôles en régularisation",
            rows=Pole.objects.filter(recognition=Recognition.REGULARISATION),
            name=F("name"),
            day=F("regularise_by"),
            page=article9,
            deadline=True,
        ),
        Waits(
            slug="reconnaissances",
            title="Compositions satisfaites, reconnaissance à décider",
            rows=verdict.filter(
                Q(verdict_on_day=Verdict.SATISFIED),
                recognition__in=[Recognition.NONE, Recognition.REGULARISATION],
            ),
            name=F("name"),
            day=F("members_confirmed_on"),
            page=article9,
        ),
        Waits(
            slug="exceptions",
            title="Exceptions qui finissent dans les trente jours",
            rows=Pole.objects.filter(
                recognition=Recognition.RECOGNISED, exception_until__lte=today + _SOON
            ),
            name=F("name"),
            day=F("exception_until"),
            page=article9,
            deadline=True,
        ),
        Waits(
            slug="corrections",
            title="Corrections qui attendent depuis plus d’une semaine",
            rows=Proposal.objects.filter(state=ProposalState.WAITING, created_at__lte=old),
            name=Coalesce("pole__name", "organisation__name"),
            day=TruncDate("created_at"),
            page=partial(_page, "workspace:proposal"),
        ),
        Waits(
            slug="signalements",
            title="Signalements du public, à traiter",
            rows=Report.objects.filter(state=ReportState.WAITING),
            name=F("name"),
            day=TruncDate("created_at"),
            page=partial(_page, "workspace:report"),
            listed=reverse("workspace:reports"),
        ),
    ]
