"""A small local server that speaks as ProConnect does, and that can be made to lie.

It refuses what ProConnect refuses: a parameter that it does not know, a short state or nonce, a
code that is used twice, the secret anywhere but in the body, a verifier that is not the one asked.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

CLIENT, SECRET = "registre-des-essais", "le-secret-du-registre"
TWO_FACTORS = "https://proconnect.gouv.fr/assurance/consistency-checked-2fa"
_KNOWN = {
    *("response_type", "client_id", "redirect_uri", "scope", "claims", "state", "nonce"),
    *("prompt", "code_challenge", "code_challenge_method"),
}
Claims = dict[str, Any]
Reply = Callable[[BaseHTTPRequestHandler], None]


@cache
def key_of(kid: str, algorithm: str) -> Any:
    if algorithm == "ES256":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _published(kid: str, algorithm: str) -> dict[str, Any]:
    maker = jwt.get_algorithm_by_name(algorithm)
    public = json.loads(maker.to_jwk(key_of(kid, algorithm).public_key()))
    return {**public, "kid": kid, "use": "sig", "alg": algorithm}


@dataclass
class ProConnect:
    """``person``: what `/userinfo` says; ``identity``: what the identity token says beside it.

    ``userinfo`` and ``id_token`` write the tokens, from their claims; ``replies`` are given
    instead of an answer, by path.
    """

    url: str = ""
    algorithm: str = "RS256"
    kid: str = "une-cle"
    keys: list[tuple[str, str]] = field(default_factory=list)
    person: Claims = field(default_factory=dict)
    identity: Claims = field(default_factory=lambda: {"acr": TWO_FACTORS, "amr": ["pwd", "mfa"]})
    refusal: str = ""
    issuer: str = ""
    alter_id_token: Callable[[Claims], Claims] = lambda claims: claims
    alter_userinfo: Callable[[Claims], Claims] = lambda claims: claims
    write_id_token: Callable[["ProConnect", Claims], str] = lambda self, claims: self.signed(claims)
    write_userinfo: Callable[["ProConnect", Claims], str] = lambda self, claims: self.signed(claims)
    replies: dict[str, Reply] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _access: set[str] = field(default_factory=set)
    left: list[dict[str, str]] = field(default_factory=list)

    def signed(self, claims: Claims, kid: str = "", algorithm: str = "") -> str:
        kid, algorithm = kid or self.kid, algorithm or self.algorithm
        return jwt.encode(claims, key_of(kid, algorithm), algorithm, headers={"kid": kid})

    def claims(self) -> Claims:
        """What every token says."""
        now = int(time.time())
        about = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60}
        return {**about, "sub": self.person["sub"]}

    def turn_keys(self, kid: str, algorithm: str = "RS256") -> None:
        """Signs with another key from now on, and publishes it alone."""
        self.kid, self.algorithm, self.keys = kid, algorithm, [(kid, algorithm)]

    # What each address answers: a status, headers, a body.

    def discovery(self) -> tuple[int, dict[str, str], bytes]:
        names = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "userinfo_endpoint": "userinfo",
            "jwks_uri": "jwks",
            "end_session_endpoint": "session/end",
        }
        said = {name: f"{self.url}/{path}" for name, path in names.items()}
        return _json({"issuer": self.issuer or self.url, **said})

    def authorize(self, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        wrong = set(query) - _KNOWN
        claims = json.loads(query.get("claims", "{}"))
        good = (
            not wrong
            and query["response_type"] == "code"
            and query["client_id"] == CLIENT
            and min(len(query["state"]), len(query["nonce"])) >= 32
            and "openid" in query["scope"].split()
            and query["code_challenge_method"] == "S256"
            and claims["id_token"]["acr"]["essential"] is True
            and "eidas2" in claims["id_token"]["acr"]["values"]
        )
        if not good:
            return 400, {}, f"Y000400 {wrong}".encode()
        self.requests.append(query)
        if self.refusal:
            back = {"error": self.refusal, "state": query["state"]}
        else:
            code = secrets.token_urlsafe(24)
            self._codes[code] = {**query, "at": str(time.monotonic())}
            back = {"code": code, "state": query["state"]}
        return 303, {"Location": f"{query['redirect_uri']}?{urlencode(back)}"}, b""

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        asked = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return _json({"error": "invalid_client"}, 401)
        good = (
            asked is not None
            and time.monotonic() - float(asked["at"]) < 30
            and form["grant_type"] == "authorization_code"
            and form["redirect_uri"] == asked["redirect_uri"]
            and challenge == asked["code_challenge"]
        )
        if not good or asked is None:
            return _json({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(24)
        self._access.add(access)
        said = {**self.claims(), "nonce": asked["nonce"], **self.identity}
        id_token = self.write_id_token(self, self.alter_id_token(said))
        about = {"access_token": access, "token_type": "Bearer", "expires_in": 60}
        return _json({**about, "id_token": id_token})

    def userinfo(self, authorisation: str) -> tuple[int, dict[str, str], bytes]:
        kind, _, access = authorisation.partition(" ")
        if kind != "Bearer" or access not in self._access:
            return _json({"error": "invalid_token"}, 401)
        said = self.write_userinfo(self, self.alter_userinfo({**self.claims(), **self.person}))
        return 200, {"Content-Type": "application/jwt"}, said.encode()

    def end(self, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        public = key_of(self.kid, self.algorithm).public_key()
        hint = jwt.decode(query["id_token_hint"], public, [self.algorithm], audience=CLIENT)
        self.left.append({**query, "sub": hint["sub"]})
        back = urlencode({"state": query["state"]})
        return 303, {"Location": f"{query['post_logout_redirect_uri']}?{back}"}, b""


def _json(said: Any, status: int = 200) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/json;charset=utf-8"}, json.dumps(said).encode()


@contextmanager
def running() -> Iterator[ProConnect]:
    server = ProConnect(keys=[("une-cle", "RS256")])

    class Handler(BaseHTTPRequestHandler):
        def answer(self, form: dict[str, str]) -> None:
            split = urlsplit(self.path)
            path, query = split.path.removeprefix("/api/v2/"), dict(parse_qsl(split.query))
            server.asked.append(path)
            server.agents.append(self.headers.get("User-Agent", ""))
            if path in server.replies:
                server.replies[path](self)
                return
            answers: dict[str, Callable[[], tuple[int, dict[str, str], bytes]]] = {
                ".well-known/openid-configuration": server.discovery,
                "authorize": lambda: server.authorize(query),
                "token": lambda: server.token(form),
                "userinfo": lambda: server.userinfo(self.headers.get("Authorization", "")),
                "jwks": lambda: _json({"keys": [_published(*each) for each in server.keys]}),
                "session/end": lambda: server.end(query),
            }
            status, headers, body = answers.get(path, lambda: (404, {}, b""))()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.answer({})

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.answer(dict(parse_qsl(sent.decode())))

        def log_message(self, *args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{http.server_port}/api/v2"
    thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join(5)
