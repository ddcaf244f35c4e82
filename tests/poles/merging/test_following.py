"""Every row that names a pole or an organisation has its rule in a merge."""

from typing import Any

import pytest

from members.models import Organisation
from poles.merging.following import OF_ORGANISATIONS, OF_POLES, relations_of
from poles.models import Pole


@pytest.mark.parametrize(("model", "rules"), [(Pole, OF_POLES), (Organisation, OF_ORGANISATIONS)])
def test_every_relation_has_its_rule(model: Any, rules: dict[str, Any]) -> None:
    assert sorted(relations_of(model)) == sorted(rules)
