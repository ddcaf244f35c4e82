#!/usr/bin/env python
import contextlib
import os
import sys
from contextlib import AbstractContextManager

# These read no table: no server is started for them.
WITHOUT_DATABASE = {"collectstatic", "help", "version", "--help", "--version"}


def private_database(arguments: list[str]) -> AbstractContextManager[object]:
    """In development without DATABASE_URL, the project's own server for the time of the command."""
    development = os.environ.get("PTCE_DEVELOPMENT", "").lower() in {"1", "true", "yes", "on"}
    wanted = len(arguments) > 1 and arguments[1] not in WITHOUT_DATABASE
    if os.environ.get("DATABASE_URL") or not development or not wanted:
        return contextlib.nullcontext()
    from ptce_registry import embedded

    database = os.environ.get("PTCE_DATABASE", embedded.DEFAULT_DATABASE)
    server = embedded.development_server()
    server.start()
    server.ensure_database(database)
    os.environ |= server.environment(database)
    os.environ["PTCE_PRIVATE_DATABASE"] = "1"
    return server


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptce_registry.settings")
    # The limit is for pages, which someone waits for; a migration or a load takes its time.
    os.environ.setdefault("STATEMENT_TIMEOUT_MS", "0")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        with private_database(sys.argv):
            try:
                settings.DEBUG  # noqa: B018
            except ImproperlyConfigured as refusal:
                sys.exit(str(refusal))
            execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
