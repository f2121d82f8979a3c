"""What the nets have to know of guidelines."""

from sqlalchemy.orm import Session

from gpbot.guidelines import ids
from gpbot.guidelines.jobs import GuidelinesJob, Owed
from gpbot.outbox import campaigns
from gpbot.people.types import Kind, Member
from tests.house.owing import LATER, NOW, Asked, Owing
from tests.nets import A_LIST, STILL_EMPTY, THE_SAME, Nets
from tests.upgrading.story import NEWEST_VERSION, Story

MEMBER = Member(person_id=7, slack_id="U7", kind=Kind.MEMBER, deactivated=False, here_since=NOW, accepted_number=1)


def owed(owing: Owing) -> list[Asked]:
    owed = Owed(owing.outbox)
    return [
        Asked(name="guidelines tell", ask=lambda s: owed.tell(s, MEMBER, 4, nth=0, run_at=LATER)),
        Asked(name="guidelines tell again", ask=lambda s: owed.tell(s, MEMBER, 4, nth=1, run_at=LATER)),
        Asked(name="guidelines tell all", ask=lambda s: owed.tell_all(s, [MEMBER], 4, campaign_id=_campaign(s))),
        Asked(name="guidelines receipt", ask=lambda s: owed.receipt(s, MEMBER, 4, "D7", "1772442003.000100")),
        Asked(name="guidelines noted", ask=lambda s: owed.noted(s, MEMBER, 4)),
        Asked(name="guidelines notice", ask=lambda s: owed.notice(s, 4)),
        Asked(name="guidelines announce", ask=lambda s: owed.announce(s, _campaign(s))),
        Asked(name="guidelines feed", ask=lambda s: owed.feed(s, _campaign(s), 5, run_at=LATER)),
        Asked(name="guidelines card", ask=lambda s: campaigns.owe_card(s, _campaign(s), GuidelinesJob.KIND, NOW)),
    ]


def _campaign(session: Session) -> int:
    found = campaigns.latest(session, GuidelinesJob.KIND)
    return found.id if found else campaigns.start(session, kind=GuidelinesJob.KIND, about=4, total=1, now=NOW) or 0


def everybody_was_to_be_told(story: Story) -> None:
    """Of the new guidelines, which a champion took back at once."""
    c, use = story.c, story.c.bot.records.backfill
    use.cancel(c.amina.id, use.start(c.amina.id, number=NEWEST_VERSION))
    c.settle(3)


NETS = Nets(
    owed=owed,
    no_subject={
        ids.BACKFILL_FORM: STILL_EMPTY,
        **dict.fromkeys((ids.OUTSTANDING, ids.SEARCHED, ids.FIND), A_LIST),
        **dict.fromkeys(("/guidelines", ids.READ), THE_SAME),
    },
    in_world={ids.VERSION: lambda _world: "1:0", ids.BACKFILLING: lambda _world: "1"},
    story=everybody_was_to_be_told,
)
