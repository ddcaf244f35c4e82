"""The records of a person's networks, and what each needs, most urgent first."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property

from networks.access import waiting
from networks.permissions import can_answer_access_requests
from poles.models import Draft
from poles.needs import NEEDS, completeness, count_needs
from workspace.access import staff_page
from workspace.needs import needs_of
from workspace.queries.dashboard import FREE, Asked, asked, free, mine, of_region, page_rows, shown

_A_PAGE = 20


class _Counted(Paginator):
    """Pages whose rows were counted already, with what they need."""

    def __init__(self, rows: Any, size: int, count: int) -> None:
        self._known = count
        super().__init__(rows, size)

    @cached_property
    def count(self) -> int:
        return self._known


@staff_page
def dashboard(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    what = asked(user, request.GET.dict())
    found = shown(free(user, what) if what.free else mine(user, what), user, what)
    counts = count_needs(found)
    rows = page_rows(found, user, what)
    page = _Counted(rows, _A_PAGE, counts[what.need]).get_page(request.GET.get("page"))
    return render(
        request,
        "workspace/dashboard.html",
        {
            "title": "Mes pôles",
            "what": what,
            "other": (mine if what.free else free)(user, what).count(),
            "counts": _chips(what, counts),
            "total": counts[""],
            "page_obj": page,
            "rows": [(pole, needs_of(pole, user)) for pole in page.object_list],
            "complete": completeness(of_region(user, what)),
            "free_slug": FREE,
            "asking": waiting().count() if can_answer_access_requests(user) else 0,
            "begun": Draft.objects.filter(user=user, pole=None).exists(),
        },
    )


def _chips(what: Asked, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Each need that some record has, or that is asked for."""
    return [
        {
            "slug": need.slug,
            "label": need.label,
            "count": counts[need.slug],
            "current": need.slug == what.need,
        }
        for need in NEEDS
        if counts[need.slug] or need.slug == what.need
    ]
