"""A million reports against a thousand."""

from pathlib import Path

from benchmarks.goals import Board


def run(board: Board, folder: Path) -> None:
    """."""
