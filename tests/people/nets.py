"""What the nets have to know of people."""

from gpbot.people import ids, members
from gpbot.people.member_list import MembersPage, member_list
from tests.house.owing import Asked, Owing, pages_of_a_list
from tests.nets import OF_THEMSELVES, Nets
from tests.promises.worlds import NEWCOMERS, World


def owed(owing: Owing) -> list[Asked]:
    return pages_of_a_list(
        owing,
        MembersPage,
        lambda nothing, pages: member_list(owing.database, owing.outbox, nothing, pages, team_id="T0"),
    )


def person_id(world: World) -> str:
    with world.c.bot.records.database.read() as session:
        [newcomer] = members.members(session, [world.person(NEWCOMERS[0]).id])
    return str(newcomer.person_id)


NETS = Nets(
    owed=owed,
    no_subject=dict.fromkeys((ids.ORGANISATION_FORM, ids.ORGANISATION), OF_THEMSELVES),
    in_world={ids.PERSON: person_id},
)
