"""What the access log writes of an address that is a key."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from ptce_registry.access_log import DiscreetLogger, without_keys


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("GET /votre-pole/12-ab.1x.yz/ HTTP/1.1", "GET /votre-pole/…/ HTTP/1.1"),
        ("/votre-pole/12-ab.1x.yz/?merci=confirmation", "/votre-pole/…/?merci=confirmation"),
        (
            "https://exemple.invalid/alertes/arreter/a.b/",
            "https://exemple.invalid/alertes/arreter/…/",
        ),
        ("/alertes/confirmer/a.b", "/alertes/confirmer/…"),
        (
            "GET /compte/proconnect/retour/?code=a&state=b HTTP/1.1",
            "GET /compte/proconnect/retour/?… HTTP/1.1",
        ),
        ("/poles/pole-alpen/", "/poles/pole-alpen/"),
    ],
)
def test_keys_are_left_out(said: str, written: str) -> None:
    assert without_keys(said) == written


def test_every_part_of_a_line_is_discreet() -> None:
    path = "/votre-pole/12-ab.1x.yz/"
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": path,
        "PATH_INFO": path,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://exemple.invalid{path}",
    }
    answered = SimpleNamespace(status="200 OK", sent=1, headers=[])
    asked = SimpleNamespace(headers=[("REFERER", f"https://exemple.invalid{path}")])
    atoms = DiscreetLogger(Config()).atoms(answered, asked, environ, timedelta(seconds=1))
    assert atoms["r"] == "GET /votre-pole/…/ HTTP/1.1"
    assert "1x" not in str(atoms)
