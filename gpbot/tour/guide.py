"""The tour's story as steps that somebody takes in the pages, as one person after another."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from gpbot.practice import CannotDo, Person
from gpbot.practice.pages import Chapter, Step
from gpbot.reports.ticks import LABEL, NONE_OF_THEM
from gpbot.tour.neighbourhood import Neighbourhood
from gpbot.tour.scenes import (
    ANSWER,
    CONCERN,
    MESSAGE,
    NAMING,
    NOTE,
    OUTCOME,
    OUTSIDE,
    QUESTION,
    REPLY,
    REPORT,
    WHY,
    WORRY,
)

SPAM: Final = "My course Fundraising in Five Steps is half price this week. Write to me, everybody!"
TITLE_OF_THE_FORM: Final = "Report a concern"


def chapters(place: Neighbourhood) -> Sequence[Chapter]:
    """The story, in the order it has to be played."""
    story = _Story(place)
    mona, amina, ben, chloe, edith, nadia, tom = (
        place[name].id for name in ("mona", "amina", "ben", "chloe", "edith", "nadia", "tom")
    )
    general, triage = f"channel/{place.general.name}", f"channel/{place.triage.name}"
    proposals = f"channel/{place.proposals.name}"
    return (
        Chapter(
            title="A member reports a champion",
            words="Mona reports Amina, who is one of the three champions. Amina must not learn of it.",
            steps=[
                Step(who=mona, where=general, words=f"types `/report`, writes what happened (“{REPORT}”), names Amina "
                     "under _Who is it about?_ and presses *Next*.", do=story.write_the_report,
                     seen="Amina was ticked by herself among those who should not read it."),
                Step(who=mona, where=general, words="reads who will read it, and presses *Send*.",
                     do=story.send_the_report, seen="It is saved. Ben and Chloe can read it, and do not see her name."),
                Step(who=amina, where="messages", words="looks at her messages. There is nothing.",
                     do=lambda: None, seen="Nothing, and no hint in any channel, list or count."),
                Step(who=ben, where="messages", words="looks at his. *There is something for you*, and not a word "
                     "more: Slack may send it on by e-mail.", do=lambda: None),
            ],
        ),
        Chapter(
            title="Two champions open it",
            words="Ben and Chloe both open the report. One of them takes it on.",
            steps=[
                Step(who=ben, where="messages", words="presses *Open*, reads it, and presses *Claim*.",
                     do=story.ben_claims, seen="He is handling it. The message that led to it is gone, for all alike."),
                Step(who=mona, where="home", words="finds on her App Home that someone has it.", do=story.close_mona),
                Step(who=amina, where=triage, words="presses *What is waiting for me* on the Desk.",
                     do=story.amina_looks, seen="Her list is empty. Ben's is not."),
            ],
        ),
        Chapter(
            title="A note, a message, an answer",
            words="Notes stay among those who handle it. Messages go to Mona, from “the Champions”.",
            steps=[
                Step(who=ben, where="messages", words=f"turns to *Notes* and writes one: “{NOTE}”",
                     do=story.ben_notes),
                Step(who=ben, where="messages", words=f"turns to *Conversation*, presses *Write to the reporter*: "
                     f"“{MESSAGE}”", do=story.ben_writes),
                Step(who=mona, where="messages", words=f"presses *Open* and answers with *Add something*: “{ANSWER}”",
                     do=story.mona_answers, seen="She reads the message and never the note."),
                Step(who=ben, where="messages", words="is told, opens it, and reads the answer under *Conversation*.",
                     do=story.ben_reads),
            ],
        ),
        Chapter(
            title="Only for someone outside",
            words="Nadia does not want any champion to read hers.",
            steps=[
                Step(who=nadia, where="messages", words=f"types `/report`, writes “{OUTSIDE}”, ticks *Send only to "
                     "someone outside the champions*, presses *Next*, ticks *None of them*, presses *Send*.",
                     do=story.nadia_reports),
                Step(who=edith, where="messages", words="who is outside the champions, is told and opens it.",
                     do=story.edith_opens),
                Step(who=ben, where="home", words="sees nothing of it on his Home.", do=story.close_all),
            ],
        ),
        Chapter(
            title="Words that name a champion",
            words="Tom writes about somebody who is not on Slack, and mentions Ben. The form does not name Ben.",
            steps=[
                Step(who=tom, where="messages", words=f"types `/report`, writes “{NAMING}” and presses *Next*.",
                     do=story.tom_writes, seen="Ben is ticked among those who must not read it."),
                Step(who=tom, where="messages", words="leaves that tick, and presses *Send*.", do=story.tom_sends),
                Step(who=chloe, where="messages", words="knows somebody in it. She presses *I should not handle "
                     "this*, without opening it.", do=story.chloe_steps_back, seen="Nobody asks her why."),
                Step(who=ben, where="messages", words="has no message about it.", do=story.close_all),
            ],
        ),
        Chapter(
            title="Reporting a message",
            words="Tom advertises in the channel everybody reads. Nadia reports that message from its own menu.",
            steps=[
                Step(who=tom, where=general, words=f"writes in #general: “{SPAM}”", do=story.tom_advertises),
                Step(who=nadia, where=general, words="opens the menu beside Tom's message (⋯), and chooses *Report to "
                     "the Champions*.", do=story.nadia_reports_a_message,
                     seen="The message is copied into the form: it may be gone tomorrow."),
            ],
        ),
        Chapter(
            title="Time passes, and an end",
            words="Nobody answers for a day: those who can read something unclaimed are reminded. Then Ben closes the "
            "first report.",
            steps=[
                Step(who=amina, where="messages", words="What Tom wrote is still unclaimed. Move time a week forward, "
                     "with the clock at the top of the page.", do=story.a_week_later,
                     seen="Amina is reminded of Tom's report, without a word of it. Of Mona's she hears nothing."),
                Step(who=ben, where=triage, words="presses *What is waiting for me*, opens the report he handles and "
                     f"closes it with *Close report*: “{OUTCOME}”", do=story.ben_closes),
                Step(who=mona, where="messages", words="presses *Open* and reads what came of it.",
                     do=story.mona_reads_the_outcome),
            ],
        ),
        Chapter(
            title="A question and its answer",
            words="Nadia only wants to know something. All champions read questions, in their own channel.",
            steps=[
                Step(who=nadia, where="messages", words=f"types `/ask`, writes “{QUESTION}” and presses *Ask*.",
                     do=story.nadia_asks),
                Step(who=chloe, where=triage, words=f"finds the card, presses *Claim*, then *Answer*: “{REPLY}”",
                     do=story.chloe_answers, seen="The card does not say who asked."),
                Step(who=nadia, where="messages", words="presses *Open*, reads the answer, and presses *Close "
                     "question*.",
                     do=story.nadia_closes, seen="The card is gone from the champions' channel."),
            ],
        ),
        Chapter(
            title="A question that is a concern",
            words="Tom asks something. Amina sees that it is a concern, and that it is about Ben.",
            steps=[
                Step(who=tom, where="messages", words=f"types `/ask`, writes “{CONCERN}” and presses *Ask*.",
                     do=story.tom_asks),
                Step(who=amina, where=triage, words="presses *This is a concern* on the card, names Ben under _Who is "
                     "it about?_, and passes it on.", do=story.amina_passes_it_on,
                     seen="She is told that the champions could read it while it was a question."),
                Step(who=ben, where=triage, words="sees the card go, as any card goes when its question ends.",
                     do=story.close_all),
                Step(who=tom, where="messages", words="presses *Open*: it is his report now.", do=story.tom_opens),
            ],
        ),
        Chapter(
            title="Somebody joins, and agrees to the guidelines",
            words="Whoever joins is asked, by a message of their own, to read the guidelines and agree to them.",
            steps=[
                Step(who=chloe, where=general, words="looks at #general, when Zoe Brandt of Safe Harbour joins. Press "
                     "*Do it for me*: joining cannot be done on these pages. Then become Zoe, at the top left.",
                     do=story.zoe_joins, seen="After a short wait gpbot writes to Zoe, and not in any channel."),
                Step(who=chloe, where="home", words="finds on her App Home how many have not agreed, presses *Who has "
                     "not agreed*, searches for “zoe”, and closes the list.", do=story.chloe_searches,
                     seen="Zoe, and when she was told."),
                Step(who=story.zoe, where="messages", words="presses *Read in full* in the message, reads, and "
                     "presses *I agree*.", do=story.zoe_agrees,
                     seen="Her message became a receipt: which version, when, where. She is off Chloe's list."),
            ],
        ),
        Chapter(
            title="First steps, and a welcome",
            words="Zoe has agreed, so gpbot shows her first steps. She can take them, put them off, or skip them.",
            steps=[
                Step(who=story.zoe, where="messages", words="presses *Pick topics*, picks _Housing_, presses *Next*, "
                     "looks through the channels and presses *Add me*.", do=story.zoe_picks,
                     seen="She reads, for each channel, that she is in it."),
                Step(who=story.zoe, where="messages", words="types `/channels english`, presses *Join*, and closes the "
                     "list.", do=story.zoe_finds, seen="One press, and she is in #teaching-english."),
                Step(who=story.zoe, where="messages", words="says hello in #general, comes back, and presses *I said "
                     "hello*.", do=story.zoe_says_hello, seen="gpbot takes her word for it: it does not read there."),
                Step(who=story.zoe, where="messages", words=f"presses *Write it*: “{WHY}”", do=story.zoe_tells_why,
                     seen="Only the champions are shown it, as the form says."),
                Step(who=ben, where=triage, words="finds the card, and presses *I will welcome them*.",
                     do=story.ben_welcomes, seen="The card says it, so that nobody else does it too."),
                Step(who=story.zoe, where="messages", words="reads who would like to welcome her. Nothing is left to "
                     "do, so *Later* and *Skip all this* are gone.", do=story.close_all),
            ],
        ),
        Chapter(
            title="A channel is proposed, and opens",
            words="Zoe misses a channel. Members support it, or say in confidence what worries them; champions decide.",
            steps=[
                Step(who=story.zoe, where="messages", words="types `/propose-channel`, says what it is for, calls it "
                     "“Housing & Law”, names Chloe under _Who looks after it?_, and presses *Next*.",
                     do=story.zoe_fills_in, seen="Channels that look close stand on top. Nothing is posted yet."),
                Step(who=story.zoe, where="messages", words="calls it “Rent & Law” instead, presses *Post*, reads it "
                     "once more, and presses *Post*.", do=story.zoe_proposes),
                Step(who=tom, where=proposals, words="presses *Support*, and is told to agree to the guidelines first. "
                     "He types `/guidelines`, presses *I agree*, then *Support* and *Add me when it opens*.",
                     do=story.tom_supports, seen="The message counts him, and shows nobody who he is."),
                Step(who=tom, where=proposals, words=f"presses *Concern*: “{WORRY}” He presses *Send*, reads that his "
                     "words name Chloe, who then cannot read them, and presses *Send* again.", do=story.tom_worries),
                Step(who=ben, where="messages", words="presses *Open* and reads it, without a name.",
                     do=story.ben_reads_the_concern),
                Step(who=chloe, where=triage, words="presses *Approve* on the card, and reads that somebody else "
                     "decides it: she is its steward. Of Tom's concern she sees nothing.", do=story.chloe_may_not),
                Step(who=ben, where=triage, words="presses *Approve*.", do=story.ben_approves,
                     seen="gpbot makes the channel, and adds Zoe, Chloe, and Tom, who asked for it."),
                Step(who=tom, where=general, words="reads that it is open, and finds it among his channels, with a "
                     "pinned welcome that says how to report.", do=story.close_all),
            ],
        ),
    )  # fmt: skip


class _Story:
    """Does each step, as somebody at the pages would; every method waits until what follows is there."""

    def __init__(self, place: Neighbourhood) -> None:
        self._place = place
        self._code = ""

    def write_the_report(self) -> None:
        mona, amina = self._people("mona", "amina")
        self._form(mona)
        mona.fill("What happened", REPORT)
        mona.fill("Who is it about", [amina])
        self._until(lambda: "☑ Amina" in _text(mona))
        mona.submit()

    def send_the_report(self) -> None:
        mona, ben, chloe = self._people("mona", "ben", "chloe")
        mona.submit()
        self._until(lambda: ben.inbox and chloe.inbox and mona.inbox)

    def ben_claims(self) -> None:
        (ben,) = self._people("ben")
        self._open_newest(ben)
        self._code = ben.modal.title if ben.modal else ""
        ben.press("Claim")
        self._until(lambda: "You have claimed this" in _text(ben))

    def close_mona(self) -> None:
        self._close("mona")

    def amina_looks(self) -> None:
        self._desk("amina")

    def ben_notes(self) -> None:
        (ben,) = self._people("ben")
        self._case(ben)
        ben.press("Notes")
        ben.press("Write a note")
        ben.fill("Note", NOTE)
        ben.submit()
        self._until(lambda: NOTE in _text(ben))

    def ben_writes(self) -> None:
        ben, mona = self._people("ben", "mona")
        before = len(mona.inbox)
        self._case(ben)
        ben.press("Conversation")
        ben.press("Write to the reporter")
        ben.fill("Message", MESSAGE)
        ben.submit()
        self._until(lambda: len(mona.inbox) > before)

    def mona_answers(self) -> None:
        mona, ben = self._people("mona", "ben")
        self._open_newest(mona)
        mona.press("Add something")
        mona.fill("Add something", ANSWER)
        mona.submit()
        self._until(lambda: ben.inbox)

    def ben_reads(self) -> None:
        (ben,) = self._people("ben")
        self._close("ben")
        self._open_newest(ben)
        ben.press("Conversation")
        self._until(lambda: ANSWER in _text(ben))

    def nadia_reports(self) -> None:
        nadia, edith = self._people("nadia", "edith")
        self._form(nadia)
        nadia.fill("What happened", OUTSIDE)
        nadia.fill("Who should receive", ["Send only"])
        nadia.submit()
        nadia.fill(LABEL, [NONE_OF_THEM])
        nadia.submit()
        self._until(lambda: edith.inbox)

    def edith_opens(self) -> None:
        (edith,) = self._people("edith")
        self._open_newest(edith)

    def close_all(self) -> None:
        self._close(*self._place.people)

    def tom_writes(self) -> None:
        (tom,) = self._people("tom")
        self._form(tom)
        tom.fill("What happened", NAMING)
        tom.submit()
        self._until(lambda: "☑ Ben Adeyemi" in _text(tom))

    def tom_sends(self) -> None:
        tom, amina, chloe = self._people("tom", "amina", "chloe")
        tom.submit()
        self._until(lambda: amina.inbox and chloe.inbox)

    def chloe_steps_back(self) -> None:
        (chloe,) = self._people("chloe")
        self._close("chloe")
        chloe.open_messages()
        chloe.press("I should not handle this")
        self._until(lambda: "You will not see this again" in _text(chloe))

    def tom_advertises(self) -> None:
        (tom,) = self._people("tom")
        self._close("tom", "nadia")
        tom.say(SPAM, to=self._place.general)

    def nadia_reports_a_message(self) -> None:
        (nadia,) = self._people("nadia")
        said = [each for each in nadia.read(self._place.general) if each.author == "Tom Reed"]
        if not said:
            raise CannotDo("Tom has not written in #general yet.")
        nadia.message_shortcut("Report to the Champions", said[-1])
        self._until(lambda: nadia.modal)

    def a_week_later(self) -> None:
        self._close(*self._place.people)
        self._place.clock.move(timedelta(weeks=1))
        self._place.settle()

    def ben_closes(self) -> None:
        ben, mona = self._people("ben", "mona")
        before = len(mona.inbox)
        self._case(ben)
        ben.press("Close report")
        ben.fill("Why", "We have done what we can")
        ben.fill("What the reporter will read", OUTCOME)
        ben.submit()
        self._until(lambda: len(mona.inbox) > before)

    def mona_reads_the_outcome(self) -> None:
        (mona,) = self._people("mona")
        self._open_newest(mona)
        self._until(lambda: OUTCOME in _text(mona))

    def nadia_asks(self) -> None:
        self._ask("nadia", QUESTION)

    def chloe_answers(self) -> None:
        chloe, nadia = self._people("chloe", "nadia")
        before = len(nadia.inbox)
        self._close("chloe")
        chloe.press("Claim", channel=self._place.triage)
        self._place.settle()
        chloe.press("Answer", channel=self._place.triage)
        self._until(lambda: chloe.modal)
        chloe.fill("Answer", REPLY)
        chloe.submit()
        self._until(lambda: len(nadia.inbox) > before)

    def nadia_closes(self) -> None:
        (nadia,) = self._people("nadia")
        self._open_newest(nadia)
        self._until(lambda: REPLY in _text(nadia))
        nadia.press("Close question")
        self._place.settle()
        self._close("nadia")

    def tom_asks(self) -> None:
        self._ask("tom", CONCERN)

    def amina_passes_it_on(self) -> None:
        amina, ben = self._people("amina", "ben")
        self._close("amina")
        amina.press("This is a concern", channel=self._place.triage)
        self._until(lambda: amina.modal)
        amina.fill("Who is it about", [ben])
        self._until(lambda: "☑ Ben" in _text(amina))
        amina.submit()
        self._place.settle()

    def tom_opens(self) -> None:
        (tom,) = self._people("tom")
        self._open_newest(tom)

    def zoe_joins(self) -> None:
        zoe = self._place.join("Zoe Brandt", "Safe Harbour")
        self._place.settle()
        self._place.clock.move(timedelta(minutes=3))
        self._until(lambda: zoe.inbox)

    def chloe_searches(self) -> None:
        (chloe,) = self._people("chloe")
        self._close("chloe")
        chloe.open_home()
        self._place.settle()
        chloe.press("Who has not agreed")
        self._until(lambda: chloe.modal)
        chloe.fill("Search this list", "zoe")
        chloe.submit()
        self._until(lambda: "found with “zoe”" in _text(chloe))
        self._close("chloe")

    def zoe_agrees(self) -> None:
        zoe = self._newcomer()
        self._close("zoe")
        zoe.open_messages()
        zoe.press("Read in full")
        self._until(lambda: zoe.modal)
        zoe.submit()
        self._until(lambda: "You agreed to version 1" in _text(zoe))
        self._close("zoe")
        self._place.settle()

    def zoe(self) -> str:
        """Her id; Chloe's, who looks on, before she has joined."""
        return self._place.people.get("zoe", self._place["chloe"]).id

    def zoe_picks(self) -> None:
        zoe = self._newcomer()
        self._close("zoe")
        zoe.open_messages()
        zoe.press("Pick topics")
        self._until(lambda: zoe.modal)
        zoe.fill("What do you care about?", ["Housing"])
        zoe.submit()
        zoe.submit()
        self._until(lambda: "Added to #housing, #legal-advice." in _text(zoe))
        self._close("zoe")
        self._place.settle()

    def zoe_finds(self) -> None:
        zoe = self._newcomer()
        self._close("zoe")
        zoe.command("/channels", "english")
        self._until(lambda: "#teaching-english" in _text(zoe))
        zoe.press("Join")
        self._until(lambda: "You are in #teaching-english now." in _text(zoe))
        self._close("zoe")

    def zoe_says_hello(self) -> None:
        zoe = self._newcomer()
        self._close("zoe")
        zoe.join(self._place.general)
        zoe.say("Hello! I am Zoe, of Safe Harbour. We run a night shelter.", to=self._place.general)
        zoe.open_messages()
        zoe.press("I said hello")
        self._until(lambda: any("Done, thank you." in said.text for said in zoe.inbox))

    def zoe_tells_why(self) -> None:
        zoe, ben = self._newcomer(), self._place["ben"]
        self._close("zoe")
        zoe.open_messages()
        zoe.press("Write it")
        self._until(lambda: zoe.modal)
        zoe.fill("In a line or two", WHY)
        zoe.submit()
        self._until(lambda: any(WHY in said.text for said in ben.read(self._place.triage)))

    def ben_welcomes(self) -> None:
        ben, zoe = self._place["ben"], self._newcomer()
        self._close("ben", "zoe")
        ben.press("I will welcome them", channel=self._place.triage)
        self._until(lambda: any("would like to welcome you" in said.text for said in zoe.inbox))

    def zoe_fills_in(self) -> None:
        zoe = self._newcomer()
        self._place.workspace.invite(self._place.proposals, zoe)
        self._close("zoe")
        zoe.command("/propose-channel")
        self._until(lambda: zoe.modal)
        zoe.fill("What is it for", "Sharing what we know about rent and housing law.")
        zoe.fill("Its name", "Housing & Law")
        zoe.fill("Who looks after it", [self._place["chloe"]])
        zoe.submit()
        self._until(lambda: "These look close" in _text(zoe))

    def zoe_proposes(self) -> None:
        zoe = self._newcomer()
        if "not posted yet" not in _text(zoe):
            self.zoe_fills_in()
        zoe.fill("Its name", "Rent & Law")
        zoe.submit()
        zoe.submit()
        self._until(lambda: self._proposal("rent-law"))

    def tom_supports(self) -> None:
        (tom,) = self._people("tom")
        self._close("tom", "zoe")
        tom.press("Support", channel=self._place.proposals)
        tom.command("/guidelines")
        self._until(lambda: tom.modal)
        tom.submit()
        self._close("tom")
        for words, then in (("Support", "1 supports it"), ("Add me when it opens", "1 wants to be added")):
            tom.press(words, channel=self._place.proposals)
            self._until(lambda then=then: then in self._proposal("rent-law"))  # type: ignore[misc]

    def tom_worries(self) -> None:
        tom, ben = self._people("tom", "ben")
        before = len(ben.inbox)
        self._close("tom", "ben")
        tom.press("Concern", channel=self._place.proposals)
        self._until(lambda: tom.modal)
        tom.fill("What worries you", WORRY)
        tom.fill(LABEL, [NONE_OF_THEM])
        tom.submit()
        self._until(lambda: "seem to name Chloe Martin" in _text(tom))
        tom.submit()
        self._until(lambda: len(ben.inbox) > before)

    def ben_reads_the_concern(self) -> None:
        (ben,) = self._people("ben")
        self._open_newest(ben)
        self._until(lambda: WORRY in _text(ben))

    def chloe_may_not(self) -> None:
        (chloe,) = self._people("chloe")
        self._close("chloe")
        chloe.press("Approve", channel=self._place.triage)
        self._place.settle()

    def ben_approves(self) -> None:
        (ben,) = self._people("ben")
        self._close("ben")
        ben.press("Approve", channel=self._place.triage)
        self._until(lambda: "open: #rent-law" in self._proposal("rent-law"))
        self._place.settle()

    # How each of them is done.

    def _newcomer(self) -> Person:
        zoe = self._place.people.get("zoe")
        if zoe is None:
            raise CannotDo("Zoe has not joined yet. Has the part in which she joins been done?")
        return zoe

    def _proposal(self, name: str) -> str:
        """The message about this proposal, as it stands in the proposals channel; "" while there is none."""
        said = [each.text for each in self._place["tom"].read(self._place.proposals) if f"#{name}" in each.text]
        return said[0] if said else ""

    def _ask(self, name: str, words: str) -> None:
        (person,) = self._people(name)
        self._close(name)
        person.command("/ask")
        self._until(lambda: person.modal)
        person.fill("Your question", words)
        person.submit()
        self._place.settle()

    def _people(self, *names: str) -> list[Person]:
        return [self._place[name] for name in names]

    def _until(self, there: Callable[[], object]) -> None:
        self._place.until(there)

    def _close(self, *names: str) -> None:
        for person in self._people(*names):
            if person.modals:
                person.dismiss(all=True)

    def _form(self, person: Person) -> None:
        if person.modal is None or person.modal.title != TITLE_OF_THE_FORM:
            person.command("/report")
            self._until(lambda: person.modal and person.modal.title == TITLE_OF_THE_FORM)

    def _open_newest(self, person: Person) -> None:
        self._close(person.user.real_name.split()[0].lower())
        said = [screen for screen in person.inbox if "Open" in screen.buttons]
        if not said:
            raise CannotDo(f"{person.user.shown_name} has no message to open. Has the step before been done?")
        person.press("Open", within=said[-1])
        self._until(lambda: person.modal)

    def _desk(self, name: str) -> None:
        (person,) = self._people(name)
        self._close(name)
        person.press("What is waiting for me", channel=self._place.triage)
        self._until(lambda: person.modal)

    def _case(self, ben: Person) -> None:
        """The report that Ben claimed, in front of him."""
        if ben.modal is not None and ben.modal.title == self._code:
            return
        self._desk("ben")
        screen = ben.modal
        if screen is None or not self._code:
            raise CannotDo("Ben does not find the report. Has he claimed it, in the part before?")
        for control in screen.controls:
            if control.words == "Open" and self._code.casefold() in str(control.block.get("text", "")).casefold():
                ben.press_this(control, within=screen)
                self._until(lambda: ben.modal and ben.modal.title == self._code)
                return
        raise CannotDo("Ben does not find the report in his list.")


def _text(person: Person) -> str:
    return person.modal.text if person.modal else ""
