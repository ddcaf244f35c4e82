"""A save that goes through only with a consequence, which the person is told and accepts.

The rooms above add what they check to `checks`: each is called with the request once all is
written and before the commit, and raises `ConsentNeeded` to have the save undone.
"""

from collections.abc import Callable, Sequence

from django.http import HttpRequest

from core.constraints import check_now

ACCEPTED = "_consent"
checks: list[Callable[[HttpRequest], None]] = []


class ConsentNeeded(Exception):  # noqa: N818
    """``explain`` is called once the save is undone; ``label`` is what the person ticks."""

    def __init__(self, label: str, explain: Callable[[], Sequence[str]]) -> None:
        super().__init__(label)
        self.label = label
        self.explain = explain


def is_accepted(request: HttpRequest) -> bool:
    return ACCEPTED in request.POST


def check_before_commit(request: HttpRequest) -> None:
    """Says now what the commit would refuse, while the form can still show it."""
    for check in checks:
        check(request)
    check_now()
