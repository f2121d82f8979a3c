"""What the tour promises, looked at in everything each person ever saw."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from gpbot.practice import Person, Sight
from gpbot.tour.neighbourhood import UNTIL_SECONDS, Neighbourhood


class PromiseBroken(Exception):
    """The message is the promise, in the words that the tour tells it in."""


@dataclass(slots=True)
class Secret:
    """A word, and the only people who may ever see it; where it is `written`, they must have seen it."""

    word: str
    known_to: set[str]
    written: bool = True


@dataclass(slots=True)
class Checks:
    """Counts the promises that held. Every method raises PromiseBroken, or BotDied, for one that did not."""

    place: Neighbourhood
    told: Callable[[str], None]
    held: int = 0
    _secrets: dict[str, Secret] = field(default_factory=dict)
    _read: dict[int, str] = field(default_factory=dict)

    def holds(self, promise: str, kept: object) -> None:
        if not kept:
            raise PromiseBroken(promise)
        self.held += 1
        self.told(promise)

    def until(self, promise: str, kept: Callable[[], object], timeout: float = UNTIL_SECONDS) -> None:
        """As `holds`, for what the bot has a while to do."""
        try:
            self.place.until(kept, timeout)
        except TimeoutError:
            raise PromiseBroken(promise) from None
        self.holds(promise, kept=True)

    def keep(self, word: str, *known_to: Person) -> None:
        """From now on nobody but these may see this word, anywhere, ever; more may be let in by a second call."""
        secret = self._secrets.setdefault(word, Secret(word, set()))
        secret.known_to |= {person.id for person in known_to}

    def hide(self, who: Person) -> None:
        """From now on nobody else may see this person's name or member id."""
        for name in (who.id, who.user.real_name):
            self._secrets[name] = Secret(name, {who.id}, written=False)

    def nobody_else_knows(self) -> None:
        """Look for every secret in all that anybody has seen; those who know it prove that the looking works."""
        self.place.settle()
        people = list(self.place.people.values())
        for secret in self._secrets.values():
            finders = {person.id for person in people if self._has_seen(person.seen, secret.word)}
            if others := finders - secret.known_to:
                names = ", ".join(sorted(person.user.real_name for person in people if person.id in others))
                raise PromiseBroken(f"Nobody but those meant to sees “{secret.word}”; it was seen by {names}")
            if secret.written and (missing := secret.known_to - finders):
                names = ", ".join(sorted(person.user.real_name for person in people if person.id in missing))
                raise PromiseBroken(f"{names} can read “{secret.word}”")
        self.held += 1
        self.told(
            f"In all that {len(people)} people ever saw, each of {len(self._secrets)} marked words and names stands "
            "only where it may"
        )

    def sights(self, *people: Person) -> dict[str, int]:
        """How much each has seen so far, for `nothing_new`."""
        return {person.id: len(person.seen) for person in people}

    def nothing_new(self, before: dict[str, int]) -> bool:
        """Whether they have seen nothing since, not even a neutral message or a changed Home."""
        self.place.settle()
        return all(len(person.seen) == before.get(person.id, len(person.seen)) for person in self.place.people.values())

    def in_none_of(self, texts: Iterable[str]) -> bool:
        """Whether no secret is in any of these."""
        return not any(secret.casefold() in text.casefold() for text in texts for secret in self._secrets)

    def _has_seen(self, seen: Iterable[Sight], word: str) -> bool:
        return any(word.casefold() in self._all_of(sight) for sight in seen)

    def _all_of(self, sight: Sight) -> str:
        """Its words and all its client received, read once."""
        if id(sight) not in self._read:
            raw = json.dumps(sight.raw, ensure_ascii=False, default=str)
            self._read[id(sight)] = f"{sight.text}\n{raw}".casefold()
        return self._read[id(sight)]
