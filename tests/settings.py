"""The settings under which tests run: those of development, on a server of their own."""

import os
import tempfile
from pathlib import Path

os.environ["PTCE_DEVELOPMENT"] = "1"
os.environ["DEMONSTRATION"] = "0"
# Playwright's synchronous calls run inside an event loop, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

if "DATABASE_URL" not in os.environ:
    # Named here, since settings come first; started by conftest in the process that runs the
    # tests, or hands them out to workers, which find its address in their environment.
    from ptce_registry.embedded import THROWAWAY, Server

    _folder = Path(tempfile.mkdtemp(prefix="ptce-tests-"))
    _folder.chmod(0o711)
    os.environ["PTCE_TESTS_SERVER"] = str(_folder)
    os.environ["DATABASE_URL"] = Server(_folder, THROWAWAY).url("postgres")

from ptce_registry.settings import *  # noqa: F403
from ptce_registry.settings import DATABASES, STORAGES, TEMPLATES
from tests.strictness import UnknownVariable

DATABASES["default"]["TEST"] = {"NAME": "ptce_test"}
STORAGES["staticfiles"] = {"BACKEND": "tests.strictness.ExistingFilesStorage"}
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UnknownVariable()  # type: ignore[index]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
