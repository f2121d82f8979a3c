"""Who may press what: every route says it, and the door asks what it can."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self


class Who(StrEnum):
    GUEST = "guest"
    MEMBER = "member"
    CHAMPION = "champion"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a button or a form is about."""

    name: str
    is_secret: bool = False  # nobody but those who may press is told whether there is, or ever was, such a one


# See docs/decisions/0054-rights.md
@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    words: str
    who: frozenset[Who]
    is_personal: bool = False  # it takes more than to be such a person: the words say what
    about: Subject | None = None

    def of(self, about: Subject) -> Self:
        return replace(self, about=about)

    @property
    def at_the_door(self) -> bool:
        """Whether the door itself can ask it: it takes a role, and nothing else."""
        return not self.is_personal and self.who <= _ROLES


_ROLES = frozenset({Who.CHAMPION, Who.CONTACT})

ANYONE = Right(words="anyone", who=frozenset(Who))
MEMBERS = Right(words="members, not guests", who=frozenset(Who) - {Who.GUEST})
ROSTER = Right(words="champions and escalation contacts", who=_ROLES)
CHAMPIONS = Right(words="champions", who=frozenset({Who.CHAMPION}))


def personal(words: str, about: Subject | None = None, *, but: frozenset[Who] = frozenset()) -> Right:
    """Anyone of whom this is true, but those."""
    return Right(words=words, who=frozenset(Who) - but, is_personal=True, about=about)


def for_role(words: str, about: Subject | None = None) -> Right:
    """Those who hold a role and of whom this is true."""
    return Right(words=words, who=_ROLES, is_personal=True, about=about)
