"""The roster on App Home: what champions and contacts must know of who is on it."""

from gpbot.people import roles
from gpbot.people.types import RoleName
from gpbot.people.workflow import People
from gpbot.slack.blocks import Block, escape, header, section

NO_CHAMPION = "There is no champion who can act at the moment: reports and questions come to the escalation contacts."


class RosterSection:
    """Nothing for everybody else, and nothing while all who hold a role can act in it."""

    def __init__(self, people: People) -> None:
        self._people = people

    def __call__(self, user_id: str) -> list[Block]:
        roster = self._people.roster()
        if roster.role_of(user_id) is None:
            return []
        said = [escape(words) for holder in roster.everyone if (words := roles.sentence(holder))]
        if RoleName.CHAMPION not in {holder.role for holder in roster.everyone if holder.reachable}:
            said.insert(0, NO_CHAMPION)
        return [header("The roster"), *map(section, said)] if said else []
