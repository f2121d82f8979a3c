"""Who works with whom: what role holders said is compared as people read it, and what nobody said is not guessed."""

import pytest

from gpbot.people.organisations import Standing, all_work_with, as_written, colleagues, standing, works_elsewhere
from gpbot.people.types import RoleHolder, RoleName, Roster


def holder(name: str, organisation: str = "", *, contact: bool = False, reachable: bool = True) -> RoleHolder:
    return RoleHolder(
        slack_id=f"U0{name.upper()}",
        role=RoleName.CONTACT if contact else RoleName.CHAMPION,
        name=name,
        other_names=(),
        title="City Welcome",
        reachable=reachable,
        organisation=organisation,
    )


def roster(*holders: RoleHolder) -> Roster:
    return Roster(
        champions=tuple(each for each in holders if each.role is RoleName.CHAMPION),
        contacts=tuple(each for each in holders if each.role is RoleName.CONTACT),
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("City Welcome", "city  welcome ", True),
        ("Città Aperta", "citta aperta", True),
        ("\uff23ity Welcome", "CityWelcome", True),
        ("ΚΑΛΩΣ ΗΡΘΑΤΕ", "καλώς ήρθατε", True),
        ("City Welcome", "City Welcome Leeds", False),
        ("City Welcome", "", False),
        ("", "", False),
    ],
)
def test_organisations_are_compared_as_people_read_them(one: str, other: str, same: bool) -> None:  # noqa: FBT001
    assert colleagues(holder("Ann", one), holder("Bo", other)) is same
    assert colleagues(holder("Bo", other), holder("Ann", one)) is same


def test_all_of_them_have_to_work_with_somebody_it_is_about() -> None:
    ann, bo, cy = holder("Ann", "A"), holder("Bo", "B"), holder("Cy", "a")
    di = holder("Di")
    assert all_work_with([cy], [ann]) == (ann,)
    assert all_work_with([cy, bo], [ann]) == ()
    assert all_work_with([cy, bo], [ann, holder("Ed", "b"), di]) == (ann, holder("Ed", "b"))
    assert all_work_with([cy, di], [ann]) == ()
    assert all_work_with([], [ann]) == ()
    assert all_work_with([cy], []) == ()


def test_somebody_who_did_not_say_is_not_known_to_work_elsewhere() -> None:
    ann = holder("Ann", "A")
    assert works_elsewhere(holder("Bo", "B"), [ann])
    assert not works_elsewhere(holder("Cy", "a"), [ann])
    assert not works_elsewhere(holder("Di"), [ann])


@pytest.mark.parametrize(
    ("champions", "contacts", "wanted"),
    [
        ("A A", "A A", Standing.ONE),
        ("A B", "A B", Standing.SHARED),
        ("A A", "A B", Standing.APART),
        ("A B", "C", Standing.APART),
        ("A -", "A", Standing.UNKNOWN),
        ("A A", "-", Standing.UNKNOWN),
        ("A -", "B", Standing.UNKNOWN),
        ("A A", "- B", Standing.APART),
        ("A A", "", Standing.ONE),
        ("A B", "", Standing.APART),
        ("", "", Standing.APART),
    ],
)
def test_what_all_of_them_come_to(champions: str, contacts: str, wanted: Standing) -> None:
    named = [holder(f"Ch{number}", each.strip("-")) for number, each in enumerate(champions.split())]
    named += [holder(f"Co{number}", each.strip("-"), contact=True) for number, each in enumerate(contacts.split())]
    assert standing(roster(*named)) is wanted


def test_a_closed_account_does_not_count() -> None:
    here = [holder("Ann", "A"), holder("Bo", "A", contact=True)]
    away = holder("Cy", "C", contact=True, reachable=False)
    assert standing(roster(*here, away)) is Standing.ONE


def test_what_is_kept_is_short_and_without_odd_blanks() -> None:
    assert as_written("  City\n\tWelcome  ") == "City Welcome"
    assert len(as_written("x" * 500)) == 80
