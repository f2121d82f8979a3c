"""On App Home of people who can mend it: what the settings name and is not as it has to be."""

from gpbot.places.workflow import Places
from gpbot.slack.blocks import Block, header, section

NOT_CHAMPIONS = (
    "In the champions' channel, but no champion: {who}. They can read every question there. If they should not, take "
    "them out of the channel."
)
MOST_NAMED = 20


class PlacesSection:
    def __init__(self, places: Places) -> None:
        self._places = places

    def __call__(self, user_id: str) -> list[Block]:
        if not self._places.is_to_know(user_id):
            return []
        said = [each.plainly for each in self._places.wrong()]
        if others := self._places.not_champions():
            who = ", ".join(f"<@{each}>" for each in others[:MOST_NAMED])
            said.append(NOT_CHAMPIONS.format(who=who if len(others) <= MOST_NAMED else f"{who} and others"))
        return [header("To put right"), *map(section, said)] if said else []
