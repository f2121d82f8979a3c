"""The rule of promise C1, for every combination of roles, exclusions and ways of having become a reader."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gpbot.people.types import RoleHolder, RoleName, Roster
from gpbot.reports.access import Access, may_read, next_contact, readers
from gpbot.reports.types import How

IDS = [f"U{letter}" for letter in "ABCDEFGH"]


class Plain:
    """Hashes anybody can read, one domain apart from the other."""

    def reader(self, slack_id: str) -> bytes:
        return f"reader {slack_id}".encode()

    def excluded(self, slack_id: str) -> bytes:
        return f"excluded {slack_id}".encode()


HASHES = Plain()


def holder(slack_id: str, role: RoleName, *, reachable: bool = True) -> RoleHolder:
    return RoleHolder(slack_id=slack_id, role=role, name=slack_id, other_names=(), title="", reachable=reachable)


def access(shown: Mapping[str, How], excluded: set[str]) -> Access:
    return Access(
        readers={HASHES.reader(slack_id): how for slack_id, how in shown.items()},
        excluded=frozenset(map(HASHES.excluded, excluded)),
    )


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    people = draw(st.permutations(IDS))
    cut = draw(st.integers(0, len(people)))
    reachable = draw(st.lists(st.booleans(), min_size=len(people), max_size=len(people)))
    active = dict(zip(people, reachable, strict=True))
    return Roster(
        champions=tuple(holder(each, RoleName.CHAMPION, reachable=active[each]) for each in people[:cut]),
        contacts=tuple(holder(each, RoleName.CONTACT, reachable=active[each]) for each in people[cut:]),
    )


shown_to = st.dictionaries(st.sampled_from(IDS), st.sampled_from(How))
kept_out = st.sets(st.sampled_from(IDS))


@given(rosters(), shown_to, kept_out)
def test_nobody_excluded_ever_reads(roster: Roster, shown: dict[str, How], excluded: set[str]) -> None:
    assert not {each.slack_id for each in readers(roster, access(shown, excluded), HASHES)} & excluded


@given(rosters(), shown_to, kept_out)
def test_somebody_who_reads_was_shown_it_holds_that_role_and_can_act(
    roster: Roster, shown: dict[str, How], excluded: set[str]
) -> None:
    for each in readers(roster, access(shown, excluded), HASHES):
        role = RoleName.CONTACT if shown[each.slack_id] is How.CONTACT else RoleName.CHAMPION
        assert each.role is role
        assert each.reachable
        assert each in roster.everyone


@given(rosters(), shown_to, kept_out)
def test_nobody_who_may_read_is_left_out(roster: Roster, shown: dict[str, How], excluded: set[str]) -> None:
    rule = access(shown, excluded)
    expected = {
        each.slack_id
        for each in roster.everyone
        if each.reachable
        and each.slack_id not in excluded
        and (each.role is RoleName.CONTACT) == (shown.get(each.slack_id) is How.CONTACT)
        and each.slack_id in shown
    }
    assert {each.slack_id for each in readers(roster, rule, HASHES)} == expected


@given(rosters(), shown_to, kept_out, kept_out)
def test_excluding_more_people_never_lets_anybody_in(
    roster: Roster, shown: dict[str, How], excluded: set[str], more: set[str]
) -> None:
    before = set(readers(roster, access(shown, excluded), HASHES))
    assert set(readers(roster, access(shown, excluded | more), HASHES)) <= before


@given(rosters(), shown_to, kept_out)
def test_the_next_contact_is_the_first_who_can_be_asked_and_was_not(
    roster: Roster, shown: dict[str, How], excluded: set[str]
) -> None:
    found = next_contact(roster, access(shown, excluded), HASHES)
    possible = [
        each
        for each in roster.contacts
        if each.reachable and each.slack_id not in excluded and each.slack_id not in shown
    ]
    assert found == (possible[0] if possible else None)


@given(rosters(), shown_to, kept_out)
def test_asking_one_contact_after_the_other_comes_to_an_end(
    roster: Roster, shown: dict[str, How], excluded: set[str]
) -> None:
    asked = dict(shown)
    for _ in range(len(IDS) + 1):
        contact = next_contact(roster, access(asked, excluded), HASHES)
        if contact is None:
            return
        asked[contact.slack_id] = How.CONTACT
        assert may_read(contact, access(asked, excluded), HASHES)
    raise AssertionError("somebody was asked twice")


def test_holding_a_role_alone_is_no_right_to_read() -> None:
    assert not may_read(holder("UA", RoleName.CHAMPION), access({}, set()), HASHES)


def test_a_champion_who_became_a_contact_does_not_take_reports_along() -> None:
    champion = holder("UA", RoleName.CHAMPION)
    rule = access({"UA": How.SHOWN}, set())
    assert may_read(champion, rule, HASHES)
    assert not may_read(replace(champion, role=RoleName.CONTACT), rule, HASHES)


def test_the_rule_prints_nothing_of_what_it_holds() -> None:
    assert "UA" not in repr(access({"UA": How.SHOWN}, {"UB"}))
