"""Answers to questions of figures: asked, given again, made anew, and found again."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_date

from calls.answers import wording
from calls.answers.definitions import UNDATED_ANNOUNCEMENT
from calls.answers.document import answer_pdf
from calls.answers.keeping import ask, differs_today, editions, new_edition
from calls.answers.perimeter import Where
from calls.answers.tables import announcements, figures_table, notes_table
from calls.answers.text import is_provisional
from calls.models import Call, ParliamentaryAnswer
from calls.permissions import can_answer_questions
from core.admin import RegistryAdmin
from core.expressions import Normalise
from core.sheets import csv_lines, write_workbook
from core.text import normalise
from networks.models import User
from poles.models import Theme
from territories.models import Territory, TerritoryKind

_A_PAGE = 50
_NAMED = ("asked_by", "region", "departement", "call", "theme")
_TYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class _Departements(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} – {obj.name}"


class QuestionForm(forms.Form):
    """The day and the perimeter, by the words of the public addresses."""

    jour = forms.DateField(
        label="Au soir du",
        initial=timezone.localdate,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    region = forms.ModelChoiceField(
        Territory.objects.filter(kind=TerritoryKind.REGION).order_by("normalised_name"),
        label="Région",
        required=False,
        to_field_name="code",
        empty_label="Toutes",
    )
    departement = _Departements(
        Territory.objects.filter(kind=TerritoryKind.DEPARTEMENT)
        .select_related("region")
        .order_by("code"),
        label="Département",
        required=False,
        to_field_name="code",
        empty_label="Tous",
    )
    appel = forms.ModelChoiceField(
        Call.objects.order_by("-code"),
        label="Appel",
        required=False,
        to_field_name="code",
        empty_label="Tous ceux de l’État",
    )
    theme = forms.ModelChoiceField(
        Theme.objects.order_by("position", "name"),
        label="Thème",
        required=False,
        to_field_name="slug",
        empty_label="Tous",
    )

    def clean_jour(self) -> Any:
        day = self.cleaned_data["jour"]
        if day > timezone.localdate():
            raise ValidationError(
                f"Le {wording.day(day)} est à venir\u00a0: il n’a pas encore de chiffres."
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        region, departement = cleaned.get("region"), cleaned.get("departement")
        if departement is not None and region is not None and departement.region_id != region.pk:
            self.add_error("departement", f"Ce département n’est pas dans la région {region.name}.")
        return cleaned

    def where(self) -> Where:
        """A département says its région, so that one question has one name."""
        data = self.cleaned_data
        departement = data["departement"]
        return Where(
            departement.region if departement else data["region"],
            departement,
            data["appel"],
            data["theme"],
        )


class EditionForm(forms.Form):
    reason = forms.CharField(
        label="Motif de la nouvelle édition",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Dites pourquoi la réponse change."},
    )


def answers_view(admin: RegistryAdmin, request: HttpRequest) -> HttpResponse:
    """The question, and the answers that were given; asking leads to the answer."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    officer = cast(User, request.user)
    allowed = can_answer_questions(officer)
    form = QuestionForm(initial=request.GET.dict())
    if request.method == "POST":
        if not allowed:
            raise PermissionDenied
        form = QuestionForm(request.POST)
        if form.is_valid():
            try:
                answer = ask(form.cleaned_data["jour"], form.where(), officer)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                return HttpResponseRedirect(answer.get_absolute_url())
    searched = request.GET.get("q", "").replace("\x00", "").strip()
    page = Paginator(_found(searched), _A_PAGE).get_page(request.GET.get("p"))
    context = {
        **admin.admin_site.each_context(request),
        "title": "Réponse à une question parlementaire",
        "form": form,
        "refused": allowed.reason,
        "searched": searched,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/calls/answers.html", context)


def _found(searched: str) -> QuerySet[ParliamentaryAnswer]:
    """By a day, or by words of the perimeter or of who asked."""
    found = ParliamentaryAnswer.objects.select_related("asked_by").defer("figures", "text")
    if not searched:
        return found
    day, _, year = searched.rpartition("/")
    typed = "-".join([year, *reversed(day.split("/"))]) if day else searched
    try:
        on = parse_date(typed)
    except ValueError:
        on = None
    if on is not None:
        return found.filter(day=on)
    words = normalise(searched)
    return found.annotate(
        where=Normalise("perimeter"), who=Normalise("asked_by__full_name")
    ).filter(
        Q(where__contains=words) | Q(who__contains=words) | Q(asked_by__email__icontains=searched)
    )


def answer_view(admin: RegistryAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """One edition of an answer, beside what the registry would say today."""
    answer = _answer(admin, request, pk)
    officer = cast(User, request.user)
    allowed = can_answer_questions(officer)
    form = EditionForm(request.POST or None)
    if request.method == "POST":
        if not allowed:
            raise PermissionDenied
        if form.is_valid():
            try:
                made = new_edition(answer, form.cleaned_data["reason"], officer)
            except ValidationError as error:
                # With what was typed, beside the edition that came meanwhile.
                form.add_error(None, error.messages)
                answer = _of_question(answer).first() or answer
            else:
                messages.success(request, f"Édition {made.edition} enregistrée.")
                return HttpResponseRedirect(made.get_absolute_url())
    every = list(_of_question(answer).defer("figures", "text"))
    latest = every[0].pk == answer.pk
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Au {wording.day(answer.day)} – {answer.perimeter}",
        "answer": answer,
        "rows": [_row(each) for each in answer.figures["figures"]],
        "provisional": is_provisional(answer.day, answer.asked_at),
        "editions": every,
        "latest": every[0],
        "is_latest": latest,
        "differences": differs_today(answer) if latest else [],
        "form": form,
        "refused": allowed.reason,
        "lines": answer.text.count("\n") + 8,
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/calls/answer.html", context)


def _of_question(answer: ParliamentaryAnswer) -> QuerySet[ParliamentaryAnswer]:
    """Every edition, the latest first, with what a page names."""
    return editions(answer.day, Where.of(answer)).select_related(*_NAMED)


def _row(figure: dict[str, Any]) -> dict[str, Any]:
    """``unsummed``: announcements that are not in the sum, which stand beside it."""
    apart = [(each["why"] == UNDATED_ANNOUNCEMENT, each["words"]) for each in figure["apart"]]
    return {
        "figure": figure,
        "announcements": announcements(figure),
        "unsummed": [words for announced, words in apart if announced],
        "apart": [words for announced, words in apart if not announced],
    }


def answer_file(admin: RegistryAdmin, request: HttpRequest, pk: int, form: str) -> HttpResponse:
    answer = _answer(admin, request, pk)
    if form not in _TYPES:
        raise Http404
    content: Iterable[bytes] | bytes
    if form == "csv":
        content = "".join(csv_lines(figures_table(answer))).encode()
    elif form == "pdf":
        content = answer_pdf(answer)
    else:
        file = BytesIO()
        write_workbook([figures_table(answer), notes_table(answer)], file)
        content = file.getvalue()
    name = f"reponse-{answer.day:%Y-%m-%d}-{answer.pk}.{form}"
    return HttpResponse(
        content,
        content_type=_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _answer(admin: RegistryAdmin, request: HttpRequest, pk: int) -> ParliamentaryAnswer:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    return get_object_or_404(ParliamentaryAnswer.objects.select_related(*_NAMED), pk=pk)
