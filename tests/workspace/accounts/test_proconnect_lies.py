"""What is not believed of ProConnect, and what happens where it does not answer."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.cache import cache
from django.test import Client

from tests.html import assert_clean_html
from tests.members.register_server import dribble, raw, silence, status
from tests.workspace.accounts.proconnect_server import Claims, ProConnect, _published, key_of
from tests.workspace.accounts.proconnecting import (
    START,
    come,
    editor,
    go,
    is_signed_in,
)

pytestmark = pytest.mark.django_db


def refused(client: Client, page: Any) -> None:
    assert page.status_code == 400
    assert_clean_html(page.content.decode())
    assert "n’a pas abouti" in page.content.decode()
    assert not is_signed_in(client)
    assert SocialAccount.objects.count() == 0


def unsigned(claims: Claims, algorithm: str = "none") -> str:
    parts = ({"alg": algorithm, "kid": "une-cle", "typ": "JWT"}, claims)
    encoded = [base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in parts]
    return b".".join([*encoded, b""]).decode()


def with_the_public_key_as_secret(server: ProConnect, claims: Claims) -> str:
    """The classic confusion: the published key, used as a shared secret."""
    secret = json.dumps(_published("une-cle", "RS256")).encode()
    said = unsigned(claims, "HS256").removesuffix(".")
    digest = hmac.digest(secret, said.encode(), "sha256")
    return f"{said}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def tampered(server: ProConnect, claims: Claims) -> str:
    head, _, signature = server.signed(claims).split(".")
    body = json.dumps({**claims, "sub": "un-autre"}).encode()
    return ".".join([head, base64.urlsafe_b64encode(body).rstrip(b"=").decode(), signature])


WRITINGS: dict[str, Callable[[ProConnect, Claims], str]] = {
    "no signature": lambda server, claims: unsigned(claims),
    "None in another case": lambda server, claims: unsigned(claims, "NONE"),
    "plain JSON": lambda server, claims: json.dumps(claims),
    "nothing": lambda server, claims: "",
    "not ASCII": lambda server, claims: "é.è.à",
    "another key under the same name": lambda server, claims: jwt.encode(
        claims, key_of("volee", "RS256"), "RS256", headers={"kid": "une-cle"}
    ),
    "a key that is not published": lambda server, claims: server.signed(claims, "volee"),
    "no name of a key": lambda server, claims: jwt.encode(
        claims, key_of("une-cle", "RS256"), "RS256"
    ),
    "another algorithm": lambda server, claims: jwt.encode(
        claims, key_of("une-cle", "RS256"), "RS512", headers={"kid": "une-cle"}
    ),
    "a shared secret": with_the_public_key_as_secret,
    "changed on the way": tampered,
}


@pytest.mark.parametrize("writing", WRITINGS)
@pytest.mark.parametrize("token", ["write_id_token", "write_userinfo"])
def test_what_proconnect_did_not_sign_is_not_believed(
    client: Client, proconnect: ProConnect, token: str, writing: str
) -> None:
    editor()
    setattr(proconnect, token, WRITINGS[writing])
    refused(client, come(client, proconnect))


def without(name: str) -> Callable[[Claims], Claims]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


CLAIMS: dict[str, Callable[[Claims], Claims]] = {
    "another issuer": lambda claims: {**claims, "iss": "https://autre.invalid/api/v2"},
    "another service": lambda claims: {**claims, "aud": "un-autre-service"},
    "others too": lambda claims: {**claims, "aud": [claims["aud"], "un-autre-service"]},
    "expired": lambda claims: {**claims, "exp": int(time.time()) - 120},
    "not yet made": lambda claims: {**claims, "iat": int(time.time()) + 600},
    "not yet valid": lambda claims: {**claims, "nbf": int(time.time()) + 600},
    "never expires": without("exp"),
    "no issuer": without("iss"),
    "no audience": without("aud"),
    "no subject": without("sub"),
    "an empty subject": lambda claims: {**claims, "sub": ""},
    "a subject that is no text": lambda claims: {**claims, "sub": 12},
    "a subject without end": lambda claims: {**claims, "sub": "a" * 192},
}


@pytest.mark.parametrize("lie", CLAIMS)
@pytest.mark.parametrize("token", ["alter_id_token", "alter_userinfo"])
def test_what_is_signed_is_not_believed_of_all(
    client: Client, proconnect: ProConnect, token: str, lie: str
) -> None:
    editor()
    setattr(proconnect, token, CLAIMS[lie])
    refused(client, come(client, proconnect))


@pytest.mark.parametrize("nonce", ["un-autre", "", None, "absent"])
def test_an_answer_to_another_question_is_not_believed(
    client: Client, proconnect: ProConnect, nonce: Any
) -> None:
    editor()
    lie = without("nonce") if nonce == "absent" else (lambda claims: {**claims, "nonce": nonce})
    proconnect.alter_id_token = lie
    refused(client, come(client, proconnect))


def test_userinfo_speaks_of_the_same_person(client: Client, proconnect: ProConnect) -> None:
    editor()
    proconnect.alter_userinfo = lambda claims: {**claims, "sub": "quelqu-un-d-autre"}
    refused(client, come(client, proconnect))


def test_a_state_serves_once_and_in_the_browser_that_made_it(
    client: Client, proconnect: ProConnect
) -> None:
    editor()
    back = go(client, proconnect)
    refused(Client(), Client().get(back))
    refused(client, client.get(back.replace("state=", "state=x")))
    refused(client, client.get("/compte/proconnect/retour/"))
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 400


def test_a_code_of_another_attempt_is_refused(client: Client, proconnect: ProConnect) -> None:
    """It comes with the verifier of the attempt that the browser made, which is not its own."""
    editor()
    other = go(Client(), proconnect)
    mine = go(client, proconnect)
    code, state = other.split("code=")[1].split("&")[0], mine.split("state=")[1]
    refused(client, client.get(f"/compte/proconnect/retour/?code={code}&state={state}"))


def test_who_gives_up_is_back_at_the_sign_in(client: Client, proconnect: ProConnect) -> None:
    proconnect.refusal = "access_denied"
    assert come(client, proconnect)["Location"] == "/compte/connexion/"
    assert "pas passé par ProConnect" in client.get("/compte/connexion/").content.decode()


def test_another_refusal_says_that_it_failed(client: Client, proconnect: ProConnect) -> None:
    proconnect.refusal = "server_error"
    refused(client, come(client, proconnect))


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_keys_turn(client: Client, proconnect: ProConnect, algorithm: str) -> None:
    editor()
    assert come(client, proconnect).status_code == 302
    proconnect.turn_keys("la-suivante", algorithm)
    assert come(Client(), proconnect).status_code == 302
    # Even where the new one has the name of the former.
    proconnect.turn_keys("la-suivante", "ES256" if algorithm == "RS256" else "RS256")
    assert come(Client(), proconnect).status_code == 302


def test_a_former_key_is_not_believed_any_more(client: Client, proconnect: ProConnect) -> None:
    editor()
    proconnect.turn_keys("la-suivante")
    proconnect.write_id_token = lambda server, claims: server.signed(claims, "une-cle", "RS256")
    refused(client, come(client, proconnect))


def test_what_it_publishes_is_asked_for_once_a_day(client: Client, proconnect: ProConnect) -> None:
    editor()
    for _ in range(3):
        come(Client(), proconnect)
    assert proconnect.asked.count(".well-known/openid-configuration") == 1
    assert proconnect.asked.count("jwks") == 1
    ours = [agent for agent in proconnect.agents if agent.startswith("registre-ptce (")]
    assert len(ours) == 2 + 2 * 3


def is_down(page: Any) -> None:
    assert page.status_code == 503
    assert_clean_html(page.content.decode())
    assert "ProConnect ne répond pas" in page.content.decode()
    assert int(page["Retry-After"]) >= 60


PLACES = ["token", "userinfo", "jwks"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("code", [500, 502, 503, 504, 429])
def test_a_failure_of_proconnect_is_told(
    client: Client, proconnect: ProConnect, place: str, code: int
) -> None:
    editor()
    proconnect.replies[place] = status(code)
    is_down(come(client, proconnect))
    assert not is_signed_in(client)
    del proconnect.replies[place]
    assert come(client, proconnect).status_code == 302


def test_a_failure_at_the_start_is_told(client: Client, proconnect: ProConnect) -> None:
    proconnect.replies[".well-known/openid-configuration"] = status(500)
    is_down(client.post(START))
    # Without it, one signs in as ever.
    assert client.get("/compte/connexion/").status_code == 200


@pytest.mark.parametrize("slow", [silence(3), dribble(3)], ids=["silence", "dribble"])
def test_it_is_not_waited_for(
    client: Client, proconnect: ProConnect, settings: Any, slow: Any
) -> None:
    settings.PROCONNECT_TIMEOUT_SECONDS = 0.3
    editor()
    back = go(client, proconnect)
    proconnect.replies["token"] = slow
    began = time.monotonic()
    is_down(client.get(back))
    assert time.monotonic() - began < 2


def test_it_is_left_alone_for_as_long_as_it_says(client: Client, proconnect: ProConnect) -> None:
    proconnect.replies[".well-known/openid-configuration"] = status(503, Retry_After="120")
    assert client.post(START)["Retry-After"] == "120"
    is_down(client.post(START))
    assert proconnect.asked.count(".well-known/openid-configuration") == 1


NONSENSE = {
    "not JSON": raw(b"<html>"),
    "no object": raw(b"[]"),
    "empty": raw(b"{}"),
    "deep": raw(b"[" * 100_000),
    "not found": status(404),
    "refused": status(400, {"error": "invalid_client"}),
}


@pytest.mark.parametrize("place", [*PLACES, ".well-known/openid-configuration"])
@pytest.mark.parametrize("answer", NONSENSE)
def test_nonsense_is_no_error_of_the_site(
    client: Client, proconnect: ProConnect, place: str, answer: str
) -> None:
    editor()
    back = go(client, proconnect)
    cache.clear()
    proconnect.replies[place] = NONSENSE[answer]
    refused(client, client.get(back))


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "https://autre.invalid/api/v2"},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"userinfo_endpoint": ["x"]},
    ],
)
def test_what_it_publishes_is_checked(
    client: Client, proconnect: ProConnect, wrong: dict[str, Any]
) -> None:
    _, _, body = proconnect.discovery()
    said = json.dumps({**json.loads(body), **wrong}).encode()
    proconnect.replies[".well-known/openid-configuration"] = raw(said)
    assert client.post(START).status_code == 502


def test_no_key_to_proconnect_is_kept(client: Client, proconnect: ProConnect) -> None:
    editor()
    come(client, proconnect)
    assert SocialToken.objects.count() == 0
