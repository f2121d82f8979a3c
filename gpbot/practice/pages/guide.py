"""How far somebody has come in the guide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gpbot.practice.pages.frame import Chapter, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """One chapter with its place in the whole; `first` is the number of its first step, `number` the next to do."""

    chapter: Chapter
    part: int
    parts: int
    first: int
    number: int

    @property
    def step(self) -> Step | None:
        """The next thing to do; None where the chapter is done."""
        inside = self.number - self.first
        return self.chapter.steps[inside] if 0 <= inside < len(self.chapter.steps) else None


class Guide:
    """Steps are counted through all chapters, from 0."""

    def __init__(self, chapters: Sequence[Chapter]) -> None:
        self.chapters = chapters
        self.reached = 0
        self.part = 0
        self.is_followed = False

    @property
    def firsts(self) -> list[int]:
        """The number of each chapter's first step."""
        return [sum(len(chapter.steps) for chapter in self.chapters[:part]) for part in range(len(self.chapters))]

    def at(self) -> At | None:
        """Where they are; None when nobody follows the guide, or there is none."""
        if not self.is_followed or not self.chapters:
            return None
        return At(
            chapter=self.chapters[self.part],
            part=self.part + 1,
            parts=len(self.chapters),
            first=self.firsts[self.part],
            number=self.reached,
        )

    def step(self, number: int) -> Step | None:
        """A step by its number."""
        steps = [step for chapter in self.chapters for step in chapter.steps]
        return steps[number] if 0 <= number < len(steps) else None

    def done(self, number: int) -> None:
        """This step is done; one that is not the next changes nothing, so that a second click skips none."""
        if number == self.reached and self.step(number) is not None:
            self.reached += 1

    def follow(self, part: int | None = None) -> None:
        """Show the guide, at this part or at the next thing to do."""
        self.is_followed = True
        if part is None:
            part = sum(self.reached >= first for first in self.firsts) - 1
        self.part = min(max(part, 0), max(len(self.chapters) - 1, 0))
