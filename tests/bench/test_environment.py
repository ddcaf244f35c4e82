"""The processes of the benchmark start with the settings of production."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.site import environment, owner_environment
from ptce_registry.embedded import APPLICATION, BASE_DIR, OWNER, Server


@pytest.mark.parametrize(
    ("made", "account"), [(environment, APPLICATION), (owner_environment, OWNER)]
)
def test_settings_take_what_the_benchmark_gives(
    made: Callable[[Server, str], dict[str, str]], account: str, tmp_path: Path
) -> None:
    # Not started: only its addresses are asked for.
    server = Server(tmp_path)
    read = "from django.conf import settings; print(settings.DATABASES['default']['USER'])"
    done = subprocess.run(
        [sys.executable, "-c", read],
        env=made(server, "ptce_banc"),
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, account), done.stderr
