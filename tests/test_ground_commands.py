"""make run, from nothing, and what finds its Python."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from ptce_registry.management.commands import run

FIND_PYTHON = settings.BASE_DIR / "bin" / "find-python"


def find_python(path: Path, pyenv: Path) -> subprocess.CompletedProcess:
    environment = {"PATH": str(path), "PYENV_ROOT": str(pyenv)}
    return subprocess.run(
        ["/bin/sh", FIND_PYTHON], env=environment, capture_output=True, text=True, check=False
    )


def make_python(path: Path, *, usable: bool) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n' if usable else "#!/bin/sh\nexit 1\n")
    path.chmod(0o755)
    return path


def test_a_python_on_the_path_comes_first(tmp_path: Path) -> None:
    make_python(tmp_path / "bin" / "python3", usable=True)
    make_python(tmp_path / "pyenv" / "versions" / "3.13.2" / "bin" / "python", usable=True)
    found = find_python(tmp_path / "bin", tmp_path / "pyenv")
    assert (found.returncode, found.stdout.strip()) == (0, sys.executable)


def test_pyenv_is_looked_into_when_the_path_has_only_an_old_one(tmp_path: Path) -> None:
    make_python(tmp_path / "bin" / "python3", usable=False)
    make_python(tmp_path / "pyenv" / "versions" / "3.13.1" / "bin" / "python", usable=False)
    good = make_python(tmp_path / "pyenv" / "versions" / "3.12.9" / "bin" / "python", usable=True)
    found = find_python(tmp_path / "bin", tmp_path / "pyenv")
    assert (found.returncode, found.stdout.strip()) == (0, str(good))


def test_no_python_is_said_in_one_line(tmp_path: Path) -> None:
    make_python(tmp_path / "bin" / "python3", usable=False)
    found = find_python(tmp_path / "bin", tmp_path / "pyenv")
    assert (found.returncode, found.stdout) == (1, "")
    assert len(found.stderr.splitlines()) == 1
    assert "3.12" in found.stderr


class Run:
    """``manage.py run`` as ``make run`` calls it, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE_")}
        environment |= {
            "PTCE_DEVELOPMENT": "1",
            "DEMONSTRATION": "1",
            "PTCE_DEMO_DIR": str(folder),
            "STATIC_ROOT": str(settings.DEMO_DIR / "static-tests"),
            "DJANGO_SETTINGS_MODULE": "ptce_registry.settings",
            "PORT": str(self.port),
        }
        self.output = folder / "output.txt"
        self.begun = time.monotonic()
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run"],
                cwd=settings.BASE_DIR,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_served(self) -> float:
        while "Ctrl-C" not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() - self.begun < 240, self.output.read_text()
            time.sleep(0.1)
        return time.monotonic() - self.begun

    def interrupt(self) -> None:
        os.killpg(self.process.pid, signal.SIGINT)
        assert self.process.wait(30) == 0, self.output.read_text()

    def worker(self) -> int:
        """The number of the process that sends the mails."""
        children = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        found = [
            int(pid)
            for pid, parent, arguments in (line.split(None, 2) for line in children)
            if int(parent) == self.process.pid and "db_worker" in arguments
        ]
        assert len(found) == 1, children
        return found[0]

    def wait_until_told(self, words: str) -> None:
        deadline = time.monotonic() + 30
        while words not in self.output.read_text():
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.1)

    def lines(self) -> dict[str, str]:
        """What each step told, by its name."""
        steps = self.output.read_text().split("\n\n")[0].splitlines()
        return {line[:20].strip(): line[20:] for line in steps}


@pytest.fixture
def demo_folder() -> Iterator[Path]:
    # Under /tmp itself: pytest's own folders are closed to the account that runs the server.
    made = Path(tempfile.mkdtemp(prefix="ptce-run-"))
    yield made
    shutil.rmtree(made)


def test_a_demonstration_from_nothing_then_again(demo_folder: Path) -> None:
    first = Run(demo_folder)
    from_nothing = first.wait_until_served()
    address = f"http://127.0.0.1:{first.port}"
    assert httpx.get(f"{address}/sante/").json() == {"base_de_donnees": True}
    login = httpx.get(f"{address}/compte/connexion/")
    assert login.status_code == 200
    assert first.lines()["Courriels"].startswith("envoyés")
    worker = first.worker()
    first.interrupt()
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
    assert not (demo_folder / "postgresql" / "data" / "postmaster.pid").exists()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/sante/")
    password = first.output.read_text().split("mot de passe ")[1].split()[0]

    second = Run(demo_folder)
    took = second.wait_until_served()
    os.kill(second.worker(), signal.SIGKILL)
    second.wait_until_told("Les courriels attendent")
    assert httpx.get(f"http://127.0.0.1:{second.port}/sante/").status_code == 200
    second.interrupt()
    told = second.lines()
    for step in ("Migrations", "Territoires", "Registre", "Fichiers statiques"):
        assert told[step].startswith("rien à faire"), told
    assert password in second.output.read_text()
    # 5 s on a quiet machine, where the first takes 30; the rest of the tests slows down both.
    assert took < from_nothing / 2


_DEAF = """
import signal, subprocess, sys, time
signal.signal(signal.SIGQUIT, signal.SIG_IGN)
if len(sys.argv) > 1:
    child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE)
    child.stdout.readline()
    print(child.pid, flush=True)
else:
    print(flush=True)
time.sleep(60)
"""


def test_what_is_deaf_is_stopped_with_all_that_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_STOP_SECONDS", 0.2)
    server = subprocess.Popen(
        [sys.executable, "-c", _DEAF, _DEAF],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert server.stdout is not None
    child = int(server.stdout.readline())
    run._stop(server)
    # Gone, or ended and not yet waited for by whoever adopted it.
    state = Path(f"/proc/{child}/stat")
    deadline = time.monotonic() + 5
    while state.exists() and state.read_text().split()[2] != "Z":
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_taken_port_is_said(demo_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment = {**os.environ, "PTCE_DEVELOPMENT": "1", "PORT": str(port)}
        done = subprocess.run(
            [sys.executable, "manage.py", "run"],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert f"Le port {port} est pris" in done.stderr
