"""Fifty people save the same record at once: no change is lost without its author being told."""

import http.cookiejar
import json
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from tests.serving import OwnSite

pytestmark = pytest.mark.django_db

EDITORS = 50

_MAKE = """
import json
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from networks.models import Network, NetworkStaff, User
from poles.models import Pole
network = Network.objects.first()
pole = Pole.objects.create(name="Pôle très demandé", slug="pole-tres-demande",
    summary="Avant", reference_network=network)
sessions = []
manager = User.objects.create(email="responsable@exemple.invalid")
NetworkStaff.objects.create(network=network, user=manager, role="responsable")
for n in range({editors}):
    user = User.objects.create(email=f"editeur{{n}}@exemple.invalid", full_name=f"Éditeur {{n}}")
    NetworkStaff.objects.create(network=network, user=user)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    sessions.append([user.pk, session.session_key])
print(json.dumps([pole.pk, sessions]))
"""
_TOLD = """
import json
from poles.models import Pole
events = Pole.pgh_event_model.objects.filter(pgh_obj_id={pole}).order_by("pgh_id")
print(json.dumps([
    [(e.pgh_context.metadata if e.pgh_context else {{}}).get("user"),
     e.summary, e.acronym, e.website]
    for e in events.select_related("pgh_context")]))
"""


@dataclass
class Editor:
    """A person at a browser: their own session, and what came back of each save."""

    number: int
    user: int
    site: str
    session: str
    pole: int
    status: int = 0

    def __post_init__(self) -> None:
        jar = http.cookiejar.CookieJar()
        self.browser = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(jar), _StayHere()
        )
        self.jar = jar

    @property
    def apart(self) -> bool:
        return self.number == EDITORS - 1

    def ask(self, sent: dict[str, str] | None = None) -> tuple[int, str]:
        cookies = {"sessionid": self.session} | {c.name: c.value or "" for c in self.jar}
        request = urllib.request.Request(
            f"{self.site}/espace/poles/{self.pole}/identite/",
            urllib.parse.urlencode(sent).encode() if sent is not None else None,
            {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())},
        )
        try:
            with self.browser.open(request, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def open(self) -> None:
        status, html = self.ask()
        assert status == 200
        self.hidden = _hidden(html)

    def save(self) -> None:
        """All write the summary, every second one the acronym too; the last, the website alone."""
        self.sent = {
            **self.hidden,
            "name": "Pôle très demandé",
            "summary": "Avant" if self.apart else f"De {self.number}",
            "description": "",
            "acronym": f"A{self.number}" if self.number % 2 and not self.apart else "",
            "website": "https://exemple.invalid/" if self.apart else "",
        }
        self.seen = "Avant"
        self._send()

    def insist(self) -> None:
        """Told whose words theirs would replace, they keep their own."""
        asked = re.findall(r'name="croise"\s+value="(\w+)"', self.answer)
        self.sent |= _hidden(self.answer) | {f"garder:{key}": "moi" for key in asked}
        self._send()

    def _send(self) -> None:
        self.status, self.answer = self.ask(self.sent)
        if self.status == 409:
            said = " ".join(self.answer.split())
            assert "Garder ce qu’a enregistré Éditeur" in said
            assert f"De {self.number}<" in said
            told = re.findall(r'workspace-side__text">(De \d+)<', self.answer)
            self.told = next(words for words in told if words != f"De {self.number}")
        else:
            assert self.status == 302, self.answer[:2000]


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def _hidden(html: str) -> dict[str, str]:
    found = {
        name: re.search(rf'name="{name}"\s+value="([^"]*)"', html)
        for name in ("csrfmiddlewaretoken", "base")
    }
    return {name: match[1] for name, match in found.items() if match}


def test_no_update_is_lost(own_site: OwnSite) -> None:
    pole, sessions = json.loads(own_site.run(_MAKE.format(editors=EDITORS)))
    editors = [
        Editor(n, user, own_site.url, session, pole) for n, (user, session) in enumerate(sessions)
    ]
    with ThreadPoolExecutor(EDITORS) as pool:
        list(pool.map(Editor.open, editors))
        _all_at_once(pool, editors, Editor.save)
        told = [editor for editor in editors if editor.status == 409]
        # All had opened the same page: one is written, each other is told, but who crossed nobody.
        assert len(told) == EDITORS - 2
        assert editors[-1].status == 302
        for editor in told:
            editor.seen = editor.told
        _all_at_once(pool, told, Editor.insist)

    history = json.loads(own_site.run(_TOLD.format(pole=pole)))
    by_user = {editor.user: editor for editor in editors}
    before = history[0]
    written = set()
    for event in history[1:]:
        user, summary, acronym, website = event
        editor = by_user[user]
        if editor.apart:
            assert [summary, acronym] == before[1:3]
        else:
            assert summary == f"De {editor.number}"
            assert acronym == (f"A{editor.number}" if editor.number % 2 else before[2])
            # Nobody's words were replaced by someone who had not been shown them.
            assert before[1] == editor.seen
            assert website == before[3]
        before = event
        written.add(user)
    assert history[-1][3] == "https://exemple.invalid/"
    for editor in editors:
        assert (editor.user in written) == (editor.status == 302)
        assert editor.status in {302, 409}
    assert len(history) == len(written) + 1
    assert len(written) >= 2


def _all_at_once(
    pool: ThreadPoolExecutor, editors: list[Editor], act: Callable[[Editor], None]
) -> None:
    together = threading.Barrier(len(editors))

    def run(editor: Editor) -> None:
        together.wait(60)
        act(editor)

    list(pool.map(run, editors))
