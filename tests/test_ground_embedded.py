"""The private PostgreSQL: shared while used, kept between starts, closed to others."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ptce_registry import embedded
from ptce_registry.embedded import OWNER, THROWAWAY, Server, ServerError, throwaway_server

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand the server over")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Open to all, as pytest's own are not, and short enough for a socket."""
    made = Path(tempfile.mkdtemp(prefix="ptce-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def ask(server: Server, question: str, database: str = "postgres") -> object:
    with psycopg.connect(
        host=str(server.socket_dir), port=5432, user="postgres", dbname=database, autocommit=True
    ) as connection:
        cursor = connection.execute(question)  # type: ignore[call-overload]
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def test_the_last_to_leave_stops_the_server_and_the_data_stay(folder: Path) -> None:
    first, second = Server(folder / "pg", THROWAWAY), Server(folder / "pg", THROWAWAY)
    first.start()
    second.start()
    assert first.ensure_database("kept")
    ask(first, "CREATE TABLE noted AS SELECT 42 AS answer", "kept")
    assert first.stop() is False
    assert ask(second, "SELECT answer FROM noted", "kept") == 42
    assert second.stop() is True
    assert not (first.data / "postmaster.pid").exists()

    with Server(folder / "pg", THROWAWAY) as again:
        assert not again.ensure_database("kept")
        assert ask(again, "SELECT answer FROM noted", "kept") == 42


def test_only_its_owner_reaches_it_and_only_through_a_socket(folder: Path) -> None:
    with Server(folder / "pg", THROWAWAY) as server:
        assert ask(server, "SHOW listen_addresses") == ""
        assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
        socket_mode = (server.socket_dir / ".s.PGSQL.5432").stat().st_mode
        assert stat.S_IMODE(socket_mode) == 0o700


def test_a_database_of_before_the_two_roles_is_taken_over(folder: Path) -> None:
    with Server(folder, THROWAWAY) as server:
        with server.connect() as superuser:
            superuser.execute("CREATE DATABASE old")
        with server.connect("old") as superuser:
            superuser.execute("CREATE TABLE django_migrations AS SELECT 1 AS id")
        assert not server.ensure_database("old")
        with psycopg.connect(server.url("old")) as pages:
            assert pages.execute("SELECT id FROM django_migrations").fetchone() == (1,)
        with psycopg.connect(server.url("old", OWNER)) as owner:
            owner.execute("ALTER TABLE django_migrations ADD app text")


def test_it_knows_french_letters(folder: Path) -> None:
    with Server(folder / "pg", THROWAWAY) as server:
        assert ask(server, "SELECT lower('ÉCOPÔLE')") == "écopôle"
        assert ask(server, "SELECT 'Énergie' ILIKE 'éNERGIE'") is True


def test_a_client_s_variables_do_not_reach_the_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("PGDATA", "/nowhere")
    with Server(folder / "pg", THROWAWAY) as server:
        assert ask(server, "SHOW port") == "5432"


def test_a_long_path_has_its_socket_elsewhere(folder: Path) -> None:
    with Server(folder / ("long" * 30) / "l’été d’un pôle", THROWAWAY) as server:
        assert server.socket_dir != server.data
        assert ask(server, "SELECT 1") == 1
        socket_dir = server.socket_dir
    shutil.rmtree(socket_dir)


def test_data_of_another_postgresql_are_left_alone(folder: Path) -> None:
    with Server(folder / "pg", THROWAWAY) as server:
        pass
    (server.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(ServerError, match="PostgreSQL 12"):
        Server(folder / "pg", THROWAWAY).start()


def test_an_interrupted_creation_is_done_again(folder: Path) -> None:
    (folder / "pg" / "data" / "base").mkdir(parents=True)
    with Server(folder / "pg", THROWAWAY) as server:
        assert ask(server, "SELECT 1") == 1


def test_a_throwaway_server_leaves_nothing() -> None:
    with throwaway_server() as server:
        assert ask(server, "SHOW fsync") == "off"
        used = server.folder
    assert not used.exists()


@as_root
def test_root_opens_no_closed_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    closed, outside = folder / "closed", folder / "outside"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(embedded, "OUTSIDE_DIR", outside)
    embedded._tell_where.cache_clear()
    # As if the packages were under the closed folder too.
    can_run = embedded._can_run
    monkeypatch.setattr(
        embedded,
        "_can_run",
        lambda program, account: outside in program.parents and can_run(program, account),
    )
    with Server(closed / "project" / "pg", THROWAWAY) as server:
        assert ask(server, "SELECT 1") == 1
        assert outside in server.data.parents
        assert outside in server.binaries.parents
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert len(capsys.readouterr().err.splitlines()) == 1

    # The second time there is nothing to say, and nothing to copy.
    with Server(closed / "project" / "pg", THROWAWAY) as again:
        assert again.data == server.data
    assert capsys.readouterr().err == ""
