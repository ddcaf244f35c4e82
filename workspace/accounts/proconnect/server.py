"""What the registry asks of ProConnect, and what it believes of the answers.

Who someone is comes in signed tokens (JWT), `/userinfo` included: nothing that is unsigned, out of
date, or said to another service is believed. Raises `Down` where ProConnect does not answer, and
`Unbelievable` where its answer will not do; both say why, for the log alone.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

import httpx
import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.core.cache import cache

from core.outside import Reply, ask

# Signatures by a key that only ProConnect has; a shared secret would let this site sign too.
_ALGORITHMS = ["RS256", "ES256"]
_CLOCKS_APART_SECONDS = 30
_CONFIGURATION, _KEYS, _SILENT_UNTIL = (
    "proconnect-configuration",
    "proconnect-keys",
    "proconnect-silent-until",
)
_ENDPOINTS = (
    *("authorization_endpoint", "token_endpoint", "userinfo_endpoint"),
    *("jwks_uri", "end_session_endpoint"),
)


class Down(OAuth2Error):  # noqa: N818
    """ProConnect does not answer; ``retry_after`` seconds, where it says when it will."""

    def __init__(self, why: str, retry_after: float = 0) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class Unbelievable(OAuth2Error):  # noqa: N818
    pass


def configuration() -> dict[str, str]:
    """The addresses of ProConnect, as it publishes them; kept for a day."""
    kept = cache.get(_CONFIGURATION)
    if kept and kept["issuer"] == settings.PROCONNECT_URL:
        return kept
    found = _read(_ask(f"{settings.PROCONNECT_URL}/.well-known/openid-configuration"))
    if found.get("issuer") != settings.PROCONNECT_URL:
        raise Unbelievable(f"another issuer: {found.get('issuer')!r}")
    said = {name: found.get(name) for name in _ENDPOINTS}
    for name, address in said.items():
        if not (isinstance(address, str) and address.startswith(_schemes())):
            raise Unbelievable(f"no address for {name}")
    kept = {"issuer": settings.PROCONNECT_URL, **said}
    cache.set(_CONFIGURATION, kept, settings.PROCONNECT_CACHE_SECONDS)
    return kept


def _schemes() -> tuple[str, ...]:
    secure = settings.PROCONNECT_URL.startswith("https://")
    return ("https://",) if secure else ("https://", "http://")


def tokens(code: str, verifier: str, back: str) -> dict[str, Any]:
    """What ``code`` is exchanged for: `access_token` and `id_token` at least."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": settings.PROCONNECT_CLIENT_ID,
        "client_secret": settings.PROCONNECT_CLIENT_SECRET,
        "code_verifier": verifier,
    }
    found = _read(_ask(configuration()["token_endpoint"], form=form))
    for name in ("access_token", "id_token"):
        if not isinstance(found.get(name), str):
            raise Unbelievable(f"no {name}")
    return found


def identity(tokens: Mapping[str, Any], nonce: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The claims of the identity token and those of `/userinfo`, both checked, of one person."""
    claims = _believed(tokens["id_token"])
    if not nonce or claims.get("nonce") != nonce:
        raise Unbelievable("another nonce")
    authorised = {"Authorization": f"Bearer {tokens['access_token']}"}
    reply = _ask(configuration()["userinfo_endpoint"], headers=authorised)
    if reply.status != 200:
        raise Unbelievable(f"/userinfo answers {reply.status}")
    about = _believed(reply.content.decode("ascii", "replace").strip())
    if about["sub"] != claims["sub"]:
        raise Unbelievable("/userinfo speaks of someone else")
    return claims, about


def farewell(id_token: str, state: str, back: str) -> str:
    """The address at which a browser leaves ProConnect, and comes back."""
    query = {"id_token_hint": id_token, "state": state, "post_logout_redirect_uri": back}
    return str(httpx.URL(configuration()["end_session_endpoint"], params=query))


def _believed(token: str) -> dict[str, Any]:
    """The claims of a signed token; raises `Unbelievable`."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise Unbelievable(f"not a signed token: {error}") from None
    if header.get("alg") not in _ALGORITHMS:
        raise Unbelievable(f"signed with {header.get('alg')!r}")
    try:
        return _checked(token, _key(header, _keys()))
    except (_UnknownKeyError, jwt.InvalidSignatureError):
        # Its keys turn: those that were kept may be the former ones.
        try:
            return _checked(token, _key(header, _keys(afresh=True)))
        except _UnknownKeyError:
            raise Unbelievable(f"unknown key {header.get('kid')!r}") from None
        except jwt.InvalidSignatureError:
            raise Unbelievable("signed by someone else") from None


def _checked(token: str, key: jwt.PyJWK) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=_ALGORITHMS,
            issuer=settings.PROCONNECT_URL,
            audience=settings.PROCONNECT_CLIENT_ID,
            leeway=_CLOCKS_APART_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except jwt.InvalidSignatureError:
        raise
    except jwt.PyJWTError as error:
        raise Unbelievable(str(error)) from None
    if claims["aud"] not in (settings.PROCONNECT_CLIENT_ID, [settings.PROCONNECT_CLIENT_ID]):
        raise Unbelievable("said to others too")
    if not (isinstance(claims["sub"], str) and 0 < len(claims["sub"]) <= _LONGEST_SUBJECT):
        raise Unbelievable("no subject")
    return claims


# The column of allauth's table.
_LONGEST_SUBJECT = 191


class _UnknownKeyError(Exception):
    pass


def _key(header: Mapping[str, Any], keys: list[dict[str, Any]]) -> jwt.PyJWK:
    """The public key that the header names, made for the algorithm that it names."""
    for each in keys:
        if each.get("kid") != header.get("kid") or each.get("use", "sig") != "sig":
            continue
        if each.get("alg", header["alg"]) != header["alg"]:
            continue
        try:
            found = jwt.PyJWK(each, algorithm=header["alg"])
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):
            continue
        return found
    raise _UnknownKeyError


def _keys(*, afresh: bool = False) -> list[dict[str, Any]]:
    kept = None if afresh else cache.get(_KEYS)
    if kept is not None:
        return kept
    found = _read(_ask(configuration()["jwks_uri"])).get("keys")
    if not isinstance(found, list):
        raise Unbelievable("no keys")
    keys = [each for each in found if isinstance(each, dict)]
    cache.set(_KEYS, keys, settings.PROCONNECT_CACHE_SECONDS)
    return keys


def _ask(
    address: str,
    *,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    if (left := cache.get(_SILENT_UNTIL, 0) - time.time()) > 0:
        raise Down("it asked to be left alone", left)
    try:
        reply = ask(address, {}, settings.PROCONNECT_TIMEOUT_SECONDS, form=form, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Down(f"{address}: {error}") from None
    if reply.status == 429 or reply.status >= 500:
        if reply.retry_after:
            cache.set(_SILENT_UNTIL, time.time() + reply.retry_after, reply.retry_after)
        # What was kept of its addresses may be out of date.
        cache.delete(_CONFIGURATION)
        raise Down(f"{address} answers {reply.status}", reply.retry_after)
    return reply


def _read(reply: Reply) -> dict[str, Any]:
    if reply.status != 200:
        raise Unbelievable(f"answers {reply.status}: {reply.content[:200]!r}")
    try:
        found = json.loads(reply.content)
    except (ValueError, RecursionError):
        raise Unbelievable("an answer that is no JSON") from None
    if not isinstance(found, dict):
        raise Unbelievable("an answer that is no object")
    return found
