"""What waits for the ministry in its calls."""

from datetime import timedelta
from functools import partial

from django.db.models import Case, F, Func, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse
from django.utils import timezone

from calls.following import SILENCE_MONTHS, silent_laureates
from calls.models import Application, Call, CallState, Decision, Instalment, InstalmentState
from core.waiting import Waits

_SOON = timedelta(days=30)
_EXAMINED = (CallState.OPEN, CallState.REVIEW)


class _MissingOpinions(Func):
    """Whose opinion is owed on a file, None if nobody's (``calls/sql/opinions.sql``)."""

    function = "calls_missing_opinions"
    output_field = TextField()


def _page(name: str, pk: str) -> str:
    return reverse(name, args=[pk])


def _named(pole: str, call: str) -> Concat:
    return Concat(F(pole), Value(" – "), F(call), output_field=TextField())


def undecided() -> QuerySet[Application]:
    """The files of the registry's calls that are examined now, by the step of call or wave."""
    step = Coalesce(Case(When(call__permanent=True, then=F("wave__state"))), F("call__state"))
    return Application.objects.annotate(current_step=step).filter(
        current_step__in=_EXAMINED,
        call__run_in_registry=True,
        imported=False,
        decision=Decision.UNKNOWN,
    )


def waiting() -> list[Waits]:
    today = timezone.localdate()
    to_conclude = Q(admissible=None) | Q(admissible=True, eligible=None)
    unasked = Q(admissible=False) | Q(eligible=False)
    name = _named("pole__name", "call__code")
    of_file = _named("application__pole__name", "application__call__code")
    examination = partial(_page, "admin:calls_application_examination")
    file = partial(_page, "admin:calls_application_change")
    instalment = partial(_page, "admin:calls_instalment_change")
    return [
        Waits(
            slug="appels",
            title="Appels en cours",
            rows=Call.objects.filter(run_in_registry=True, state__in=_EXAMINED),
            name=F("name"),
            # One that is still open after its last day is to be moved on.
            day=Case(When(state=CallState.OPEN, then=F("closes_on"))),
            page=partial(_page, "admin:calls_call_conduct"),
            deadline=True,
        ),
        Waits(
            slug="a-instruire",
            title="Dossiers à instruire",
            rows=undecided().filter(to_conclude),
            name=name,
            day=F("received_on"),
            page=examination,
        ),
        Waits(
            slug="avis",
            title="Dossiers auxquels un avis régional manque",
            rows=undecided()
            .filter(~unasked, call__opinion_required=True)
            .annotate(owed=_MissingOpinions("call_id", "pk", "pole_id"))
            .filter(owed__isnull=False),
            name=name,
            day=F("received_on"),
            page=examination,
        ),
        Waits(
            slug="versements",
            title="Versements à faire d’ici trente jours",
            rows=Instalment.objects.filter(
                state=InstalmentState.PLANNED, planned_on__lte=today + _SOON
            ),
            name=of_file,
            day=F("planned_on"),
            page=instalment,
            deadline=True,
        ),
        Waits(
            slug="suspendus",
            title="Versements suspendus",
            rows=Instalment.objects.filter(state=InstalmentState.SUSPENDED),
            name=of_file,
            day=F("planned_on"),
            page=instalment,
        ),
        Waits(
            slug="silence",
            title=f"Lauréats sans nouvelles depuis {SILENCE_MONTHS}\u00a0mois",
            rows=silent_laureates(today),
            name=name,
            day=F("news_on"),
            page=file,
        ),
    ]
