"""Names that are probably of one and the same thing, among many thousands."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import SequenceMatcher

# Words that half of the names have say nothing.
_COMMON = frozenset(
    "a au aux d de des du en et l la le les pour sur association assoc pole poles ptce territorial "
    "territoriale territoire cooperation economique economie sociale solidaire ess scic scop sas "
    "sarl sa".split()
)
_PREFIX = 5
_MOST_BEARERS = 300
_LEAST_RATIO = 0.84
_LEAST_LETTERS = 5


def core_words(normalised: str) -> str:
    """What is left of a normalised name without the words that all have."""
    words = [word for word in normalised.split() if word not in _COMMON]
    return " ".join(words) or normalised


def look_alikes(
    names: Mapping[str, str], known: Callable[[], Iterable[tuple[int, str]]]
) -> dict[str, list[int]]:
    """For each key of ``names`` (to a normalised name), the numbers of the known names like it.

    ``known`` gives numbers and normalised names, and is read twice: first to learn which
    beginnings of words are rare enough to look under. Best first, at most three.
    """
    wanted: dict[str, set[str]] = defaultdict(set)
    cores = {key: core_words(name) for key, name in names.items()}
    for key, core in cores.items():
        for beginning in _beginnings(core):
            wanted[beginning].add(key)
    bearers: Counter[str] = Counter()
    for _, name in known():
        bearers.update(b for b in _beginnings(core_words(name)) if b in wanted)
    rare = {beginning for beginning, number in bearers.items() if number <= _MOST_BEARERS}
    found: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for number, name in known():
        core = core_words(name)
        keys = {
            key for beginning in _beginnings(core) if beginning in rare for key in wanted[beginning]
        }
        for key in keys:
            ratio = _ratio(cores[key], core)
            if ratio >= _LEAST_RATIO:
                found[key].append((ratio, number))
    return {
        key: [number for _, number in sorted(pairs, key=lambda pair: (-pair[0], pair[1]))[:3]]
        for key, pairs in found.items()
    }


def _beginnings(core: str) -> Iterator[str]:
    return iter({word[:_PREFIX] for word in core.split() if len(word) > 2})


def _ratio(one: str, other: str) -> float:
    """1 for the same, and where all the words of one are words of the other."""
    if one == other:
        return 1.0
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 2 * _LEAST_LETTERS and set(shorter.split()) <= set(longer.split()):
        return 0.95
    if 2 * len(shorter) < _LEAST_RATIO * (len(shorter) + len(longer)):
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.quick_ratio() < _LEAST_RATIO:
        return 0.0
    return matcher.ratio() if len(shorter) >= _LEAST_LETTERS else 0.0
