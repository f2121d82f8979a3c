"""The roster on App Home: where those who hold a role work, and what they must know of who is on it."""

from gpbot.community import Community
from gpbot.people import roles
from gpbot.people.organisations import standing
from gpbot.people.types import RoleName
from gpbot.people.views import organisation_blocks
from gpbot.people.workflow import People
from gpbot.slack.blocks import Block, escape, header, section

NO_CHAMPION = "There is no champion who can act at the moment: reports and questions come to the escalation contacts."


class RosterSection:
    """Nothing for everybody else."""

    def __init__(self, community: Community, people: People) -> None:
        self._community = community
        self._people = people

    def __call__(self, user_id: str) -> list[Block]:
        roster = self._people.roster()
        holder = roster.holder_of(user_id)
        if holder is None:
            return []
        said = [escape(words) for each in roster.everyone if (words := roles.sentence(each))]
        if RoleName.CHAMPION not in {each.role for each in roster.everyone if each.reachable}:
            said.insert(0, NO_CHAMPION)
        roster_blocks = [header("The roster"), *map(section, said)] if said else []
        return [*roster_blocks, *organisation_blocks(self._community, holder, standing(roster))]
