"""How the site is served: gunicorn reads this file by itself, from the folder it starts in."""

import contextlib
import os
import sys
from pathlib import Path
from typing import Any

wsgi_app = "ptce_registry.wsgi"
bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", os.cpu_count() or 1))
# No more than the connections of a process's pool, so that no thread waits for one.
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 20
keepalive = 5
# A planned composition of thirty members travels in its address.
limit_request_line = 8190
max_requests = 10_000
max_requests_jitter = 1_000
# A disk that is slow for a moment must not look like a worker that hangs.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
accesslog = None if os.environ.get("ACCESS_LOG", "1") == "0" else "-"
errorlog = "-"
logger_class = "ptce_registry.access_log.DiscreetLogger"
# Orders come by signals; a socket in the home folder would be shared by every site of the account.
control_socket_disable = True
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "info")


def on_starting(server: Any) -> None:
    """Says at once what the environment lacks, rather than once for each worker.

    Nor is a site served whose account could rewrite the history.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptce_registry.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        settings.DEBUG  # noqa: B018
    except ImproperlyConfigured as refusal:
        sys.exit(str(refusal))
    if settings.DEVELOPMENT:
        return
    import psycopg

    from ptce_registry import roles

    # A database that is late is no reason not to start: /sante/ says that it does not answer.
    with contextlib.suppress(psycopg.OperationalError):
        told = roles.refusal()
        if told:
            sys.exit(told)
