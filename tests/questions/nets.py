"""What the nets have to know of questions."""

from uuid import UUID, uuid4

from gpbot.questions import ids, views
from gpbot.questions.jobs import Owed
from gpbot.questions.types import Asking, Concern
from tests.house.owing import LATER, ONE, Asked, Owing
from tests.nets import A_LIST, NOT_KEPT_YET, STILL_EMPTY, Nets
from tests.promises.arriving import NOTHING
from tests.promises.pressing import CHAMPIONS, Town
from tests.promises.worlds import text_state


def owed(owing: Owing) -> list[Asked]:
    owed = Owed(owing.outbox, owing.keyring, triage_channel="C0TRIAGE")
    return [
        Asked(name="question card", ask=lambda s: owed.card(s, ONE, 2)),
        Asked(name="question fill", ask=lambda s: owed.fill(s, ONE, "1772442003.000100")),
        Asked(name="question news", ask=lambda s: owed.news(s, ONE, 5, "U7")),
        Asked(name="question tell", ask=lambda s: owed.tell(s, ONE, -2, "U8")),
        Asked(name="question public", ask=lambda s: owed.public(s, ONE, 5)),
        Asked(name="question quiet", ask=lambda s: owed.quiet(s, ONE, 4, LATER)),
        Asked(name="question forget", ask=lambda s: owed.forget(s, ONE, LATER)),
        Asked(name="question roster_changed", ask=lambda s: owed.roster_changed(s, frozenset({"U7"}))),
    ]


def begin(town: Town) -> None:
    """Of mona's: one that is open, and those that ended in each way there is."""
    here = town.here
    use, mona, ben = here.c.bot.records.questions, here.person("mona").id, here.person("ben").id
    town.theirs[ids.QUESTION] = str(question(town))
    ended = {kind: question(town) for kind in ("closed", "withdrawn", "a report", "a draft")}
    use.close(mona, ended["closed"])
    use.withdraw(mona, ended["withdrawn"])
    use.make_report(ben, ended["a report"], Concern(about_ids=(here.person("amina").id,), keep_out_ids=()))
    use.make_draft(mona, ended["a draft"])
    town.ended[ids.QUESTION] = {kind: str(each) for kind, each in ended.items()}


def question(town: Town) -> UUID:
    use, mona = town.here.c.bot.records.questions, town.here.person("mona").id
    return use.ask(mona, str(uuid4()), Asking(what="Where is it?")).id


NETS = Nets(
    owed=owed,
    no_subject={
        **dict.fromkeys(("/ask", "question.new", "guidelines.question"), STILL_EMPTY),
        **dict.fromkeys((ids.FORM, ids.REPORT_INSTEAD), NOT_KEPT_YET),
        **dict.fromkeys((ids.LIST, ids.OWN_LIST), A_LIST),
    },
    in_world={ids.QUESTION: lambda world: str(world.question_id or NOTHING)},
    begin=begin,
    another={ids.QUESTION: lambda town, _who: question(town)},
    of_whom={ids.ASKER: {"mona"}, ids.ANSWERER: CHAMPIONS, ids.ASKER_OR_ANSWERER: {*CHAMPIONS, "mona"}},
    know_of={ids.QUESTION: {"mona", *CHAMPIONS}},
    in_a_form={ids.ABOUT: ids.CONVERT, ids.TEMPLATE: ids.ANSWER, ids.REPORT_INSTEAD: ids.FORM},
    filled=lambda town: {f"{views.TEXT}.x": {views.TEXT: text_state(f"Let me in, {town.turns}.")}},
)
