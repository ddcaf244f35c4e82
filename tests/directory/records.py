"""What the tests of the pages of records share."""

import re
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import catalogue.reference
from catalogue.bitmaps import forget_bitmaps
from catalogue.public import forget_pages
from core.version import forget_data_version
from tests.html import assert_clean_html

MAX_STATEMENTS = 8


def words_of(html: str) -> str:
    """What a reader reads of the content of the page, every blank made one space."""
    content = html.partition('id="content"')[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", content)))


def read(client: Client, address: str) -> str:
    """The words of a page that answers 200 and whose source is clean."""
    response = client.get(address)
    assert response.status_code == 200, address
    html = response.content.decode()
    assert_clean_html(html)
    assert '<meta name="description"' in html
    assert 'class="fr-breadcrumb"' in html
    return words_of(html)


def context_of(client: Client, address: str) -> Any:
    """The context of a page, computed afresh: a page that is kept has none."""
    forget_pages()
    return client.get(address).context


def statements(client: Client, address: str) -> int:
    """How many statements the page takes when nothing is remembered; each but a SELECT fails."""
    forget_pages()
    forget_bitmaps()
    forget_data_version()
    catalogue.reference._held = None
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    assert all(each["sql"].lstrip(" (\n").startswith(("SELECT", "WITH")) for each in captured)
    return len(captured)
