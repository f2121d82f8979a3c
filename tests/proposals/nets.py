"""What the nets have to know of proposals, and of concerns about them."""

from uuid import UUID, uuid4

from gpbot.proposals import ids
from gpbot.proposals.jobs import Owed
from gpbot.proposals.types import Proposed, State
from gpbot.reports.types import Filled
from tests.house.owing import LATER, ONE, OTHER, Asked, Owing
from tests.nets import A_LIST, NOT_KEPT_YET, STILL_EMPTY, Nets
from tests.promises.arriving import NOTHING
from tests.promises.pressing import CHAMPIONS, Town


def owed(owing: Owing) -> list[Asked]:
    owed = Owed(owing.outbox, owing.keyring, proposals_channel="C0PROPOSALS", triage_channel="C0TRIAGE")
    return [
        Asked(name="proposal post", ask=lambda s: owed.post(s, ONE, 2)),
        Asked(name="proposal card", ask=lambda s: owed.card(s, ONE, 2)),
        Asked(name="proposal draw", ask=lambda s: owed.draw(s, [5])),
        Asked(name="proposal unsend", ask=lambda s: owed.unsend(s, "C0TRIAGE", "1772442003.000100")),
        Asked(name="proposal state", ask=lambda s: owed.state(s, ONE, State.APPROVED, 7, "U7")),
        Asked(name="proposal question", ask=lambda s: owed.question(s, ONE, 16, 7, "U7")),
        Asked(name="proposal steward", ask=lambda s: owed.steward(s, ONE, 7, "U7")),
        Asked(name="proposal deadline", ask=lambda s: owed.deadline(s, ONE, LATER)),
        Asked(name="proposal lapse", ask=lambda s: owed.lapse(s, ONE, LATER)),
        Asked(name="proposal concern", ask=lambda s: owed.concern(s, OTHER, "U7")),
        Asked(name="proposal forget", ask=lambda s: owed.forget(s, ONE, LATER)),
        Asked(name="proposal roster_changed", ask=lambda s: owed.roster_changed(s, frozenset({"U7"}))),
        Asked(name="proposal renamed", ask=lambda s: owed.renamed(s, frozenset({"U7"}))),
    ]


def begin(town: Town) -> None:
    here = town.here
    records, ben = here.c.bot.records, here.person("ben").id
    withdrawn, here.proposal_id = proposal(town), proposal(town)
    town.theirs[ids.PROPOSAL] = str(here.proposal_id)
    town.ended[ids.PROPOSAL] = {"withdrawn": str(withdrawn)}
    dealt_with, became = concern(town), concern(town)
    records.concerns.end(ben, dealt_with)
    records.concerns.make_report(ben, became, Filled(what=""))
    town.theirs[ids.WORRY] = str(concern(town))
    town.ended[ids.WORRY] = {"dealt with": str(dealt_with), "a report": str(became)}


def proposal(town: Town) -> UUID:
    """The one before it makes way: nobody may have more than a few."""
    use, tom = town.here.c.bot.records.proposals, town.here.person("tom").id
    for each in use.own_list(tom).lines:
        if str(each.id) != town.theirs.get(ids.PROPOSAL) and each.state is State.OPEN:
            use.withdraw(tom, each.id)
    name = f"law-{len(use.own_list(tom).lines)}-{uuid4().hex[:6]}"
    zoe = town.here.person("zoe").id
    return use.propose(tom, name, Proposed(purpose="Law.", name=name, steward_ids=(zoe,))).id


def concern(town: Town) -> UUID:
    records, mona, form_id = town.here.c.bot.records, town.here.person("mona").id, str(uuid4())
    records.concerns.raise_one(mona, UUID(town.theirs[ids.PROPOSAL]), form_id, "Amina Okafor quarrels there.")
    return records.proposals.store.id_for("concern of proposal", mona, form_id)


NETS = Nets(
    owed=owed,
    no_subject={
        **dict.fromkeys(("/propose-channel", "proposal.new", ids.PROPOSE), STILL_EMPTY),
        **dict.fromkeys((ids.FORM, ids.REPORT_INSTEAD), NOT_KEPT_YET),
        **dict.fromkeys((ids.LIST, "/channels proposals"), A_LIST),
    },
    in_world={
        ids.PROPOSAL: lambda world: str(world.proposal_id or NOTHING),
        ids.WORRY: lambda world: str(world.concern_id or NOTHING),
    },
    begin=begin,
    another={ids.PROPOSAL: lambda town, _who: proposal(town), ids.WORRY: lambda town, _who: concern(town)},
    of_whom={
        ids.AGREED: {"tom", "zoe", "mona"},
        ids.SUPPORTER: {"zoe", "mona"},
        ids.DECIDER: CHAMPIONS,
        ids.CHAMPION: CHAMPIONS,
        ids.INVOLVED: {"tom", "zoe"},
        ids.PROPOSER: {"tom"},
        ids.STEWARD: {"zoe"},
        ids.CONCERN_READER: {"ben", "chloe"},
    },
    know_of={ids.WORRY: {"mona", "ben", "chloe"}},
    in_a_form={ids.ABOUT: ids.CONVERT, ids.REPORT_INSTEAD: ids.CONCERN},
)
