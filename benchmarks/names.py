"""Comparing names with what people write: how many spellings are found, how often it asks for nothing, how fast."""

from pathlib import Path

from benchmarks.goals import Board
from tests.people import spellings


def run(board: Board, _folder: Path) -> None:
    board.subject("Names, on the corpus (tests/people/spellings)")
    found = spellings.look(spellings.named())
    for kind in sorted(found.of_kind):
        told = " (only told)" if kind in spellings.ONLY_TOLD else ""
        board.note(
            f"{kind:22} {found.by_kind[kind]:4} of {found.of_kind[kind]:4}  {found.percent([kind]):5.1f} %{told}"
        )
    board.goal_at_least("percent found in the same alphabet", found.same(), at_least=97)
    board.goal_at_least("percent found in another alphabet", found.other(), at_least=80)
    innocent = spellings.innocent()
    board.goal("in 100 innocent reports, their rosters", spellings.questions(innocent), at_most=1, unit="questions")
    draws = range(board.either(2, 8))
    by_chance = [spellings.questions(spellings.with_random_rosters(innocent, seed)) for seed in draws]
    board.note(f"{sum(by_chance) / len(by_chance):.1f} questions in 100 innocent reports with random rosters")
    board.goal("for a report, at the median", spellings.milliseconds(innocent), at_most=1, unit="ms")
    for row in found.missed:
        if row.kind not in spellings.ONLY_TOLD:
            board.note(f"missed: {row.kind}: {row.names[0]} as {row.written}")
