"""People who held a role under an earlier release were never asked where they work."""

from pathlib import Path

from tests.databases import Kind
from tests.upgrading.playing import kept_stage


def test_of_people_who_held_a_role_it_is_not_known_until_the_setting_or_they_say(kind: Kind, tmp_path: Path) -> None:
    with kept_stage(kind, tmp_path) as community:
        people = community.bot.records.people
        assert {each.organisation for each in people.roster().everyone} == {""}
        champions = [each.slack_id for each in people.roster().champions]
        contacts = [each.slack_id for each in people.roster().contacts]
        first, second = champions[:2]
        people.seed(champions, contacts, {first: "City Welcome"})
        people.set_organisation(second, "Open Door")
        people.seed(champions, contacts, {first: "Another", second: "Another"})
        said = {each.slack_id: each.organisation for each in people.roster().everyone if each.organisation}
        assert said == {first: "City Welcome", second: "Open Door"}
