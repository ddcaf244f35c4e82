"""Commenting a section, and saying that a comment is settled."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from networks.permissions import can_comment
from poles import comments
from poles.models import Comment, Pole
from poles.record import SECTIONS
from workspace.access import require, staff_page
from workspace.breadcrumb import breadcrumb
from workspace.overview import section_url
from workspace.queries.poles import kept_poles


@staff_page
@require_POST
def comment(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    user: Any = request.user
    pole = get_object_or_404(kept_poles(), pk=pk)
    require(can_comment(user, pole))
    text = request.POST.get("text", "")
    try:
        comments.comment(pole, slug, text, by=user)
    except ValidationError as error:
        return _again(request, pole, slug, text, error)
    messages.success(request, "Votre commentaire est transmis à ceux qu’il concerne.")
    return _back(pk, slug)


@staff_page
@require_POST
def close_comment(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    found = get_object_or_404(Comment, pk=pk)
    pole = get_object_or_404(kept_poles(), pk=found.pole_id)
    require(can_comment(user, pole))
    answer = request.POST.get("answer", "")
    try:
        comments.close(found, answer, by=user)
    except ValidationError as error:
        return _again(request, pole, found.section, answer, error, found)
    messages.success(request, "Le commentaire est réglé, et son auteur prévenu.")
    return _back(pole.pk, found.section)


def _back(pole: int, slug: str) -> HttpResponse:
    return redirect(f"{section_url(pole, slug)}#commentaires")


def _again(
    request: HttpRequest,
    pole: Pole,
    slug: str,
    text: str,
    error: ValidationError,
    closing: Comment | None = None,
) -> HttpResponse:
    """What was typed, with what is wrong with it."""
    return render(
        request,
        "workspace/record/comment_again.html",
        {
            "title": f"Commentaire – {pole.name}",
            "breadcrumb_data": breadcrumb(
                "Commentaire", (reverse("workspace:pole", args=[pole.pk]), pole.name)
            ),
            "pole": pole,
            "section": SECTIONS[slug],
            "name": "answer" if closing else "text",
            "text": text,
            "errors": error.messages,
        },
    )
