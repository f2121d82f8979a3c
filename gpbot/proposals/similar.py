"""Which channels and proposals are close to what somebody proposes, by their names and by what they are for."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process, utils

from gpbot.proposals.types import Proposed, Similar

MOST = 5
# Out of 100. A name counts as close when its words are among the other's, or nearly so; a purpose is long, and shares
# everyday words with any other, so only one that says much the same counts.
_NAME = 75
_WORDS = 62
_SHORTEST_NAME = 6
_SHORTEST = 12  # characters of a purpose that says anything


def similar(name: str, proposed: Proposed, others: Sequence[Similar]) -> list[Similar]:
    """The closest first, at most five."""
    scores: dict[int, float] = {}
    wanted = _spaced(name)
    names = {number: _spaced(each.name) for number, each in enumerate(others)}
    for scorer in (fuzz.token_set_ratio, fuzz.ratio):
        for _, score, number in process.extract(wanted, names, scorer=scorer, score_cutoff=_NAME, limit=None):
            scores[number] = max(score, scores.get(number, 0))
    words = utils.default_process(f"{proposed.purpose} {proposed.topics}")
    purposes = {number: utils.default_process(each.purpose) for number, each in enumerate(others)}
    long_enough = {number: text for number, text in purposes.items() if len(text) >= _SHORTEST}
    if len(words) >= _SHORTEST:
        scorer = fuzz.token_sort_ratio
        for _, score, number in process.extract(words, long_enough, scorer=scorer, score_cutoff=_WORDS, limit=None):
            scores[number] = max(score, scores.get(number, 0))
    # The name may stand in what a channel that is called otherwise is for.
    if len(wanted) >= _SHORTEST_NAME:
        scorer = fuzz.token_set_ratio
        for _, _, number in process.extract(wanted, long_enough, scorer=scorer, score_cutoff=100, limit=None):
            scores[number] = max(_NAME, scores.get(number, 0))
    best = sorted(scores, key=lambda number: (-scores[number], -fuzz.ratio(wanted, names[number]), number))
    return [others[number] for number in best[:MOST]]


def _spaced(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").strip()
