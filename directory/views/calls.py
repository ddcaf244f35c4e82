"""The calls for projects: all of them, and each one."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from urllib.parse import urlencode, urlsplit

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from calls.models import (
    Application,
    Call,
    CallKind,
    CallState,
    CompositionRule,
    Decision,
    Wave,
)
from calls.results import result_files, results_pdf, retained
from catalogue.public import public_page
from core.templatetags.french import euros
from directory.map_context import map_context
from directory.queries.calls import (
    CountedCall,
    Results,
    applications_in_order,
    counted_calls,
    is_open,
    open_waves,
    results_of,
)
from poles.article9 import RULES
from poles.models import Maturity

_PAGE_SIZE = 50
_HEADINGS = {
    Decision.LAUREATE: "Lauréats",
    Decision.SUPPORTED: "Projets accompagnés",
    Decision.UNKNOWN: "Candidatures, décision non connue",
    Decision.REFUSED: "Candidatures refusées",
    Decision.WITHDRAWN: "Candidatures retirées",
}
_SOURCES = (
    "Appel antérieur au registre\u00a0: ce qui suit vient de pages publiques, et n’est pas complet."
)
_TODAY = {
    Maturity.EXISTING: ("existant", "existants"),
    Maturity.EMERGING: ("émergent", "émergents"),
    Maturity.PROJECT: ("en projet", "en projet"),
    Maturity.DORMANT: ("en sommeil", "en sommeil"),
    Maturity.CLOSED: ("clos", "clos"),
    Maturity.UNKNOWN: ("de maturité non renseignée", "de maturité non renseignée"),
}
_GROUPS = (
    (CallKind.STATE, "Les appels de l’État"),
    (CallKind.NETWORK, "Les appels des réseaux"),
    (CallKind.OTHER, "Autres appels cités par les fiches des pôles"),
)


@public_page
def call_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    calls = counted_calls()
    opened = [each for each in calls if is_open(each.call, today)]
    waves = open_waves([each.call for each in opened], today)
    groups = [
        (title, [each for each in calls if each.call.kind == kind and each not in opened])
        for kind, title in _GROUPS
    ]
    return render(
        request,
        "directory/call_list.html",
        {
            "title": "Les appels à projets",
            "description": (
                "Les appels à projets qui soutiennent les pôles territoriaux de coopération "
                "économique\u00a0: dates, enveloppes, et les pôles que le registre y identifie."
            ),
            "breadcrumb_data": {"links": [], "current": "Appels à projets"},
            "open": [_summed(each, waves.get(each.call.pk)) for each in opened],
            "groups": [(title, [_summed(each) for each in kept]) for title, kept in groups if kept],
            "today": today,
        },
    )


def _summed(counted: CountedCall, wave: Wave | None = None) -> dict[str, object]:
    return {
        "call": counted.call,
        "pairs": _pairs(counted),
        "without": _without(counted),
        "wave": wave,
        "days_left": _days_left(counted.call, wave, timezone.localdate()),
    }


def _days_left(call: Call, wave: Wave | None, today: date) -> int | None:
    """Until the last day, itself not counted; ``None`` where none was told, or none is left."""
    last = wave.closes_on if wave else call.closes_on
    if last is None or not is_open(call, today):
        return None
    return (last - today).days


def _is_awaited(call: Call, waves: Iterable[Wave]) -> bool:
    """Whether the registry will tell the results, and has not yet told any."""
    told = (CallState.DECIDED, CallState.CLOSED)
    steps = [wave.state for wave in waves] if call.permanent else [call.state]
    return call.run_in_registry and not any(step in told for step in steps)


def _aid(call: Call) -> str:
    """What a pole receives, in a sentence; "" where nobody told."""
    low, high = call.award_min_eur, call.award_max_eur
    if low is None and high is None:
        return ""
    if low is None or high is None:
        amount = f"à partir de {euros(low)}" if high is None else f"jusqu’à {euros(high)}"
    else:
        amount = f"de {euros(low)}" if low == high else f"de {euros(low)} à {euros(high)}"
    if call.award_years:
        amount += f" sur {call.award_years}\u00a0an{'s' if call.award_years > 1 else ''}"
    if call.run_in_registry:
        return f"Chaque lauréat reçoit une aide {amount}."
    return f"Des aides {amount} ont été observées."


def _asks(call: Call) -> list[str]:
    """Who may apply, in plain words."""
    rule = RULES[call.composition_rule]
    asked = []
    if rule.roles:
        roles = ", ".join(f"«\u00a0{role.name}\u00a0»" for role in rule.roles)
        asked.append(
            f"Au moins {rule.number}\u00a0membres, qui tiennent à eux tous, chacun le "
            f"sien, les rôles {roles}."
        )
    elif call.composition_rule == CompositionRule.NONE:
        asked.append("Aucune composition n’est demandée\u00a0: l’appel est antérieur à la loi.")
    else:
        asked.append("Aucune règle de composition n’est établie dans le registre pour cet appel.")
    if call.private_law_required:
        asked.append("Le bénéficiaire est une personne morale de droit privé.")
    if call.first_support_required:
        asked.append("Le projet n’a pas déjà été soutenu par l’État dans un appel antérieur.")
    if call.run_in_registry and call.opinion_required:
        asked.append("Un avis régional est demandé sur chaque dossier.")
    return asked


def _pairs(counted: CountedCall) -> list[dict[str, object]]:
    """Announced beside identified, for each total that somebody announced."""
    call = counted.call
    pairs = (
        ("Candidats", call.announced_candidates, counted.candidates),
        ("Lauréats", call.announced_laureates, counted.laureates),
        ("Projets accompagnés", call.announced_supported, counted.supported),
    )
    return [
        {"what": what, "announced": announced, "identified": identified}
        for what, announced, identified in pairs
        if announced is not None
    ]


def _without(counted: CountedCall) -> CountedCall | None:
    """What is identified in a call of which nobody announced anything: there is no pair to show."""
    return counted if counted.candidates and not _pairs(counted) else None


@public_page
def call(request: HttpRequest, code: str) -> HttpResponse:
    results = results_of(code)
    if results is None:
        raise Http404
    counted, found = results.counted, results.counted.call
    page = Paginator(results.shown, _PAGE_SIZE).get_page(request.GET.get("page", "1"))
    shown = applications_in_order([*page.object_list, *results.archived])
    archived = [each for each in shown if each.pk in set(results.archived)]
    today = timezone.localdate()
    waves = list(found.waves.order_by("opens_on", "code"))
    wave = open_waves([found], today).get(found.pk) if is_open(found, today) else None
    return render(
        request,
        "directory/call.html",
        {
            "title": found.name,
            "description": (
                f"{found.name}\u00a0: dates, enveloppe, nombres annoncés et pôles identifiés "
                "dans le registre."
            ),
            "breadcrumb_data": {
                "links": [{"url": reverse("directory:call-list"), "title": "Appels à projets"}],
                "current": found.name,
            },
            "call": found,
            "open": is_open(found, today),
            "waves": waves,
            "wave": wave,
            "days_left": _days_left(found, wave, today),
            "today": today,
            "rule": RULES[found.composition_rule],
            "asks": _asks(found),
            "aid": _aid(found),
            "strands": found.strands.order_by("code"),
            "documents": found.documents.order_by("pk"),
            "awaited": _is_awaited(found, waves),
            "pairs": _pairs(counted),
            "without": _without(counted),
            "results": bool(counted.laureates or counted.supported),
            "origin": _origin(found),
            "map": _map(results),
            "became": _became(results),
            "archived": archived,
            "page_obj": page,
            "decisions": [
                (_HEADINGS[Decision(decision)], list(each))
                for decision, each in groupby(
                    (one for one in shown if one not in archived), key=lambda one: one.decision
                )
            ],
        },
    )


def _became(results: Results) -> str:
    """What the records of its poles say today, counted; "" for one, which says it itself."""
    counts = [
        f"{results.maturities[value]}\u00a0{words[results.maturities[value] > 1]}"
        for value, words in _TODAY.items()
        if results.maturities.get(value)
    ]
    if results.counted.candidates < 2:
        return ""
    return (
        f"De ces {results.counted.candidates}\u00a0pôles, les fiches disent aujourd’hui, à la date "
        f"que donne chacune\u00a0: {', '.join(counts)}."
    )


def _map(results: Results) -> dict[str, object] | None:
    """The map of the poles of the call; none where the registry knows none."""
    if not results.shown:
        return None
    query = urlencode({"appel": results.counted.call.code})
    return map_context(results.regions, query) | {"query": query}


@public_page
def call_results(request: HttpRequest, code: str) -> HttpResponse:
    """The laureates and the accompanied as tagged PDF; none while none is told."""
    found = results_of(code)
    if found is None or not (found.counted.laureates or found.counted.supported):
        raise Http404
    counted = found.counted
    files = result_files(Application.objects.filter(pk__in=found.shown))
    tables = retained(files, public=True)
    title = f"Résultats\u00a0: {counted.call.name}"
    said = [_SOURCES] if not counted.call.run_in_registry else []
    said += [
        f"{pair['what']}\u00a0: {pair['announced']} annoncés par l’organisateur, "
        f"{pair['identified']} pôles identifiés dans le registre."
        for pair in _pairs(counted)
        if pair["what"] != "Candidats"
    ]
    content = results_pdf(counted.call, title, said, tables, timezone.localdate())
    return HttpResponse(content, content_type="application/pdf")


def _origin(call: Call) -> str:
    """Where the announced totals come from, as a pair writes it under its number."""
    site = (urlsplit(call.source_url).hostname or "").removeprefix("www.")
    return f"selon {site}" if site else ""
