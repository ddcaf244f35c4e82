import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from ptce_registry.demonstration import ACCOUNTS, Demonstration
from ptce_registry.roles import as_owner, grant_rights
from ptce_registry.static import publish_static_files

_START_SECONDS = 60
_STOP_SECONDS = 20


class Command(BaseCommand):
    help = "Met tout en place et sert le site, de rien ; pour une démonstration."
    # The tables that checks would read are not there yet.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--size", type=int, help="ajoute ce nombre de pôles inventés")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError("Pour une démonstration seulement. En production : gunicorn.")
        port, size = options["port"], options["size"]
        if size and not os.environ.get("PTCE_PRIVATE_DATABASE"):
            raise CommandError("Les pôles inventés vont dans une base à part : ôtez DATABASE_URL.")
        # SIGINT too: what a script starts in the background is born deaf to it.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _leave)
        addresses = _free_addresses(port)
        demonstration = Demonstration()
        self._step("Base de données", self._describe_database)
        self._step("Migrations", self._migrate)
        self._step("Territoires", demonstration.load_territories)
        self._step("Registre", demonstration.load_registry)
        if size:
            self._step("Pôles inventés", lambda: demonstration.make_up_poles(size))
        password = self._step("Comptes", demonstration.make_accounts, told="prêts")
        self._step("Fichiers statiques", publish_static_files)
        connections.close_all()
        self._serve(port, addresses, str(password))

    def _step(self, name: str, do: Callable[[], object], told: str | None = None) -> object:
        """One line: the name at once, then what came of it and how long it took."""
        self.stdout.write(f"{name:<20}", ending="")
        self.stdout.flush()
        begun = time.monotonic()
        result = do()
        if told is None:
            told = result if isinstance(result, str) else "fait" if result else "rien à faire"
        self.stdout.write(f"{told} ({_since(begun)})")
        return result

    def _describe_database(self) -> str:
        with connections["default"].cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0].split()[0]
        private = os.environ.get("PTCE_PRIVATE_DATABASE")
        return f"PostgreSQL {version}, {'privée' if private else 'celle de DATABASE_URL'}"

    def _migrate(self) -> bool:
        with as_owner():
            executor = _migration_executor()
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not plan:
            # A database may be of before the two roles, or of other rights.
            grant_rights()
            return False
        call_command("migrate", interactive=False, verbosity=0)
        return True

    def _serve(self, port: int, addresses: list[str], password: str) -> None:
        environment = {
            **os.environ,
            "PTCE_DEVELOPMENT": "1",
            "ACCESS_LOG": os.environ.get("ACCESS_LOG", "0"),
            "GUNICORN_LOG_LEVEL": "warning",
            "SITE_URL": settings.SITE_URL,
        }
        # The pages keep the limit that manage.py lifted for the loads.
        if environment["STATEMENT_TIMEOUT_MS"] == "0":
            del environment["STATEMENT_TIMEOUT_MS"]
        command = [sys.executable, "-m", "gunicorn"]
        for address in addresses:
            command += ["--bind", address]
        if settings.DEBUG:
            command.append("--reload")
        begun = time.monotonic()
        self.stdout.write(f"{'Service':<20}", ending="")
        self.stdout.flush()
        # In a session of its own: Ctrl-C reaches this command alone, which then stops the server.
        server = subprocess.Popen(  # noqa: S603
            command, env=environment, cwd=settings.BASE_DIR, start_new_session=True
        )
        worker = None
        asked = False
        try:
            worker = _start_worker(environment)
            _wait_until_served(server, port)
            self.stdout.write(f"prêt ({_since(begun)})")
            self._step("Courriels", lambda: _describe_worker(worker))
            self._welcome(port, password)
            self._watch(server, worker)
        except KeyboardInterrupt:
            asked = True
            self.stdout.write("\nArrêt…")
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            _stop(server)
            if worker is not None:
                _stop(worker)
        if not asked:
            raise CommandError("Le serveur s’est arrêté de lui-même.")

    def _watch(self, server: subprocess.Popen, worker: subprocess.Popen) -> None:
        """Until the server ends; without its worker the site is served, and its mails wait."""
        told = False
        while server.poll() is None:
            if worker.poll() is not None and not told:
                self.stderr.write("Les courriels attendent : leur processus s’est arrêté.")
                told = True
            time.sleep(0.5)

    def _welcome(self, port: int, password: str) -> None:
        address = f"http://localhost:{port}"
        lines = [
            "",
            f"  Le registre : {address}/",
            f"  L’administration : {address}/admin/",
            f"  Les courriels envoyés : {address}/courriels/",
            "",
            f"  Comptes de démonstration, mot de passe {password}",
            *(f"    {account.email:<42}{account.label}" for account in ACCOUNTS),
            f"  Leur code de connexion du moment : {address}/courriels/",
            "  ou : PTCE_DEVELOPMENT=1 .venv/bin/python manage.py demo_code",
            "",
            "  Ctrl-C arrête tout ; les données restent pour la prochaine fois.",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _since(begun: float) -> str:
    return f"{time.monotonic() - begun:.1f} s".replace(".", ",")


def _leave(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _free_addresses(port: int) -> list[str]:
    """The loopback addresses to serve on; « localhost » may mean either."""
    free = []
    for family, host, text in (
        (socket.AF_INET, "127.0.0.1", "127.0.0.1"),
        (socket.AF_INET6, "::1", "[::1]"),
    ):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError:
            if family == socket.AF_INET:
                raise CommandError(
                    f"Le port {port} est pris ; en choisir un autre : make run PORT={port + 1}"
                ) from None
        else:
            free.append(f"{text}:{port}")
    return free


def _migration_executor() -> Any:
    from django.db.migrations.executor import MigrationExecutor

    return MigrationExecutor(connections["default"])


def _wait_until_served(server: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise CommandError("Le serveur n’a pas démarré.")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/sante/vivant/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise CommandError("Le serveur ne répond pas.")


def _start_worker(environment: dict[str, str]) -> subprocess.Popen:
    """What is done apart from the pages: mails."""
    command = [sys.executable, "manage.py", "db_worker", "--no-reload", "--verbosity", "0"]
    return subprocess.Popen(  # noqa: S603
        command, env=environment, cwd=settings.BASE_DIR, start_new_session=True
    )


def _describe_worker(worker: subprocess.Popen) -> str:
    return "envoyés à mesure" if worker.poll() is None else "leur processus s’est arrêté"


def _stop(process: subprocess.Popen) -> None:
    if process.poll() is None:
        # The server not gracefully: a browser's idle connection would hold it for seconds. The
        # worker takes it as any other, and ends with its task.
        process.send_signal(signal.SIGQUIT)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    # A server that was killed, or left in haste, leaves those that served its pages behind.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
