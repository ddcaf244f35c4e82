"""The State's register: what its client understands, proposes, and does without."""

import json
import re
import time
from email.utils import formatdate
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from core import outside
from members import register as client
from members.register import Unit, look_up, propose, search
from tests.breaking import with_database
from tests.factories import valid_siren
from tests.members.register_server import (
    Register,
    Reply,
    cut,
    dribble,
    endless_header,
    raw,
    silence,
    status,
    unit,
)

# What was answered is kept in the database, where every process finds it.
pytestmark = pytest.mark.django_db

SIREN = valid_siren(55_210_055)
OTHER = valid_siren(44_306_184)


def test_a_number_is_looked_up_once_a_day(server: Register) -> None:
    server.add(SIREN, nom_raison_sociale="ULISSE", sigle="U")
    (found,) = look_up(f"{SIREN[:3]} {SIREN[3:]}").units
    assert (found.siren, found.name, found.acronym) == (SIREN, "ULISSE", "U")
    assert (found.siret, found.legal_category, found.commune) == (f"{SIREN}00019", "9220", "38185")
    look_up(SIREN)
    assert [each["q"] for each in server.asked] == [SIREN]
    assert "registre-ptce" in server.agents[0]
    assert look_up(OTHER).units == ()
    assert not look_up(OTHER).unavailable


def test_what_is_no_number_is_not_asked(server: Register) -> None:
    for wrong in ("", "12", "123456789", "abcdefghi"):
        assert "SIREN" in look_up(wrong).unavailable
    assert "trois lettres" in search("ab").unavailable
    assert not server.asked


def test_a_name_is_searched_for(server: Register) -> None:
    server.add(SIREN, nom_complet="GROUPE ULISSE")
    server.add(OTHER, nom_complet="AUTRE")
    assert [each.siren for each in search(" groupe   ulisse ", most=90).units] == [SIREN]
    assert server.asked[0]["per_page"] == "25"


FAILURES: dict[str, Reply] = {
    "500": status(500),
    "404 of a wrong address": raw(b"<h1>Not Found</h1>", 404),
    "a redirection": status(302, Location="http://127.0.0.1:9/"),
    "502": status(502),
    "504": status(504),
    "silence": silence(1.5),
    "a byte now and then": dribble(3),
    "a header that does not end": endless_header(3),
    "brackets without end": raw(b'{"results":' + b"[" * 200_000),
    "a cut": cut,
    "broken JSON": raw(b'{"results": [{"siren"'),
    "another page": raw(b"<html>Maintenance</html>"),
    "a list": raw(b"[]"),
    "null": raw(b"null"),
    "a unit without number": raw(b'{"results": [{}]}'),
    "a wrong date": raw(b'{"results": [{"siren": "1", "date_fermeture": "hier"}]}'),
}


@pytest.mark.parametrize("name", FAILURES)
def test_when_it_is_down_it_is_said_and_not_kept(
    server: Register, settings: Any, name: str
) -> None:
    server.add(SIREN)
    server.replies.append(FAILURES[name])
    settings.REGISTER_TIMEOUT_SECONDS = 0.5
    begun = time.monotonic()
    answer = look_up(SIREN)
    # Well under what the slow ones would take, even on a busy machine.
    assert time.monotonic() - begun < 1.3
    settings.REGISTER_TIMEOUT_SECONDS = 10
    assert answer.units == ()
    assert "annuaire des entreprises" in answer.unavailable
    assert (answer.retry_after, answer.misasked) == (0, False)
    assert look_up(SIREN).units, "the failure was kept"


def test_nobody_listens(settings: Any) -> None:
    cache.clear()
    settings.REGISTER_URL = "http://127.0.0.1:9/search"
    assert "ne répond pas" in look_up(SIREN).unavailable


@pytest.mark.parametrize(
    ("after", "least", "most"),
    [
        ("30", 30, 30),
        ("", 1, 1),
        ("jamais", 1, 1),
        ("0", 1, 1),
        ("9999999", 3600, 3600),
        (600, 590, 600),
        (-600, 1, 1),
    ],
)
def test_the_time_that_it_asks_for_is_read(
    server: Register, after: str | int, least: float, most: float
) -> None:
    if isinstance(after, int):
        after = formatdate(time.time() + after, usegmt=True)
    server.replies.append(status(429, Retry_After=after))
    answer = look_up(SIREN)
    assert "très demandé" in answer.unavailable
    assert least <= answer.retry_after <= most


@pytest.mark.parametrize("code", [429, 503])
def test_nothing_is_asked_before_the_time_that_it_named(server: Register, code: int) -> None:
    server.add(SIREN)
    assert look_up(SIREN).units
    server.replies.append(status(code, Retry_After="1"))
    begun = time.monotonic()
    assert look_up(OTHER).retry_after == 1
    assert "très demandé" in look_up(OTHER).unavailable
    assert 0 < search("ulisse").retry_after <= 1
    assert look_up(SIREN).units, "what is kept needs no asking"
    assert time.monotonic() - begun < 0.9, "a page does not wait"
    assert len(server.asked) == 2
    time.sleep(1.1)
    assert not look_up(OTHER).unavailable


def test_a_number_that_nobody_bears_is_no_failure(server: Register) -> None:
    server.replies.append(status(404, {"erreur": "pas trouvé"}))
    assert look_up(SIREN) == client.Answer()


def test_a_question_that_it_refuses_is_said_and_is_no_failure_of_the_service(
    server: Register,
) -> None:
    server.replies.append(status(400, {"erreur": "3 caractères au moins"}))
    answer = search("&&& &")
    assert "3 caractères au moins" in answer.unavailable
    assert answer.misasked


def test_dots_between_the_digits_do_not_make_it_a_search(server: Register) -> None:
    server.add(SIREN)
    assert look_up(f"{SIREN[:3]}.{SIREN[3:6]}.{SIREN[6:]}").units
    assert server.asked[0]["q"] == SIREN


def test_the_sirets_of_la_poste_have_a_rule_of_their_own(server: Register) -> None:
    server.add("356000000")
    assert look_up("356 000 000 09076").misasked
    assert look_up("356 000 000 09075").units
    assert [each["q"] for each in server.asked] == ["35600000009075"]


def test_another_unit_than_the_one_asked_for_is_no_answer(server: Register) -> None:
    server.replies.append(status(200, {"results": [unit(OTHER)]}))
    assert look_up(SIREN).units == ()


def test_masked_and_missing_values_are_nothing(server: Register) -> None:
    masked = "[NON-DIFFUSIBLE]"
    server.add(
        SIREN,
        nom_complet=masked,
        nom_raison_sociale=masked,
        nature_juridique=None,
        statut_diffusion="P",
        siege={"siret": masked, "commune": masked, "latitude": masked},
    )
    server.add(OTHER, siege={}, complements={})
    (found,) = look_up(SIREN).units
    assert found == Unit(SIREN, publication_status="P")
    (bare,) = look_up(OTHER).units
    assert (bare.siret, bare.commune) == ("", "")


def test_no_log_tells_what_was_searched_for(
    server: Register, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    search("jeanne essai")
    assert server.asked
    assert "jeanne" not in caplog.text + "".join(capfd.readouterr())


@pytest.mark.parametrize(
    "values",
    [
        {"nature_juridique": "92201"},
        {"nature_juridique": "92A0"},
        {"siege": {"siret": "1" * 18, "commune": "x" * 300}},
        {"siege": {"siret": f"{OTHER}00019"}},
    ],
    ids=str,
)
def test_what_the_registry_cannot_keep_is_nothing(server: Register, values: dict[str, Any]) -> None:
    server.add(SIREN, **values)
    (found,) = look_up(SIREN).units
    assert "" in {found.legal_category, found.siret}
    assert len(found.commune) in {0, 5}


MASK = "[NON-DIFFUSIBLE]"
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=9)
    | st.sampled_from([MASK, SIREN]),
    lambda deeper: st.lists(deeper, max_size=2) | st.dictionaries(st.text(max_size=9), deeper),
    max_leaves=4,
)


def shaped(*names: str) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, anything))


answers = anything | st.fixed_dictionaries(
    {
        "results": st.lists(
            st.fixed_dictionaries(
                {"siren": st.just(SIREN)},
                optional={
                    **dict.fromkeys(
                        [*unit(SIREN).keys() - {"siren", "siege", "complements"}],
                        anything | st.sampled_from([MASK, f"JEANNE {MASK}"]),
                    ),
                    "siege": anything | shaped("siret", "commune", "latitude"),
                    "complements": anything | shaped(*unit(SIREN)["complements"]),
                },
            ),
            max_size=2,
        )
    }
)


@with_database
@given(answers, st.sampled_from([200, 200, 200, 400, 404, 429, 500, 504, 302]))
def test_whatever_it_answers_nothing_is_raised_and_no_mask_comes_through(
    said: Any, code: int
) -> None:
    reply = outside.Reply(code, {}, json.dumps(said).encode())
    with patch.object(client, "ask", lambda *asked: reply):
        answer = client._fetch({})
    assert code == 200 or not answer.units
    for found in answer.units:
        assert MASK not in repr(found)
        assert re.fullmatch(rf"({SIREN}\d{{5}})?", found.siret)
        assert re.fullmatch(r"(\d{4})?", found.legal_category)
        assert found.publication_status in {"O", "P"}
        propose(found)
