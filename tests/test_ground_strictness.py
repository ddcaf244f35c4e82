"""What holds the tests to their word, held to its own."""

import socket
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.template import Context, Engine, Origin, Template
from django.templatetags.static import static

from tests.conftest import _refuse_truncation
from tests.strict_pages import UnknownVariableError
from tests.strictness import NetworkUsedError


def template(source: str, *, ours: bool) -> Template:
    folder = settings.BASE_DIR / ("templates" if ours else "elsewhere")
    origin = Origin(str(folder / "page.html"), "page.html")
    return Template(source, origin=origin, engine=Engine.get_default())


@pytest.mark.parametrize(
    "source",
    [
        "{{ unknown }}",
        "{{ unknown|default:'x' }}",
        "{{ known.unknown }}",
        "{% for x in unknown %}{% endfor %}",
        "{% with x=unknown %}{{ x }}{% endwith %}",
    ],
)
def test_an_unknown_variable_fails_in_our_templates_alone(source: str) -> None:
    context: dict[str, object] = {"known": {}}
    template(source, ours=False).render(Context(context))
    with pytest.raises(UnknownVariableError):
        template(source, ours=True).render(Context(context))


def test_what_is_known_is_shown() -> None:
    source = "{% for x in known %}{{ x }}{% empty %}none{% endfor %}{{ nothing|default:'-' }}"
    context = Context({"known": [1, 2], "nothing": None})
    assert template(source, ours=True).render(context) == "12-"


def test_a_missing_or_unpublished_file_fails() -> None:
    assert static("dsfr/dist/dsfr.main.min.css")
    with pytest.raises(AssertionError, match="no such"):
        static("dsfr/dist/missing.css")
    with pytest.raises(AssertionError, match="not published"):
        static("dsfr/dist/dsfr.nomodule.min.js")


def test_the_network_is_out_of_reach() -> None:
    with pytest.raises(NetworkUsedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(NetworkUsedError):
        socket.create_connection(("registre.example", 80), timeout=1)


@pytest.mark.django_db
def test_what_no_one_ordered_comes_in_any_order() -> None:
    orders = {tuple(ContentType.objects.values_list("pk", flat=True)) for _ in range(5)}
    assert len(orders) > 1
    pages = {tuple(ContentType.objects.values_list("pk", flat=True)[:3]) for _ in range(20)}
    assert len({pk for page in pages for pk in page}) > 3
    ordered = {tuple(ContentType.objects.order_by("pk")) for _ in range(5)}
    assert len(ordered) == 1


@pytest.mark.parametrize(
    ("arguments", "fixtures"),
    [({"transaction": True}, []), ({}, ["live_server"]), ({}, ["transactional_db"])],
)
def test_a_test_that_would_empty_the_tables_is_refused(
    arguments: dict[str, bool], fixtures: list[str]
) -> None:
    mark = pytest.mark.django_db(**arguments).mark
    item = SimpleNamespace(nodeid="x", fixturenames=fixtures, get_closest_marker=lambda name: mark)
    with pytest.raises(pytest.UsageError):
        _refuse_truncation(item)  # type: ignore[arg-type]
