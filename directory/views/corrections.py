"""Suggesting a correction to the record of a pole or of an organisation."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from directory.forms.correction import CorrectionForm
from directory.forms.pages import form_page
from directory.queries import members as member_queries
from directory.queries import pole as pole_queries
from directory.views.gone import gone
from members.models import Organisation
from poles.models import Pole, RecordState

_TITLE = "Suggérer une correction"


@form_page
def correct_pole(request: HttpRequest, slug: str) -> HttpResponse:
    found = _pole(slug)
    if found is None:
        raise Http404
    if found.record_state == RecordState.ARCHIVED:
        return gone(request, pole_queries.public_name(found), found.archive_reason)
    if found.record_state != RecordState.PUBLISHED:
        raise Http404
    if found.slug != slug:
        return HttpResponseRedirect(reverse("directory:pole-correct", args=[found.slug]))
    return _form(request, found, "pole")


def _pole(slug: str) -> Pole | None:
    rows = Pole.objects.select_related("reference_network")
    found = rows.filter(slug=slug).first() or pole_queries.today_address(slug)
    return found and (pole_queries.merged_into(found) or found)


@form_page
def correct_member(request: HttpRequest, slug: str) -> HttpResponse:
    found = member_queries.shown_organisation(slug)
    if found is None:
        moved = member_queries.today_address(slug)
        if moved is None:
            raise Http404
        return HttpResponseRedirect(reverse("directory:member-correct", args=[moved]))
    return _form(request, found, "member")


def _form(request: HttpRequest, record: Pole | Organisation, page: str) -> HttpResponse:
    form = CorrectionForm(
        request.POST if request.method == "POST" else None, record=record, request=request
    )
    if form.is_bound and form.is_valid() and form.may_be_sent() and form.send():
        return HttpResponseRedirect(reverse(f"directory:{page}-corrected", args=[record.slug]))
    return _page(request, record, "form", form.status, form=form)


@form_page
def pole_corrected(request: HttpRequest, slug: str) -> HttpResponse:
    pole = get_object_or_404(
        Pole.objects.select_related("reference_network"),
        slug=slug,
        record_state=RecordState.PUBLISHED,
    )
    return _page(request, pole, "thanks", network=pole.reference_network)


@form_page
def member_corrected(request: HttpRequest, slug: str) -> HttpResponse:
    found = member_queries.shown_organisation(slug)
    if found is None:
        raise Http404
    return _page(request, found, "thanks", network=None)


def _page(
    request: HttpRequest,
    record: Pole | Organisation,
    name: str,
    status: int = 200,
    **context: object,
) -> HttpResponse:
    is_pole = isinstance(record, Pole)
    shared = {
        "title": f"{_TITLE}\u00a0: {record.name}",
        "description": f"Dire au registre des PTCE ce qui est à corriger\u00a0: {record.name}.",
        "breadcrumb_data": {
            "links": [
                {"url": reverse("directory:pole-list"), "title": "Liste des pôles"},
                {"url": record.get_absolute_url(), "title": record.name},
            ],
            "current": _TITLE,
        },
        "record": record,
        "is_pole": is_pole,
    }
    return render(request, f"directory/correction/{name}.html", shared | context, status=status)
