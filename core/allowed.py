"""Whether someone may do something, and in French why not."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Allowed:
    """The answer of a predicate ``can_x(user, obj)``: true, or false with its reason."""

    reason: str = ""

    def __bool__(self) -> bool:
        return not self.reason
