"""The settings under which tests run: those of development, on a server of their own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.roles import APPLICATION, AUDITOR, OWNER, address_as

os.environ["PTCE_DEVELOPMENT"] = "1"
os.environ["DEMONSTRATION"] = "0"
# Playwright's synchronous calls run inside an event loop, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

if "PTCE_TESTS_DIR" not in os.environ:
    # The first process of the run; its workers find these in their environment.
    _folder = Path(tempfile.mkdtemp(prefix="ptce-tests-"))
    _folder.chmod(0o711)
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    os.environ["PTCE_TESTS_DIR"] = str(_folder)
    if "DATABASE_URL" not in os.environ:
        # Named here, since settings come first; started by conftest, once it is sure to be used.
        from ptce_registry.embedded import THROWAWAY, Server

        os.environ["PTCE_TESTS_OWN_SERVER"] = "1"
        os.environ["DATABASE_URL"] = Server(_folder, THROWAWAY).url("postgres", "postgres")
os.environ["DATABASE_OWNER_URL"] = address_as(OWNER, os.environ["DATABASE_URL"])
os.environ["DATABASE_AUDITOR_ROLE"] = AUDITOR

from ptce_registry.settings import *  # noqa: F403
from ptce_registry.settings import DATABASES, MIDDLEWARE, STORAGES, TEMPLATES
from tests.strict_pages import UnknownVariable

# Made once in a run, by tests/real_data.py.
DATABASES["default"]["TEST"] = {"NAME": "ptce_test", "TEMPLATE": "ptce_test_template"}
# The account of the server, which makes databases and roles, has in tests the rights of the pages:
# tests/breaking.py says how a test goes past them.
DATABASES["default"]["OPTIONS"]["options"] += f" -c role={APPLICATION}"
STORAGES["staticfiles"] = {"BACKEND": "tests.strict_pages.ExistingFilesStorage"}
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UnknownVariable()  # type: ignore[index]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Nothing is published for tests that start no server.
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
# Done where they are asked for; tests/core/test_mail.py asks for the database's own.
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
