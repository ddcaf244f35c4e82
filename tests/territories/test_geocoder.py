"""The State's geocoder: what its client understands, and does without."""

import json
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from core import outside
from territories import geocoder as client
from territories.geocoder import reverse, search
from tests.breaking import with_database
from tests.members.register_server import cut, dribble, raw, silence, status
from tests.territories.geocoder_server import Geocoder, Reply, feature, running

# What was answered is kept in the database, where every process finds it.
pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Any, db: None) -> Iterator[Geocoder]:
    cache.clear()
    with running() as geocoder:
        settings.GEOCODER_URL = geocoder.url
        # Never met by an answer of this server, however busy the machine is.
        settings.GEOCODER_TIMEOUT_SECONDS = 10
        yield geocoder
    cache.clear()


def test_an_address_is_found_with_its_score_once_a_day(server: Geocoder) -> None:
    server.add("12 Rue des Essais 56000 Vannes")
    for _ in range(2):
        (place,) = search("  12 rue   des essais ").places
    assert (place.label, place.score, place.citycode) == (
        "12 Rue des Essais 56000 Vannes",
        0.95,
        "56260",
    )
    assert (place.latitude, place.longitude) == (Decimal("47.65836"), Decimal("-2.75944"))
    assert place.sure
    assert server.asked == [("search", {"q": "12 rue des essais", "limit": "5"})]
    assert "registre-ptce" in server.agents[0]


def test_what_is_at_a_point(server: Geocoder) -> None:
    server.add("12 Rue des Essais 56000 Vannes", score=0.6)
    (place,) = reverse(Decimal("47.65836"), Decimal("-2.75944")).places
    assert not place.sure
    assert server.asked == [("reverse", {"lat": "47.65836", "lon": "-2.75944", "limit": "1"})]


def test_too_few_letters_are_not_asked(server: Geocoder) -> None:
    assert "trois lettres" in search(" a ").unavailable
    assert not server.asked


FAILURES: dict[str, Reply] = {
    "500": status(500),
    "504": status(504),
    "400": status(400),
    "a redirection": status(302, Location="http://127.0.0.1:9/"),
    "silence": silence(1.5),
    "a byte now and then": dribble(3),
    "a cut": cut,
    "broken JSON": raw(b'{"features": [{"type"'),
    "another page": raw(b"<html>Maintenance</html>"),
    "null": raw(b"null"),
    "brackets without end": raw(b'{"features":' + b"[" * 200_000),
    "a place nowhere": raw(json.dumps({"features": [feature("x", lat=91)]}).encode()),
    "a point without number": raw(json.dumps({"features": [feature("x", lat="a")]}).encode()),
    "no number": raw(b'{"features": [{"geometry": {"coordinates": [NaN, 1]}}]}'),
}


@pytest.mark.parametrize("name", FAILURES)
def test_when_it_is_down_it_is_said_and_not_kept(
    server: Geocoder, settings: Any, name: str
) -> None:
    server.add("12 Rue des Essais")
    server.replies.append(FAILURES[name])
    settings.GEOCODER_TIMEOUT_SECONDS = 0.5
    begun = time.monotonic()
    answer = search("rue des essais")
    assert time.monotonic() - begun < 1.3
    settings.GEOCODER_TIMEOUT_SECONDS = 10
    assert answer.places == ()
    assert "géocodage" in answer.unavailable
    assert search("rue des essais").places, "the failure was kept"


@pytest.mark.parametrize("code", [429, 503])
def test_nothing_is_asked_before_the_time_that_it_named(server: Geocoder, code: int) -> None:
    server.add("12 Rue des Essais")
    assert search("rue des essais").places
    server.replies.append(status(code, Retry_After="3"))
    assert search("12 rue").retry_after == 3
    assert "très demandé" in search("12 rue").unavailable
    assert search("rue des essais").places, "what is kept needs no asking"
    assert len(server.asked) == 2
    time.sleep(3.1)
    assert search("12 rue").places


def test_nobody_listens(settings: Any) -> None:
    cache.clear()
    settings.GEOCODER_URL = "http://127.0.0.1:9"
    assert "ne répond pas" in search("rue des essais").unavailable


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "features geometry coordinates properties label score citycode".split()
            ),
            inner,
        )
    ),
)


@with_database
@given(anything, st.sampled_from([200, 200, 200, 400, 429, 500, 504]))
def test_whatever_it_answers_nothing_is_raised(said: Any, code: int) -> None:
    reply = outside.Reply(code, {}, json.dumps(said).encode())
    with patch.object(client, "ask", lambda *asked: reply):
        answer = client._fetch("search", {})
    assert answer.unavailable or code == 200
