"""What the nets have to know of the Desk, which sends the jobs of screens too."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from gpbot.desk.desk import Desk
from gpbot.desk.models import DeskMessage
from gpbot.home.screens import Screens
from tests.house.owing import NOW, ONE, Asked, Owing
from tests.nets import Nets


def owed(owing: Owing) -> list[Asked]:
    return [*_of_the_desk(Desk(owing.database, owing.outbox, "C0TRIAGE")), *_of_screens(owing.screens)]


def _of_the_desk(desk: Desk) -> list[Asked]:
    def take_down(session: Session) -> None:
        session.execute(delete(DeskMessage))
        session.add(DeskMessage(channel_id="C0TRIAGE", message_ts="1772442003.000100"))
        session.flush()
        desk.take_down(session)

    return [
        Asked(name="desk up", by_itself=desk.put_up),
        Asked(name="desk away", ask=take_down),
    ]


def _of_screens(screens: Screens) -> list[Asked]:
    return [
        Asked(name="report unsend", ask=lambda s: screens.unsend(s, "D7", "1772442003.000100")),
        Asked(name="report unsend again", ask=lambda s: screens.unsend(s, "D7", "1772442003.000200", again=True)),
        Asked(name="report blank", ask=lambda s: screens.blank(s, "D7", "1772442003.000100")),
        Asked(name="report home", ask=lambda s: screens.redraw_home(s, "U7")),
        Asked(name="report window", ask=lambda s: screens.draw_again(s, "V0VIEW", "U7", ONE)),
        Asked(name="report window list", ask=lambda s: screens.draw_again(s, "V0VIEW", "U7", None)),
        Asked(name="report window again", ask=lambda s: screens.empty_again(s, "V0VIEW", "U7", ONE, NOW)),
    ]


NETS = Nets(owed=owed)
