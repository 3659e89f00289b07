"""Choice among candidates by weighted needs: means of what was scored, who is out, ranks."""

from dataclasses import dataclass

BEST = 5
#: a must-have scored so rules a candidate out
FAILED = 1


@dataclass(frozen=True)
class Need:
    """What is needed: how much it weighs, and whether nothing goes without it."""

    key: object
    weight: float = 1.0
    must: bool = False


@dataclass(frozen=True)
class Result:
    """Weighted mean (0 to 5; None: nothing scored), share of the weight that was scored, keys of
    the must-haves that are failed, and the place (None: out, or nothing scored)."""

    mean: float | None
    coverage: float
    failed: tuple
    rank: int | None = None


def compare(needs, scores):
    """Results of candidates.

    The mean is taken over the needs that are scored: what isn't scored is unknown, not 0. Equal
    means share a place.

    :param needs: list of Need
    :param scores: candidate → {key of a need: 0 to 5}; None and missing: not scored
    :return: candidate → Result
    """
    found = {candidate: _result(needs, given) for candidate, given in scores.items()}
    means = sorted(
        (one.mean for one in found.values() if one.mean is not None and not one.failed),
        reverse=True,
    )
    return {
        candidate: Result(one.mean, one.coverage, one.failed, _place(one, means))
        for candidate, one in found.items()
    }


def _result(needs, given):
    scored = [need for need in needs if given.get(need.key) is not None]
    weight, whole = (sum(need.weight for need in some) for some in (scored, needs))
    points = sum(need.weight * given[need.key] for need in scored)
    failed = tuple(need.key for need in scored if need.must and given[need.key] <= FAILED)
    return Result(points / weight if weight else None, weight / whole if whole else 0.0, failed)


def _place(result, means):
    """Places of those who are in the running, 1 for the best."""
    out = result.failed or result.mean is None
    return None if out else means.index(result.mean) + 1
