"""Who works where, as role holders say themselves; what nobody said is not guessed."""

import unicodedata
from collections.abc import Collection, Iterable
from enum import StrEnum

from gpbot.people.types import RoleHolder, Roster
from gpbot.text import is_blank, start_of

LONGEST = 80  # characters


# See docs/decisions/0031-organisations.md
class Standing(StrEnum):
    """What the organisations of those who could read a report come to."""

    ONE = "one"  # all of them work for the same one
    SHARED = "shared"  # every contact shares one with a champion
    UNKNOWN = "unknown"  # somebody has not said
    APART = "apart"  # some contact shares none with the champions


WORDS = {
    Standing.APART: "ok",
    Standing.UNKNOWN: "not everybody on the roster has said where they work",
    Standing.ONE: "everybody who could read a report works for the same one",
    Standing.SHARED: "everybody who could read a report works for one that a champion works for",
}


def as_written(text: str) -> str:
    """What is kept of what somebody typed."""
    return "" if is_blank(text) else start_of(" ".join(text.split()), LONGEST).strip()


def colleagues(one: RoleHolder, other: RoleHolder) -> bool:
    """Whether both said the same organisation."""
    return bool(one.organisation) and _folded(one.organisation) == _folded(other.organisation)


def all_work_with(readers: Collection[RoleHolder], others: Iterable[RoleHolder]) -> tuple[RoleHolder, ...]:
    """Those of `others` with whom readers share an organisation, when every one of `readers` does; else nobody."""
    shared = tuple(other for other in others if any(colleagues(other, reader) for reader in readers))
    everyone = bool(readers) and all(any(colleagues(reader, other) for other in shared) for reader in readers)
    return shared if everyone else ()


def works_elsewhere(holder: RoleHolder, others: Iterable[RoleHolder]) -> bool:
    """Whether they said an organisation that none of `others` shares."""
    return bool(holder.organisation) and not any(colleagues(holder, other) for other in others)


def standing(roster: Roster) -> Standing:
    """Of those whose account is open."""
    champions = [each for each in roster.champions if each.reachable]
    contacts = [each for each in roster.contacts if each.reachable]
    if any(works_elsewhere(each, champions) for each in contacts) and all(each.organisation for each in champions):
        return Standing.APART
    if any(not each.organisation for each in (*champions, *contacts)):
        return Standing.UNKNOWN
    people = (*champions, *contacts)
    if people and all(colleagues(each, people[0]) for each in people):
        return Standing.ONE
    return Standing.SHARED if champions and contacts else Standing.APART


def _folded(text: str) -> str:
    """Case, blanks, accents and width aside."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if unicodedata.category(char) not in {"Mn", "Cf", "Zs", "Cc"})
