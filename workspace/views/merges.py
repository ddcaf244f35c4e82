"""Doubles: found, compared, made one; and made two again where it was a mistake."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html

from core.admin.refusals import refusal
from core.allowed import Allowed
from networks.permissions import positions_of
from poles.merging.choosing import KEPT, MERGED
from poles.merging.undoing import can_undo, poles_of_merge, undo, why_not
from poles.models import Merge, RecordState
from poles.recognition import BreaksRecognition, Broken
from workspace.access import require, staff_page
from workspace.breadcrumb import breadcrumb
from workspace.doubles import KINDS, Kind, preview
from workspace.saving import CONSENT, messages_of

_A_PAGE = 20
_LONGEST = 500


@staff_page
def merges(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    page = Paginator(_seen_by(user), _A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "workspace/merges/list.html",
        {
            "title": "Doublons et fusions",
            "breadcrumb_data": breadcrumb("Doublons et fusions"),
            "probable": [(kind, kind.probable(user)) for kind in KINDS.values()],
            "page_obj": page,
        },
    )


@staff_page
def choose(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """With which other record this one is a double."""
    user: Any = request.user
    kind = _kind(slug)
    (record,) = _records(request, kind, pk)
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    return render(
        request,
        "workspace/merges/choose.html",
        {
            "title": f"Un doublon de {record.name}",
            "breadcrumb_data": breadcrumb("Un doublon", (kind.address(record), record.name)),
            "kind": kind,
            "record": record,
            "told": kind.told(record),
            "typed": typed,
            "likely": [] if typed else kind.likely(user, record),
            "found": kind.search(user, record, typed) if typed else [],
        },
    )


@staff_page
def merge(request: HttpRequest, slug: str, pk: int, other: int) -> HttpResponse:
    """What would be done with the two, and then done; ``pk`` is the one that stays."""
    kind = _kind(slug)
    kept, merged = _records(request, kind, pk, other)
    user: Any = request.user
    allowed = kind.may_merge(user, kept, merged)
    wished = {
        name.removeprefix("choix-"): str(value)
        for name, value in request.POST.items()
        if name.startswith("choix-")
    }
    errors: list[str] = []
    broken: list[Broken] = []
    if request.method == "POST":
        require(allowed)
        try:
            made = kind.merge(
                kept,
                merged,
                by=user,
                reason=_reason(request),
                wished=wished,
                seen=_seen(request),
                regularising=CONSENT in request.POST,
            )
        except BreaksRecognition as error:
            broken = error.broken
        except (ValidationError, PermissionDenied, DatabaseError) as error:
            errors = _why(error)
        else:
            _say_done(request, made)
            return redirect(kind.address(kept))
        # Read again: the page shows what stands now, and the next answer is about that.
        kept, merged = _records(request, kind, pk, other)
    plan = kind.plan(kept, merged, wished)
    lines = kind.lines(kept, merged, plan)
    return render(
        request,
        "workspace/merges/preview.html",
        {
            "title": f"Réunir {merged.name} et {kept.name}",
            "breadcrumb_data": breadcrumb(
                "Réunir deux doublons", (reverse("workspace:merges"), "Doublons et fusions")
            ),
            "kind": kind,
            "sides": [(kept, kind.told(kept)), (merged, kind.told(merged))],
            "kept": kept,
            "merged": merged,
            "swap": preview(kind, merged.pk, kept.pk),
            "plan": plan,
            "open": [line for line in lines if line.open],
            "filled": [line for line in lines if line.taken and not line.open],
            "same": [line for line in lines if not line.taken and not line.open],
            "allowed": allowed,
            "seen": f"{kept.version}-{merged.version}",
            "why": request.POST.get("why", ""),
            "errors": errors,
            "broken": broken,
            "values": {"keep": KEPT, "take": MERGED},
        },
    )


@staff_page
def undo_merge(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    found = get_object_or_404(Merge.objects.select_related("by", "undone_by"), pk=pk)
    poles = poles_of_merge(found)
    require(can_undo(user, found, poles))
    errors: list[str] = []
    broken: list[Broken] = []
    if request.method == "POST":
        try:
            undo(found, by=user, reason=_reason(request), regularising=CONSENT in request.POST)
        except BreaksRecognition as error:
            broken = error.broken
        except (ValidationError, PermissionDenied, DatabaseError) as error:
            errors = _why(error)
        else:
            messages.success(
                request,
                f"La fusion est annulée\u00a0: «\u00a0{found.merged_name}\u00a0» et "
                f"«\u00a0{found.kept_name}\u00a0» sont de nouveau deux.",
            )
            return redirect("workspace:merges")
        found.refresh_from_db()
    return render(
        request,
        "workspace/merges/undo.html",
        {
            "title": "Annuler une fusion",
            "breadcrumb_data": breadcrumb(
                "Annuler une fusion", (reverse("workspace:merges"), "Doublons et fusions")
            ),
            "merge": found,
            "refused": [] if found.undone_at else why_not(found),
            "why": request.POST.get("why", ""),
            "errors": errors,
            "broken": broken,
        },
    )


def _kind(slug: str) -> Kind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _records(request: HttpRequest, kind: Kind, *numbers: int) -> list[Any]:
    """Those records, which the person may see; 404 for one that is not there, or merged already."""
    user: Any = request.user
    found = kind.get(*numbers)
    if set(found) != set(numbers):
        raise Http404
    for record in found.values():
        require(kind.may_see(user, record))
    return [found[number] for number in numbers]


def _seen_by(user: Any) -> QuerySet[Merge]:
    """The merges of organisations, and those of the poles that the person may see."""
    rows = Merge.objects.select_related("by", "undone_by").defer("steps").order_by("-pk")
    if user.is_officer:
        return rows
    networks = [position.network for position in positions_of(user)]
    return rows.filter(
        Q(pole=None)
        | Q(pole__record_state=RecordState.PUBLISHED)
        | Q(pole__reference_network__in=networks)
    )


def _reason(request: HttpRequest) -> str:
    return request.POST.get("why", "").replace("\x00", "").strip()[:_LONGEST]


def _seen(request: HttpRequest) -> tuple[int, int]:
    """The versions that were read; none that ever was for a form without them."""
    one, _, other = request.POST.get("seen", "").partition("-")
    return (int(one), int(other)) if one.isdecimal() and other.isdecimal() else (0, 0)


def _why(error: Exception) -> list[str]:
    """What was refused, in French; a person who may not is refused the page."""
    if isinstance(error, PermissionDenied):
        require(Allowed(str(error)))
    if isinstance(error, ValidationError):
        return [message for told in messages_of(error).values() for message in told]
    assert isinstance(error, DatabaseError)  # noqa: S101
    message = refusal(error)
    if not message:
        raise error
    return [message]


def _say_done(request: HttpRequest, made: Merge) -> None:
    messages.success(
        request,
        format_html(
            "«\u00a0{}\u00a0» est réuni à «\u00a0{}\u00a0». Une erreur\u00a0? "
            '<a href="{}">Annuler cette fusion</a>.',
            made.merged_name,
            made.kept_name,
            reverse("workspace:undo-merge", args=[made.pk]),
        ),
    )
