"""Everyday words that name somebody: they come back with *They know and agree*, which is ticked, or given up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpbot.people.agreement import AGREED
from gpbot.proposals import ids as proposal_ids
from gpbot.questions import ids as question_ids
from gpbot.questions import views as question_views
from gpbot.reports import ids, views
from tests.promises.arriving import NOTHING
from tests.promises.worlds import World, answered, choice_state, submit, text_state, ticks_state

TEXTS = (question_ids.ANSWER, ids.CLOSING, proposal_ids.DECLINE, proposal_ids.ASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteNaming:
    """One of `TEXTS`, by anybody, with the whole name of `named` in it."""

    who: str
    form: str
    named: str
    agrees: bool

    def play(self, world: World) -> None:
        may = world.may_ask_on if self.form == question_ids.ANSWER else world.can_act
        if not may(self.who):
            return
        who = world.person(self.who)
        text = f"{self._words(world)} {world.person(self.named).user.real_name} knows more."
        block = f"{views.TEXT}.x" if self.form == question_ids.ANSWER else views.TEXT
        state: dict[str, Any] = {
            block: {question_views.TEXT: text_state(text)},
            views.OUTCOME: {views.OUTCOME: choice_state("resolved")},
        }
        submit(who, self.form, self._subject(world), state)
        came_back = answered(who)
        if (box := box_on(came_back)) and self.agrees:
            submit(who, self.form, came_back["private_metadata"], state | {box: {AGREED: ticks_state(["yes"])}})

    def _subject(self, world: World) -> str:
        match self.form:
            case question_ids.ANSWER:
                return str(world.question_id or world.target())
            case ids.CLOSING:
                return world.target()
            case _:
                return str(world.proposal_id or NOTHING)

    def _words(self, world: World) -> str:
        """What is never sent nobody may see but who wrote it; why a proposal is declined is for everybody."""
        if not self.agrees:
            return world.words.write("unsent", by=self.who, readers=False)
        if self.form == question_ids.ANSWER:
            return world.words.ask("answer", by=self.who, sees=[world.asker] if world.asker else [])
        if self.form == ids.CLOSING:
            return world.words.write("closing", by=self.who, sees=[world.oracle.reporter or ""])
        return "Please look at what there is."


def box_on(view: Mapping[str, Any]) -> str:
    """The block of *They know and agree*; "" where it was not asked."""
    found = (str(block.get("block_id", "")) for block in view.get("blocks", ()))
    return next((block_id for block_id in found if block_id.startswith(f"{AGREED}.")), "")
