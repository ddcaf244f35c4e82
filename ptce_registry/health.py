"""Whether the site lives, and whether its database answers; for probes, not for people."""

import threading

import psycopg
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

PATIENCE_SECONDS = 1.5


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"vivant": True})


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers in time, 503 when not."""
    answers = database_answers()
    return JsonResponse({"base_de_donnees": answers}, status=200 if answers else 503)


class _Question(threading.Thread):
    """A connection and a statement outside the pool, in a thread that nobody has to wait for."""

    answered = False

    def __init__(self) -> None:
        super().__init__(name="health", daemon=True)
        self.start()

    def run(self) -> None:
        parameters = {
            **connection.get_connection_params(),
            "connect_timeout": 2,
            "options": "-c statement_timeout=1000",
        }
        try:
            with psycopg.connect(**parameters, autocommit=True) as asked:
                asked.execute("SELECT 1")
            self.answered = True
        except psycopg.Error:
            self.answered = False


_lock = threading.Lock()
_pending: _Question | None = None


def database_answers(patience: float = PATIENCE_SECONDS) -> bool:
    """Whether the database answers within ``patience`` seconds."""
    global _pending
    with _lock:
        # A question still without an answer is waited for again rather than asked again: a
        # database that hangs would otherwise gather a connection at each probe.
        if _pending is None or not _pending.is_alive():
            _pending = _Question()
        question = _pending
    question.join(patience)
    return question.answered
