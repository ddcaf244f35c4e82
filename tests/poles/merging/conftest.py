"""Who merges."""

import pytest

from networks.models import User
from tests.factories import UserFactory


@pytest.fixture
def officer() -> User:
    return UserFactory(officer=True)
