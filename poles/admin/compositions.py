"""The officers' page: how the compositions stand, what waits, and which facts would settle most."""

from collections import defaultdict
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, F, Q, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from core.admin import RegistryAdmin
from members.kinds import FACT_LABELS
from networks.models import User
from poles.answers import NO, YES, answer
from poles.article9 import Verdict
from poles.composition import assess_pole, settling
from poles.models import CompositionVerdict, Pole, PoleQuerySet, Recognition
from poles.questions import questions_to_ask
from poles.recognition import BreaksRecognition
from poles.sentences import fact_question
from territories.models import Territory, TerritoryKind

_A_PAGE = 50
# Beyond, one région at a time: each pole is assessed with its reasons.
_MOST_POLES = 1000
_SOON = timedelta(days=30)


class AnswerForm(forms.Form):
    organisation = forms.IntegerField()
    fact = forms.ChoiceField(choices=list(FACT_LABELS.items()))
    answer = forms.ChoiceField(choices=[(YES, "oui"), (NO, "non")])
    source = forms.CharField(
        max_length=500, error_messages={"required": "Dites d’où vous le savez."}
    )


def compositions_view(admin: RegistryAdmin, request: HttpRequest) -> HttpResponse:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    typed: dict[str, Any] = {}
    if request.method == "POST":
        if not admin.has_change_permission(request):
            raise PermissionDenied
        form = AnswerForm(request.POST)
        if form.is_valid() and _answered(request, form):
            return HttpResponseRedirect(request.get_full_path())
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        typed = request.POST.dict()
    regions = {
        each.pk: each
        for each in Territory.objects.filter(kind=TerritoryKind.REGION).order_by("normalised_name")
    }
    by_code = {each.code: each for each in regions.values()}
    region = by_code.get(request.GET.get("region", ""))
    asked, too_many = _questions(region)
    page = Paginator(asked, _A_PAGE).get_page(request.GET.get("p", "1"))
    today = timezone.localdate()
    context = {
        **admin.admin_site.each_context(request),
        "title": "Article 9 : les compositions",
        "opts": admin.opts,
        "counts": _counts(regions),
        "labels": CompositionVerdict.labels,
        "regions": regions.values(),
        "region": region,
        "region_code": region.code if region else "",
        "waiting": _waiting(),
        "today": today,
        "page": page,
        "questions": [
            {
                "asked": each,
                "words": fact_question(each.name, each.fact),
                "source": typed.get("source", "")
                if (typed.get("organisation"), typed.get("fact")) == (str(each.key), each.fact)
                else "",
            }
            for each in page.object_list
        ],
        "too_many": too_many,
        "most": _MOST_POLES,
        "answers": admin.has_change_permission(request),
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/poles/compositions.html", context)


def _answered(request: HttpRequest, form: AnswerForm) -> bool:
    data = form.cleaned_data
    try:
        found = answer(
            data["organisation"],
            data["fact"],
            data["answer"] == YES,
            officer=cast(User, request.user),
            source=data["source"],
            on=timezone.localdate(),
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    except BreaksRecognition as error:
        for each in error.broken:
            told = f"Rien n’est enregistré. Le pôle «\u00a0{each.pole.name}\u00a0» est reconnu."
            form.add_error(None, f"{told} {each.falls} La réponse se donne sur la fiche.")
        return False
    said = f"{FACT_LABELS[data['fact']]}\u00a0: {data['answer']}"
    messages.success(request, f"Réponse enregistrée pour «\u00a0{found.name}\u00a0» ({said}).")
    return True


def _published() -> PoleQuerySet:
    seat_region = Case(
        When(seat__kind=TerritoryKind.REGION, then="seat_id"), default=F("seat__region_id")
    )
    return Pole.objects.published().annotate(in_region=seat_region)


def _counts(regions: dict[int, Territory]) -> list[tuple[str, list[int], int]]:
    """A row a région, then those without one, then all."""
    found: dict[int | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows: Any = _published().with_verdict().order_by()
    rows = rows.values_list("in_region", "verdict_on_day")
    for region, verdict in rows:
        found[region][verdict] += 1
    names: dict[int | None, str] = {pk: each.name for pk, each in regions.items()}
    names[None] = "Région non renseignée"
    counted = [(name, [found[pk][v] for v in Verdict]) for pk, name in names.items() if pk in found]
    counted.append(("Ensemble", [sum(each[1][i] for each in counted) for i in range(len(Verdict))]))
    return [(name, numbers, sum(numbers)) for name, numbers in counted]


def _waiting() -> dict[str, list[Pole]]:
    """What an officer has to follow: delays, those that have passed first, and exceptions."""
    today = timezone.localdate()
    rows = Pole.objects.filter(
        Q(recognition=Recognition.REGULARISATION)
        | Q(recognition=Recognition.RECOGNISED, exception_until__lte=today + _SOON)
    ).order_by("regularise_by", "exception_until", "pk")
    waiting: dict[str, list[Pole]] = {"overdue": [], "regularisation": [], "exceptions": []}
    for pole in rows:
        if pole.recognition == Recognition.RECOGNISED:
            waiting["exceptions"].append(pole)
        elif pole.regularise_by is not None and pole.regularise_by < today:
            waiting["overdue"].append(pole)
        else:
            waiting["regularisation"].append(pole)
    return waiting


def _questions(region: Territory | None) -> tuple[list, bool]:
    poles = _published().with_verdict().filter(Q(verdict_on_day=Verdict.UNDETERMINED))
    if region is not None:
        poles = poles.filter(Q(in_region=region.pk))
    read = list(
        poles.prefetch_related("memberships__organisation").order_by("pk")[: _MOST_POLES + 1]
    )
    settlements = {
        pole: settling(assess_pole(pole, memberships=pole.memberships.all()))
        for pole in read[:_MOST_POLES]
    }
    return questions_to_ask(settlements), len(read) > _MOST_POLES
