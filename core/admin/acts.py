"""Acts on many rows of a list at once: rehearsed row by row, then done, with their reason.

A `BulkAct` is one function on one row, which does it or raises; a room's admin lists its own in
``bulk_acts``, and the list offers them beside the export of what is selected.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pghistory
from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import Action, ActionLocation
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from core.admin.exchange.exporting import export_page
from core.admin.refusals import refusal
from core.allowed import Allowed
from core.constraints import check_now, rehearsing
from core.text import normalise

# Each is rehearsed, then done: more in one go is longer than a page may take.
MOST_ROWS = 500
_SHOWN = 200
_REHEARSED = "Répétition"
_EXPORT = "export_selected"


class ActForm(forms.Form):
    """What an act asks beside the rows; a room adds its fields."""

    why = forms.CharField(
        label="Motif",
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Gardé dans l’historique de chaque fiche.",
    )


@dataclass(frozen=True)
class BulkAct:
    """``act(row, user, data)`` does it and says what the row becomes, or raises what its rule says.

    ``data``: what ``form`` cleaned. ``needs_reason``: the act is not done without one.
    """

    name: str
    label: str
    explained: str
    button: str
    act: Callable[[Any, Any, dict[str, Any]], str]
    allowed: Callable[[Any], Allowed]
    form: type[ActForm] = ActForm
    needs_reason: bool = False


@dataclass
class Outcome:
    """What becomes of each row: its name, and the sentence that says it."""

    done: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def actions_of(admin: Any, request: HttpRequest) -> dict[str, Action]:
    """The actions of a list, as `ModelAdmin.get_actions` gives them."""
    found = {}
    if admin.has_export_permission(request):
        found[_EXPORT] = _action(_export, _EXPORT, "Exporter la sélection")
    for each in admin.bulk_acts:
        if admin.has_change_permission(request) and each.allowed(request.user):
            found[each.name] = _action(_view(each), each.name, each.label)
    return found


def _action(func: Any, name: str, label: str) -> Action:
    return Action(func, name, label, label, [ActionLocation.CHANGE_LIST])


def _export(admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse:
    hidden = list(_selection(request, _EXPORT))
    return export_page(admin, request, queryset, queryset.count(), hidden=hidden)


def _view(act: BulkAct) -> Callable[[Any, HttpRequest, Any], HttpResponse]:
    def view(admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse:
        return act_page(admin, request, queryset, act)

    return view


def act_page(admin: Any, request: HttpRequest, queryset: Any, act: BulkAct) -> HttpResponse:
    """The rehearsal, with its count; done once it is confirmed as it was shown."""
    # Again on the way to the confirmation: a right may have gone meanwhile.
    allowed = act.allowed(request.user)
    if not allowed:
        raise PermissionDenied(allowed.reason)
    rows = list(queryset.order_by("pk")[: MOST_ROWS + 1])
    too_many = len(rows) > MOST_ROWS
    asked = "rehearse" in request.POST or "confirm" in request.POST
    form = act.form(request.POST if asked else None)
    ready = form.is_valid() if asked else not (set(form.fields) - {"why"})
    data = {**form.cleaned_data} if asked and ready else {"why": ""}
    digest = _digest(rows, data)
    moved = "confirm" in request.POST and request.POST.get("digest") != digest
    if "confirm" in request.POST and ready and not moved and not too_many:
        if act.needs_reason and not data["why"].strip():
            form.add_error("why", "Dites pourquoi\u00a0: ce motif est gardé avec la décision.")
        else:
            return _done(admin, request, rows, act, data)
    outcome = None
    if ready and not too_many:
        rehearsal = {**data, "why": data["why"].strip() or _REHEARSED}
        with rehearsing():
            outcome = _apply(rows, act, request.user, rehearsal, undone=True)
    context = {
        **admin.admin_site.each_context(request),
        "title": act.label,
        "opts": admin.opts,
        "act": act,
        "form": form,
        "choices": [form[name] for name in form.fields if name != "why"],
        "total": len(rows),
        "too_many": queryset.count() if too_many else 0,
        "most": MOST_ROWS,
        "outcome": outcome,
        "shown": _SHOWN,
        "digest": digest,
        "moved": moved,
        "hidden": list(_selection(request, act.name)),
        "all_of_them": None if _is_across(request) else _beyond(admin, request, len(rows)),
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/act.html", context)


def _apply(
    rows: list, act: BulkAct, user: Any, data: dict[str, Any], *, undone: bool = False
) -> Outcome:
    """Each row in a savepoint of its own, checked as at the commit; the others do not suffer."""
    outcome = Outcome()
    for row in rows:
        name = str(row)
        try:
            with transaction.atomic():
                told = act.act(row, user, data)
                check_now()
                if undone:
                    transaction.set_rollback(True)
        except (ValidationError, PermissionDenied, DatabaseError) as error:
            outcome.refused.append((name, _in_words(error)))
        else:
            outcome.done.append((name, told))
    outcome.done.sort(key=lambda each: normalise(each[0]))
    outcome.refused.sort(key=lambda each: normalise(each[0]))
    return outcome


def _in_words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, DatabaseError):
        message = refusal(error)
        if not message:
            raise error
        return message
    return str(error)


def _done(
    admin: Any, request: HttpRequest, rows: list, act: BulkAct, data: dict[str, Any]
) -> HttpResponse:
    why = data["why"].strip()
    with transaction.atomic(), pghistory.context(**({"why": why} if why else {})):
        outcome = _apply(rows, act, request.user, data)
    total = len(rows)
    if outcome.done:
        said = f"{act.label}\u00a0: fait pour {len(outcome.done)} sur {total}."
        admin.message_user(request, said, messages.SUCCESS)
    if outcome.refused:
        told = [f"{name}\u00a0: {reason}" for name, reason in outcome.refused[:10]]
        left = len(outcome.refused) - len(told)
        if left:
            told.append(f"et {left} de plus.")
        said = (
            f"{act.label}\u00a0: refusé pour {len(outcome.refused)} sur {total}. {' '.join(told)}"
        )
        admin.message_user(request, said, messages.WARNING)
    return HttpResponseRedirect(request.get_full_path())


def _digest(rows: list, data: dict[str, Any]) -> str:
    """Of the rows and of what is asked of them, the reason apart."""
    chosen = sorted((name, str(value)) for name, value in data.items() if name != "why")
    return hashlib.sha256(repr(([row.pk for row in rows], chosen)).encode()).hexdigest()


def _is_across(request: HttpRequest) -> bool:
    return request.POST.get("select_across", "0") == "1"


def _selection(request: HttpRequest, name: str) -> Iterator[tuple[str, str]]:
    """The fields by which the list finds the same rows again."""
    chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
    yield "action", name
    if _is_across(request):
        # One is enough for the list to know that something is selected.
        yield "select_across", "1"
        chosen = chosen[:1]
    for pk in chosen:
        yield ACTION_CHECKBOX_NAME, pk


def _beyond(admin: Any, request: HttpRequest, selected: int) -> int | None:
    """How many rows the list has in all, where that is more than are selected."""
    total = admin.get_changelist_instance(request).result_count
    return total if total > selected else None
