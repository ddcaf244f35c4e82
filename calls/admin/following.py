"""The officers' page of what follows awards: all that falls due, the most urgent first."""

from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from calls.following import Line, due_lines
from calls.models import Call, Decision, LetterKind
from calls.support import Kind
from core.admin import RegistryAdmin

_LINES_A_PAGE = 100


def following_view(admin: RegistryAdmin, request: HttpRequest) -> HttpResponse:
    """``?appel=<code>&quoi=<kind>``; what is unknown leaves its filter off."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    today = timezone.localdate()
    calls = list(
        Call.objects.filter(
            applications__decision=Decision.LAUREATE, applications__imported=False
        ).distinct()
    )
    chosen = {call.code: call for call in calls}.get(request.GET.get("appel", ""))
    kind = request.GET.get("quoi", "")
    kind = kind if kind in Kind.values else ""
    lines = due_lines(today, chosen.pk if chosen else None)
    numbers = Counter(line.kind for line in lines)
    shown = [line for line in lines if not kind or line.kind == kind]
    page = Paginator(shown, _LINES_A_PAGE).get_page(request.GET.get("p", 1))
    call = {"appel": chosen.code} if chosen else {}
    context = {
        **admin.admin_site.each_context(request),
        "title": "Suivi des lauréats",
        "opts": admin.opts,
        "lines": [(line, line.late(today)) for line in page.object_list],
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "calls": calls,
        "chosen": chosen,
        "kind": kind,
        "number": len(lines),
        "everything": f"?{urlencode(call)}",
        "kinds": [
            (each, numbers[each], f"?{urlencode({**call, 'quoi': each.value})}")
            for each in Kind
            if numbers[each] or each == kind
        ],
        "reminders": reminders_of(lines),
        "others": urlencode({**call, **({"quoi": kind} if kind else {})}),
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/calls/following.html", context)


def reminders_of(lines: Iterable[Line]) -> list[tuple[Call, str]]:
    """The calls of which something is awaited, and where their laureates are written to."""
    calls = {line.file.call_id: line.file.call for line in lines}
    return [
        (
            call,
            f"{reverse('admin:calls_call_letters', args=[call.pk])}?nature={LetterKind.REMINDER}",
        )
        for call in sorted(calls.values(), key=lambda call: (call.name, call.pk))
    ]
