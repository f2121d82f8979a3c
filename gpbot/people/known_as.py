"""What role holders are and were called, compared with what people write; nothing else asks `names.mentioned`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from gpbot.clock import Clock
from gpbot.keyring import KeyRing
from gpbot.people import sealed_roster
from gpbot.people.names import mentioned
from gpbot.people.types import RoleHolder

FORMER_NAMES_COUNT = timedelta(days=365)

_OF_OTHERS = {sealed_roster.HOLDERS, sealed_roster.CONFLICTS}


class KnownAs:
    """Names somebody had since they got a role count for a year. They are shown nowhere: nothing here returns them."""

    def __init__(self, keyring: KeyRing, clock: Clock) -> None:
        self._keyring = keyring
        self._clock = clock

    def mentioned(
        self, session: Session, text: str, holders: Iterable[RoleHolder], *, in_full: bool = False
    ) -> tuple[RoleHolder, ...]:
        """Those of `holders` whom `text` names by what they are or were called; `in_full` only by a whole name."""
        holders, former = list(holders), self._former(session)
        called = [_called(holder, former) for holder in holders]
        found = {holder.slack_id for holder in mentioned(text, called, in_full=in_full)}
        return tuple(holder for holder in holders if holder.slack_id in found)

    def mentioned_newly(self, session: Session, text: str, holder: RoleHolder, answered: Collection[str]) -> bool:
        """Whether `text` names them by a word of their names that `answered` (as `words_of` gives it) does not hold."""
        called = _called(holder, self._former(session))
        name, *others = (self._without(each, answered) for each in (called.name, *called.other_names))
        # A mention of the account was answered for whatever they are called.
        fresh = replace(called, slack_id="", name=name, other_names=tuple(others))
        return any((name, *others)) and bool(mentioned(text, [fresh]))

    def words_of(self, session: Session, holder: RoleHolder) -> tuple[str, ...]:
        """The words of all they are and were called, hashed: kept with what somebody allowed knowing these names."""
        called = _called(holder, self._former(session))
        words = {word for name in (called.name, *called.other_names) for word in name.split()}
        return tuple(sorted(map(self._hash, words)))

    def _without(self, name: str, answered: Collection[str]) -> str:
        fresh = [word for word in name.split() if self._hash(word) not in answered]
        return " ".join(fresh)

    def _hash(self, word: str) -> str:
        return self._keyring.hash("word of a name", word.casefold()).hex()[:16]

    def _former(self, session: Session) -> Mapping[str, list[str]]:
        now = self._clock.now()
        return {
            slack_id: [name for name, until in names if datetime.fromisoformat(until) + FORMER_NAMES_COUNT > now]
            for slack_id, names in _kept(session).items()
        }


def keep(session: Session, called_before: Mapping[str, Sequence[str]], *, now: datetime) -> None:
    """What each of these was called until `now`; what was kept for long enough goes."""
    kept = _kept(session)
    for slack_id, names in called_before.items():
        kept[slack_id] = [*kept.get(slack_id, []), *([name, now.isoformat()] for name in names)]
    still = {
        slack_id: [row for row in names if datetime.fromisoformat(row[1]) + FORMER_NAMES_COUNT > now]
        for slack_id, names in kept.items()
    }
    others = {name: held for name, held in sealed_roster.read(session).items() if name in _OF_OTHERS}
    sealed_roster.write(session, {slack_id: names for slack_id, names in still.items() if names} | others)


def _kept(session: Session) -> dict[str, list[list[str]]]:
    return {slack_id: names for slack_id, names in sealed_roster.read(session).items() if slack_id not in _OF_OTHERS}


def _called(holder: RoleHolder, former: Mapping[str, Collection[str]]) -> RoleHolder:
    more = [name for name in former.get(holder.slack_id, ()) if name not in {holder.name, *holder.other_names}]
    return replace(holder, other_names=(*holder.other_names, *more)) if more else holder
