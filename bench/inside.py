"""Seen from inside, in a process of its own: the statements of each page, the time of the facets.

Reads the addresses from its arguments, writes JSON.
"""

import json
import sys
import time
from statistics import median

import django

django.setup()

from django.db import connection  # noqa: E402
from django.http import QueryDict  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.floors import HEADERS, HOST  # noqa: E402
from catalogue.bitmaps import forget_bitmaps  # noqa: E402
from catalogue.facets import count  # noqa: E402
from catalogue.filters import PoleFilterSet  # noqa: E402
from catalogue.public import forget_pages  # noqa: E402
from core.version import forget_data_version  # noqa: E402

_TIMES = 15


def statements(address: str) -> int | None:
    """As many as when nothing is kept: neither the page, nor the facets, nor their version."""
    client = Client(SERVER_NAME=HOST, headers=HEADERS, raise_request_exception=False)
    client.get(address)
    forget_pages()
    forget_bitmaps()
    forget_data_version()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    return len(captured) if response.status_code == 200 else None


def facets_seconds(address: str) -> float:
    """The middle time of counting the facets of a list."""
    asked = QueryDict(address.partition("?")[2])
    times = []
    for _ in range(_TIMES):
        selection = PoleFilterSet(asked)
        selection.found  # noqa: B018 - the search is not the facets
        begun = time.perf_counter()
        count(selection)
        times.append(time.perf_counter() - begun)
    return median(times)


if __name__ == "__main__":
    told = {
        address: {
            "statements": statements(address),
            "facets_seconds": facets_seconds(address)
            if address.startswith(("/poles/?", "/carte/?")) or address in {"/poles/", "/carte/"}
            else 0.0,
        }
        for address in sys.argv[1:]
    }
    sys.stdout.write(json.dumps(told))
