"""Every row that names a pole or an organisation has its rule in a merge."""

from typing import Any

import pytest

from members.models import Organisation
from poles.merging.following import OF_ORGANISATIONS, relations_of


@pytest.mark.parametrize(("model", "rules"), [(Organisation, OF_ORGANISATIONS)])
def test_every_relation_has_its_rule(model: Any, rules: dict[str, Any]) -> None:
    assert sorted(relations_of(model)) == sorted(rules)
