"""What follows awards: all that falls due, of each laureate, in one list."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import DateField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.formats import number_format

from calls.models import (
    Application,
    CallState,
    Decision,
    Evaluation,
    EvaluationKind,
    Instalment,
    InstalmentState,
)
from calls.support import (
    SILENCE_MONTHS,
    Due,
    Kind,
    Support,
    committees_due,
    figures_due,
    final_due,
    months_after,
    ordinal,
    planned_due,
    silence_due,
    support,
    year_of,
    years_until,
)
from poles.models import PoleFigures

_SOON = timedelta(days=30)
# What makes a year's row a year's figures.
KNOWN_FIGURES = ("jobs_fte", "local_jobs_fte", "members", "turnover_eur", "beneficiaries")
_UNTIL = date.max
# What a reminder asks for; instalments are for the officers to see to.
_OWED_BY_POLE = {Kind.COMMITTEE, Kind.FIGURES, Kind.FINAL}


@dataclass(frozen=True)
class Line:
    """A thing that falls due, of an application; ``on`` is None for what was suspended."""

    file: Application
    kind: Kind
    on: date | None
    thing: str
    words: str
    act: str

    @property
    def act_url(self) -> str:
        """The page on which one answers it, beyond the file's own."""
        if self.kind == Kind.FIGURES:
            return reverse("workspace:section", args=[self.file.pole_id, "chiffres"])
        page = reverse("admin:calls_application_change", args=[self.file.pk])
        parts = {
            Kind.INSTALMENT: "#instalments-group",
            Kind.SUSPENDED: "#instalments-group",
            Kind.COMMITTEE: "#evaluations-group",
            Kind.FINAL: "#evaluations-group",
        }
        return page + parts.get(self.kind, "")

    def late(self, today: date) -> int:
        """Days; 0 for what is still to come."""
        return max((today - self.on).days, 0) if self.on else 0


def with_news(laureates: QuerySet[Application]) -> Any:
    """Each with ``news_on``: the last of its decision, agreement, payments and evaluations."""
    paid = _last(Instalment.objects.filter(state=InstalmentState.PAID), "paid_on")
    held = _last(Evaluation.objects.all(), "held_on")
    # The greatest in PostgreSQL is that of the dates that are known.
    return laureates.annotate(
        news_on=Greatest(F("decided_on"), F("agreement_on"), paid, held, output_field=DateField())
    )


def _last(rows: QuerySet, column: str) -> Subquery:
    of_one = rows.filter(application=OuterRef("pk")).order_by().values("application")
    return Subquery(of_one.annotate(last=Max(column)).values("last"))


def followed_laureates() -> Any:
    """Laureates of the registry's calls, each with its ``news_on``.

    A final evaluation ends what is to be followed, and so does the closing of the call.
    """
    final = Evaluation.objects.filter(
        application=OuterRef("pk"), kind=EvaluationKind.FINAL, held_on__isnull=False
    )
    followed = Application.objects.filter(
        ~Exists(final),
        ~Q(call__state=CallState.CLOSED),
        Q(wave=None) | ~Q(wave__state=CallState.CLOSED),
        decision=Decision.LAUREATE,
        imported=False,
    )
    return with_news(followed).select_related("pole", "call", "wave", "strand")


def silent_laureates(today: date) -> Any:
    """Those that nobody heard of for six months, the longest first."""
    since = months_after(today, -SILENCE_MONTHS)
    return followed_laureates().filter(news_on__lte=since).order_by("news_on", "pk")


def due_lines(today: date, call: int | None = None) -> list[Line]:
    """All that falls due, the most urgent first; ``call``: of this one. Four statements."""
    of_call = {} if call is None else {"call": call}
    laureates = list(followed_laureates().filter(**of_call).order_by("pk"))
    lines = [
        Line(file, due.kind, due.on, due.thing, due.words, due.act)
        for file, found in _asked_of(laureates, today)
        for due in found
    ]
    lines += _instalments(today, of_call)
    return sorted(lines, key=lambda line: (line.on or _UNTIL, line.file.pk, line.thing))


def late_news(today: date, call: int) -> dict[int, list[str]]:
    """By laureate of the call, what the pole owes and is late with, in words; four statements."""
    late: dict[int, list[str]] = defaultdict(list)
    for line in due_lines(today, call):
        if line.kind == Kind.SILENCE:
            late[line.file.pk].append(f"des nouvelles du pôle ({line.words})")
        elif line.kind in _OWED_BY_POLE and line.late(today):
            late[line.file.pk].append(f"{line.words} (échéance\u00a0: {line.on:%d/%m/%Y})")
    return late


def _asked_of(
    laureates: list[Application], today: date
) -> Iterable[tuple[Application, Iterable[Due]]]:
    held: dict[int, list[Evaluation]] = defaultdict(list)
    for each in Evaluation.objects.filter(application__in=laureates).order_by("pk"):
        held[each.application_id].append(each)
    years = known_years({file.pole_id for file in laureates})
    for file in laureates:
        yield file, asked(file, held[file.pk], years[file.pole_id], today)


def asked(
    file: Any, evaluations: Iterable[Evaluation], years: set[int], today: date
) -> Iterable[Due]:
    """What the support of a laureate, `with_news`, asks for that falls due."""
    evaluations = list(evaluations)
    begins = file.agreement_on or file.decided_on
    finals = [each for each in evaluations if each.kind == EvaluationKind.FINAL]
    committees = [each for each in evaluations if each.kind == EvaluationKind.FOLLOW_UP]
    if begins is not None:
        given = support(begins, file.call.award_years)
        yield from committees_due(
            given,
            [each.held_on for each in committees if each.held_on],
            [each.planned_on for each in committees if each.planned_on and not each.held_on],
            today,
        )
        yield from figures_due(given, years, today)
        if not finals:
            yield from final_due(given, today)
    for each in evaluations:
        if each.held_on is None and each.planned_on is not None:
            kind = Kind.FINAL if each in finals else Kind.COMMITTEE
            yield from planned_due(kind, each.pk, each.planned_on, today)
    yield from silence_due(file.news_on, today)


def known_years(poles: Iterable[int]) -> dict[int, set[int]]:
    """The years whose figures the registry holds, by pole."""
    some = Q()
    for column in KNOWN_FIGURES:
        some |= Q(**{f"{column}__isnull": False})
    found: dict[int, set[int]] = defaultdict(set)
    rows = PoleFigures.objects.filter(some, pole__in=poles).order_by()
    for pole, year in rows.values_list("pole", "year"):
        found[pole].add(year)
    return found


def _instalments(today: date, of_call: dict[str, int]) -> Iterable[Line]:
    wanted = Q(state=InstalmentState.SUSPENDED)
    wanted |= Q(state=InstalmentState.PLANNED, planned_on__lte=today + _SOON)
    rows = Instalment.objects.filter(
        wanted, **{f"application__{name}": value for name, value in of_call.items()}
    ).select_related("application__pole", "application__call", "application__wave")
    for row in rows.select_related("application__strand").order_by("pk"):
        amount = _euros(row.amount_eur)
        if row.state == InstalmentState.SUSPENDED:
            words, act = f"{amount} suspendus\u00a0: {row.reason}", "Revoir le versement"
            yield Line(row.application, Kind.SUSPENDED, None, f"suspendu/{row.pk}", words, act)
        else:
            thing = f"versement/{row.pk}/{row.planned_on}"
            words, act = f"versement de {amount}", "Saisir le versement"
            yield Line(row.application, Kind.INSTALMENT, row.planned_on, thing, words, act)


def _euros(amount: Decimal) -> str:
    places = 0 if amount == int(amount) else 2
    number = number_format(amount, decimal_pos=places, force_grouping=True)
    return f"{number.replace('\u00a0', '\u202f')}\u00a0€"


@dataclass(frozen=True)
class YearOfSupport:
    """``held`` and ``planned``: its follow-up committees."""

    name: str
    first: date
    last: date
    held: int
    planned: int


@dataclass(frozen=True)
class Summary:
    """What became of one laureate; ``figures``: each calendar year, and whether it is known."""

    support: Support
    years: list[YearOfSupport]
    figures: list[tuple[int, bool]]
    lines: list[Line]


def summary(application: Application, today: date) -> Summary | None:
    """Of a laureate whose award has its date; three statements, or none."""
    begins = application.agreement_on or application.decided_on
    if application.decision != Decision.LAUREATE or begins is None:
        return None
    file = with_news(Application.objects.filter(pk=application.pk)).select_related("call").get()
    evaluations = list(file.evaluations.order_by("pk"))
    known = known_years([file.pole_id])[file.pole_id]
    given = support(begins, file.call.award_years)
    committees = [each for each in evaluations if each.kind == EvaluationKind.FOLLOW_UP]
    years = []
    for number in years_until(given, today):
        first, last = year_of(given, number)
        held = sum(bool(each.held_on and first <= each.held_on <= last) for each in committees)
        planned = sum(
            bool(not each.held_on and each.planned_on and first <= each.planned_on <= last)
            for each in committees
        )
        years.append(YearOfSupport(f"{ordinal(number + 1)} année", first, last, held, planned))
    until = min(given.ends or today, today)
    over = any(each.kind == EvaluationKind.FINAL and each.held_on for each in evaluations)
    due = [] if file.imported or over else list(asked(file, evaluations, known, today))
    return Summary(
        support=given,
        years=years,
        figures=[(year, year in known) for year in range(begins.year, until.year + 1)],
        lines=sorted(
            (Line(file, each.kind, each.on, each.thing, each.words, each.act) for each in due),
            key=lambda line: (line.on or _UNTIL, line.thing),
        ),
    )
