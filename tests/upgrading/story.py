"""Everything that can be done in a community, played once, so that a later release finds it all in its database.

Words that only readers may see begin with a word of their own (`SECRET`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

from gpbot.bootstrap import app_manifest
from gpbot.guidelines.types import Where
from gpbot.outbox import store
from gpbot.practice import Channel, Person, Screen
from gpbot.proposals.types import Proposed
from gpbot.questions.types import Asking, Concern
from gpbot.reports import ids
from gpbot.reports.cases import Cases
from gpbot.reports.types import Filled
from tests import nets
from tests.stage import Stage
from tests.upgrading.told import ALSO_HERE, GUIDELINES, SECRET

QUIET_DAYS = 60
NEWEST_VERSION = 3
MANY = 20  # who do nothing, and are told of new guidelines


@dataclass
class Story:
    """Played on a stage that has just begun."""

    c: Stage
    things: dict[str, dict[str, UUID]] = field(default_factory=dict)

    def play(self) -> None:
        self.begin()
        self.channels_long_ago()
        self.what_became_quiet()
        self.what_nobody_claimed()
        self.people_arrive()
        self.proposals()
        self.questions()
        self.concerns()
        self.reports()
        self.reports_with_more_in_them()
        self.reports_with_evidence()
        self.those_who_may_not_read()
        self.closed_reports()
        self.leaving()
        self.drafts()
        self.what_slack_did_not_take()
        self.what_stands_beside_each_workflow()
        self.windows()
        self.under_way()

    # --- how things are done ------------------------------------------------------------------------------------------

    def note(self, kind: str, name: str, its_id: UUID) -> UUID:
        assert name not in self.things.setdefault(kind, {}), name
        self.things[kind][name] = its_id
        return its_id

    def proposed(self, who: str, name: str, *, stewards: Sequence[str] = ()) -> UUID:
        wanted = Proposed(
            purpose=f"All about {name}.", name=name, steward_ids=tuple(self.c.people[each].id for each in stewards)
        )
        proposal = self.c.bot.records.proposals.propose(self.c.people[who].id, name, wanted)
        self.c.settle(2)
        return proposal.id

    def approve(self, proposal_id: UUID, seconds: int = 14) -> None:
        for champion in (self.c.ben, self.c.chloe):
            self.c.bot.records.proposals.approve(champion.id, proposal_id)
        self.c.settle(seconds)

    def place(self, name: str) -> Channel:
        return next(place for place in self.c.workspace.channels.values() if place.name == name)

    def report(self, name: str, who: Person, words: str = "", **more: object) -> UUID:
        """Filed; nothing is open at the end."""
        c = self.c
        c.look_away(who)
        c.review(who, f"{SECRET} {name}. {words}", **more)  # type: ignore[arg-type]
        return self.sent(name, who)

    def sent(self, name: str, who: Person) -> UUID:
        """What is being reviewed."""
        assert who.modal is not None
        its_id = UUID(who.modal.raw["private_metadata"][:36])
        self.c.answer_none(who)
        who.submit()
        self.c.settle(2)
        assert "Saved." in who.modal.text, (name, who.modal.text)
        self.c.look_away(who)
        return self.note("reports", name, its_id)

    def reported_message(self, name: str, who: Person, said: Screen, **more: object) -> UUID:
        self.c.look_away(who)
        who.message_shortcut("Report to the Champions", said)
        self.c.bot.windows.settle()
        who.fill("What happened", f"{SECRET} {name}.")
        if more.get("show_name"):
            who.fill("Show my name", "Yes")
        if about := more.get("about"):
            who.fill("Who is it about", about)
            self.c.bot.windows.settle()
        who.submit()
        self.c.bot.windows.settle()
        return self.sent(name, who)

    @contextmanager
    def case(self, who: Person, report_id: UUID) -> Iterator[None]:
        """Open in front of a reader."""
        self.c.look_away(who)
        who.send_action(ids.OPEN, str(report_id))
        self.c.settle(1)
        assert who.modal is not None
        assert SECRET in who.modal.text, who.modal.text
        yield
        self.c.look_away(who)

    def write(self, who: Person, button: str, label: str, words: str) -> None:
        who.press(button, nth=0)
        self.c.bot.windows.settle()
        who.fill(label, f"{SECRET} {words}")
        self.c.answer_none(who)
        who.submit()
        self.c.settle(1)

    def close(self, report_id: UUID, who: Person, why: str) -> None:
        with self.case(who, report_id):
            who.press("Close report")
            self.c.bot.windows.settle()
            who.fill("Why", why)
            who.fill("What the reporter will read", f"{SECRET} this is what we did.")
            who.submit()
            self.c.settle(1)

    # --- the beginning ------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Months ago: people, guidelines with a minor version, channels with topics, a champion more."""
        c = self.c
        c.stop()
        c.settings = replace(c.settings, quiet_channel_days=QUIET_DAYS, approvals=2, keep_questions_days=30)
        c.workspace.install(app_manifest(c.settings, url="http://127.0.0.1/slack/events"))
        for name in (*ALSO_HERE, *(f"Member{number} Many" for number in range(MANY))):
            person = c.workspace.add_person(name, announce=False)
            c.people[name.split()[0].lower()] = person
            c.workspace.invite(c.general, person)
            c.workspace.invite(c.proposals, person)
        c.people["gul"] = c.workspace.add_person("Gul Guest", guest=True, announce=False)
        c.people["stella"] = c.workspace.add_person("Stella Stranger", external=True, announce=False)
        c.people["robo"] = c.workspace.add_person("Robo Bot", bot=True, announce=False)
        for name in ("gul", "stella", "robo"):
            c.workspace.invite(c.general, c.people[name])
            c.workspace.invite(c.proposals, c.people[name])
        for name, purpose in (("flats", "#housing"), ("tenants", "#housing #law"), ("lawyers", "Topics: law")):
            c.workspace.add_channel(name, purpose=purpose)
        c.workspace.archive(c.workspace.add_channel("old-news", purpose="What was."))
        c.workspace.invite(c.general, c.app.bot_user_id)
        c.start()
        c.settle(5)
        c.bot.records.people.add_champion(c.dana.id, by="operator")
        c.bot.learn_names()
        publish = c.bot.records.guidelines.publish
        publish(GUIDELINES, is_major=True, changes="It is new.", attribution="Written for a test.", by="operator")
        for person in (*c.champions, *c.contacts, c.dana, c.mona, c.tom, c.nadia, c.olga, c.petra, c.ravi):
            c.bot.records.guidelines.accept(person.id, 1, Where.HOME)
        publish(f"{GUIDELINES}\nBe patient.\n", is_major=False, changes="A line more.", attribution="", by=c.amina.id)
        c.bot.records.guidelines.mark(c.amina.id, self.person_id(c.sven), "They told me on the phone.")
        c.settle(5)
        asked = c.bot.records.questions.ask(c.mona.id, "long ago", Asking(what="Where was it?"))
        c.bot.records.questions.close(c.mona.id, asked.id)
        self.note("questions", "erased after its time", asked.id)
        c.settle(3)

    def person_id(self, person: Person) -> int:
        member = self.c.bot.records.guidelines.standing(person.id).member
        assert member is not None
        return member.person_id

    def channels_long_ago(self) -> None:
        """Opened, and one proposal that nobody decided."""
        for name, who in (
            ("harbour", "mona"),
            ("quay", "mona"),
            ("ferry", "tom"),
            ("dock", "tom"),
            ("pier", "nadia"),
            ("jetty", "nadia"),
            ("island", "olga"),
        ):
            stewards = {"harbour": ["tom", "nadia"], "island": []}.get(name, ["petra"])
            its_id = self.note("proposals", f"opened: {name}", self.proposed(who, name, stewards=stewards))
            if name == "harbour":
                for number, member in enumerate((self.c.olga, self.c.ravi)):
                    self.c.bot.records.proposals.want_in(member.id, its_id, str(number))
            self.approve(its_id)
        self.note("proposals", "lapsed", self.proposed("ravi", "nobody-cares"))
        self.c.settle(3)

    def what_became_quiet(self) -> None:
        """One is being asked about, one was kept, one archived, one cannot be; in one somebody wrote."""
        c = self.c
        c.later(days=QUIET_DAYS - 10)
        c.workspace.invite(self.place("pier"), c.ravi)
        c.ravi.say("Is anybody here?", to=self.place("pier"))
        c.later(days=11)
        c.settle(25)
        for name, answer in (("quay", "It can be archived"), ("ferry", "Keep it"), ("dock", "It can be archived"),
                             ("jetty", "It can be archived")):  # fmt: skip
            (asked,) = (said for said in c.petra.inbox if f"#{name}" in said.text and "Keep it" in said.buttons)
            c.petra.press(answer, within=asked)
            c.settle(4)
        self.on_quiet_card("dock", "Archive")
        c.workspace.restricted.add("archive")
        self.on_quiet_card("jetty", "Archive")
        c.workspace.restricted.clear()

    def on_quiet_card(self, name: str, button: str) -> None:
        (card,) = (
            said for said in self.c.amina.read(self.c.triage) if f"#{name}" in said.text and button in said.buttons
        )
        self.c.amina.press(button, within=card)
        self.c.settle(6)

    def what_nobody_claimed(self) -> None:
        """A week: what nobody claimed goes to a contact; the first steps of somebody who came before it are over."""
        c = self.c
        self.report("passed on to a contact", c.ravi, about=[c.tom])
        self.report("passed on to a contact, claimed by them", c.olga)
        zoe = c.add_person("Zoe Brandt")
        self.introduce(zoe)
        c.bot.records.guidelines.accept(zoe.id, 1, Where.MESSAGE)
        c.settle(2)
        steps = next(said for said in zoe.inbox if "Why did you join?" in said.text)
        zoe.press("Pick topics", within=steps)
        c.bot.windows.settle()
        zoe.fill("What do you care about?", ["Housing"])
        zoe.submit()
        zoe.submit()
        c.settle(6)
        c.look_away(zoe)
        zoe.press("I said hello", within=steps)
        c.settle(2)
        zoe.press("Write it", within=steps)
        c.bot.windows.settle()
        zoe.fill("In a line or two", "I run a drop-in in Leeds.")
        zoe.submit()
        c.look_away(zoe)
        c.settle(3)
        (card,) = (said for said in c.ben.read(c.triage) if "is new here" in said.text)
        c.ben.press("I will welcome them", within=card)
        c.settle(3)
        for _ in range(10):
            c.clock.advance(days=1)
            c.settle(2)
        contact = next(each for each in c.contacts if each.inbox)
        with self.case(contact, self.things["reports"]["passed on to a contact, claimed by them"]):
            contact.press("Claim")
            c.settle(1)
        publish = c.bot.records.guidelines.publish
        publish(f"{GUIDELINES}\nBe kind.\n", is_major=True, changes="Kindness.", attribution="", by=c.amina.id)
        for person in (*c.champions, c.mona, c.tom, c.nadia):
            c.bot.records.guidelines.accept(person.id, 3, Where.WINDOW)
        c.settle(3)

    def introduce(self, person: Person) -> None:
        for channel in (self.c.general, self.c.proposals):
            self.c.workspace.invite(channel, person)
        self.c.later(seconds=91)

    def people_arrive(self) -> None:
        """Each is elsewhere with their first steps."""
        c = self.c
        for name in ("Yan Novak", "Wanda Wu", "Victor Vale", "Xena Xu", "Ulla Unger"):
            self.introduce(c.add_person(name))
        for person in (c.yan, c.wanda, c.victor, c.ulla):
            asked = next(said for said in person.inbox if "I agree" in said.buttons)
            person.press("I agree", within=asked)
            c.settle(2)
        steps = {person: next(said for said in person.inbox if "Why did you join?" in said.text)
                 for person in (c.yan, c.wanda, c.victor, c.ulla)}  # fmt: skip
        c.wanda.press("Later", within=steps[c.wanda])
        c.yan.press("Write it", within=steps[c.yan])
        c.bot.windows.settle()
        c.yan.fill("In a line or two", "I like boats.")
        c.yan.submit()
        c.look_away(c.yan)
        c.ulla.press("Skip all this", within=steps[c.ulla])
        c.victor.press("I said hello", within=steps[c.victor])
        c.settle(4)

    # --- proposals, questions, concerns -------------------------------------------------------------------------------

    def proposals(self) -> None:
        c, use = self.c, self.c.bot.records.proposals
        named = self.note("proposals", "open", self.proposed("mona", "boats", stewards=["nadia", "tom"]))
        for number, person in enumerate((c.tom, c.amina, c.petra, c.ravi)):
            use.support(person.id, named, str(number))
            use.want_in(person.id, named, f"in {number}")
        use.support(c.petra.id, named, "taken back")
        c.settle(3)
        asked = self.note("proposals", "open, asked and answered", self.proposed("petra", "rafts"))
        use.ask(c.amina.id, asked, "Who would look after it?")
        use.answer(c.petra.id, asked, "I would.")
        use.ask(c.ben.id, asked, "And who else?")
        use.approve(c.amina.id, asked)
        mine = self.note("proposals", "open, by a champion", self.proposed("amina", "oars", stewards=["ben"]))
        assert use.look(mine).proposer_id == c.amina.id
        declined = self.note("proposals", "declined", self.proposed("tom", "nets"))
        use.decline(c.amina.id, declined, "We have #harbour for that.")
        withdrawn = self.note("proposals", "withdrawn", self.proposed("tom", "sails"))
        use.withdraw(c.tom.id, withdrawn)
        c.settle(4)
        c.workspace.restricted.add("create")
        stuck = self.note("proposals", "stuck", self.proposed("nadia", "rope"))
        self.approve(stuck)
        given_up = self.note("proposals", "given up", self.proposed("nadia", "knots"))
        self.approve(given_up)
        use.decline(c.amina.id, given_up, "We cannot make channels here just now.")
        c.settle(4)
        c.workspace.restricted.clear()

    def questions(self) -> None:
        c, use = self.c, self.c.bot.records.questions

        def ask(name: str, who: Person, *, public: bool = False, show_name: bool = False) -> UUID:
            asking = Asking(what=f"{name}: where is it?", may_be_public=public, show_name=show_name)
            found = self.note("questions", name, use.ask(who.id, name, asking).id)
            c.settle(2)
            return found

        ask("open", c.nadia)
        ask("open, name shown", c.tom, show_name=True)
        use.claim(c.ben.id, ask("claimed", c.olga))
        use.answer(c.chloe.id, ask("answered", c.mona), "It is pinned in the channel.")
        public = ask("answered for everybody", c.petra, public=True)
        use.answer(c.amina.id, public, "It is on the shelf.", channel_id=self.place("flats").id)
        followed = ask("asked further", c.ravi)
        use.answer(c.amina.id, followed, "On the left.")
        use.add(c.ravi.id, followed, "On whose left?")
        use.close(c.nadia.id, ask("closed", c.nadia))
        again = ask("reopened", c.nadia)
        use.close(c.nadia.id, again)
        use.reopen(c.nadia.id, again)
        use.withdraw(c.nadia.id, ask("withdrawn", c.nadia))
        c.settle(8)
        became = ask("a report by a champion", c.sven)
        report_id, _ = use.make_report(
            c.ben.id, became, Concern(about_ids=(c.amina.id,), keep_out_ids=(c.chloe.id,)), once="one"
        )
        self.note("reports", "from a question by a champion", report_id)
        c.settle(4)
        own = ask("a report by who asked", c.tom)
        c.look_away(c.tom)
        c.tom.send_action("question.concern", str(own))
        c.settle(1)
        c.tom.fill("What happened", f"{SECRET} from a question by who asked.")
        c.tom.submit()
        self.sent("from a question by who asked", c.tom)
        self.note("drafts", "from a question", use.make_draft(c.nadia.id, ask("a draft", c.nadia)))
        c.settle(4)

    def concerns(self) -> None:
        c, use = self.c, self.c.bot.records.concerns
        boats = self.things["proposals"]["open"]

        def worry(name: str, author: Person, proposal_id: UUID = boats, words: str = "") -> UUID:
            use.raise_one(author.id, proposal_id, name, f"{SECRET} {name} {words}")
            c.settle(2)
            found = use._store.id_for("concern of proposal", author.id, name)
            return self.note("concerns", name, found)

        worry("kept", c.petra)
        worry("kept, words name a champion", c.ravi, words="Is it Chloe Martin's idea?")
        worry("kept, about a champion's proposal", c.olga, self.things["proposals"]["open, by a champion"])
        use.end(c.ben.id, worry("ended", c.olga))
        report_id, _ = use.make_report(c.ben.id, worry("made a report", c.sven), Filled(what="", about_ids=(c.tom.id,)))
        self.note("reports", "from a concern", report_id)
        c.settle(4)

    # --- reports ------------------------------------------------------------------------------------------------------

    def reports(self) -> None:
        """Open, in every state that nobody has closed."""
        c = self.c
        self.report("new", c.tom, about=[c.nadia])
        self.report("shown name", c.tom, show_name=True, about=[c.ravi])
        with self.case(c.ben, self.report("opened", c.nadia)):
            c.settle(1)
        with self.case(c.ben, self.report("claimed", c.mona, about=[c.tom])):
            c.ben.press("Claim")
            c.settle(1)
        with self.case(c.ben, self.report("given back", c.olga)):
            c.ben.press("Claim")
            c.settle(1)
            c.ben.press("Release")
            c.settle(1)
        answered = self.report("answered", c.mona, about=[c.tom])
        with self.case(c.chloe, answered):
            c.chloe.press("Claim")
            c.settle(1)
            self.write(c.chloe, "Write to the reporter", "Message", "are you safe?")
        with self.case(c.mona, answered):
            self.write(c.mona, "Add something", "Add something", "yes, thank you.")
        with self.case(c.mona, answered):
            c.mona.press("Add details")
            c.bot.windows.settle()
            c.mona.fill("Your part in it", "It happened to me")
            c.mona.fill("What would you like?", "Please help me")
            c.mona.submit()
            c.settle(1)
        with self.case(c.amina, answered):
            self.write(c.amina, "Write a note", "Note", "I know the organisation.")

    def reports_with_more_in_them(self) -> None:
        c = self.c
        added = self.report("added to", c.petra)
        with self.case(c.petra, added):
            self.write(c.petra, "Add something", "Add something", "and once more.")
        later = self.report("name shown later", c.ravi)
        with self.case(c.ravi, later):
            c.ravi.press("Show my name")
            c.settle(1)
        people = self.report("people added", c.sven)
        with self.case(c.ben, people):
            c.ben.press("People")
            c.settle(1)
            c.ben.press("Add people")
            c.bot.windows.settle()
            c.ben.fill("Who else is it about", [c.chloe])
            c.ben.fill("Their name, if not on Slack", "Somebody Else")
            c.ben.fill("Who was harmed", [c.nadia])
            c.ben.submit()
            c.settle(1)
        c.look_away(c.mona)
        c.mona.command("/report")
        c.bot.windows.settle()
        c.mona.fill("What happened", f"{SECRET} in words about somebody who is not on Slack")
        c.mona.fill("Their name", "Old Tom from the quay")
        c.mona.submit()
        c.bot.windows.settle()
        self.sent("about a name in words", c.mona)

    def reports_with_evidence(self) -> None:
        c = self.c

        def said(who: Person, words: str, **more: object) -> Screen:
            who.say(words, to=c.general, **more)  # type: ignore[arg-type]
            return c.mona.read(c.general)[-1]

        two = "@Mona Said and @Nadia Haddad, nobody wants you here."
        self.reported_message("hidden, evidence with two mentions", c.mona, said(c.tom, two))
        self.reported_message("shown, evidence with two mentions", c.mona, said(c.tom, two), show_name=True)
        self.reported_message(
            "hidden, evidence mentions the reporter and who it is about", c.mona, said(c.ravi, two), about=[c.nadia]
        )
        self.reported_message("hidden, evidence is the reporter's own", c.mona, said(c.mona, "I told @Tom Reed: stop."))
        self.reported_message(
            "hidden, evidence with a file", c.mona, said(c.tom, "Look at her, @Mona Said", files=["mona-said.jpg"])
        )
        self.reported_message("hidden, evidence is a file alone", c.mona, said(c.tom, "", files=["mona-said.png"]))
        self.reported_message("hidden, evidence by a bot", c.mona, said(c.robo, "@Mona Said is on the list."))
        self.reported_message("hidden, evidence by a champion", c.mona, said(c.amina, "Go home, @Mona Said"))
        self.reported_message("hidden, evidence in the words of code", c.mona, said(c.tom, "`@Mona Said` *out*\n> now"))

    def those_who_may_not_read(self) -> None:
        """For every reason."""
        c = self.c
        self.report("about a champion", c.tom, about=[c.amina])
        self.report("ticked", c.tom, keep_out=[c.chloe])
        self.report("its words name a champion", c.nadia, "It was Ben Adeyemi who wrote it.")
        self.report("by a champion", c.chloe, about=[c.tom])
        self.report("outside only", c.nadia, outside=True)
        for holder, other in ((c.ben, c.nadia), (c.farid, c.mona)):
            c.bot.records.people.declare_conflicts(holder.id, [other.id])
        self.report("about somebody with whom a conflict is declared", c.tom, about=[c.nadia])
        self.report("by somebody with whom a conflict is declared", c.nadia)
        stepped = self.report("somebody stepped back", c.olga)
        with self.case(c.ben, stepped):
            self.write(c.ben, "Write a note", "Note", "she told me more on the phone.")
            c.ben.press("Report")
            c.settle(1)
            c.ben.press("I should not handle this")
            c.settle(1)
        everybody = self.report("every champion stepped back", c.petra)
        for champion in (*c.champions, c.dana):
            with self.case(champion, everybody):
                champion.press("I should not handle this")
                c.settle(1)
        nobody = self.report("nobody is left to read it", c.ravi, about=[c.dana], outside=True)
        for contact in c.contacts:
            with self.case(contact, nobody):
                contact.press("I should not handle this")
                c.settle(2)
        changed = self.report("ticked after it was read", c.mona)
        with self.case(c.chloe, changed):
            c.settle(1)
        with self.case(c.mona, changed):
            c.mona.press("Change who can read")
            c.bot.windows.settle()
            c.mona.fill("Who should not read this", ["Chloe Martin"])
            c.mona.submit()
            c.settle(1)

    def closed_reports(self) -> None:
        c = self.c
        for name, why in (
            ("resolved", "We have done what we can"),
            ("no breach", "Nothing here is against"),
            ("not enough", "We do not know enough"),
            ("out of scope", "This is not something"),
        ):
            self.close(self.report(f"closed: {name}", c.tom, about=[c.ravi]), c.ben, why)
        withdrawn = self.report("closed: withdrawn after it was read", c.tom)
        with self.case(c.ben, withdrawn):
            c.settle(1)
        self.withdraw(c.tom, withdrawn)
        self.withdraw(c.tom, self.report("erased: withdrawn before it was read", c.tom))
        again = self.report("reopened by a champion", c.tom)
        self.close(again, c.ben, "We have done")
        with self.case(c.chloe, again):
            c.chloe.press("Reopen")
            c.settle(1)
        by_reporter = self.report("reopened by who reported it", c.tom)
        self.close(by_reporter, c.ben, "We have done")
        with self.case(c.tom, by_reporter):
            self.write(c.tom, "Add something", "Add something", "he did it again.")

    def withdraw(self, who: Person, report_id: UUID) -> None:
        self.c.look_away(who)
        who.send_action(ids.OPEN, str(report_id))
        self.c.settle(1)
        who.press("Withdraw")
        self.c.settle(1)
        self.c.look_away(who)

    def leaving(self) -> None:
        """A champion is none any more, with a claim; an account is closed."""
        c = self.c
        with self.case(c.dana, self.report("claimed by a champion who is none any more", c.sven)):
            c.dana.press("Claim")
            c.settle(1)
        self.report("by somebody whose account is closed", c.omar)
        c.bot.records.people.remove_champion(c.dana.id, by="operator")
        c.workspace.deactivate(c.omar)
        c.settle(3)
        for person in (c.amina, c.ben, c.chloe, c.edith, c.mona, c.tom, c.nadia, c.dana, c.gul, c.zoe):
            c.look_away(person)
            person.open_home()
            c.settle(1)
        c.amina.press("What is waiting for me", channel=c.triage)
        c.settle(1)
        c.look_away(c.amina)
        c.mona.say("hello?")
        c.settle(2)

    # --- at the end: what is not finished -----------------------------------------------------------------------------

    def drafts(self) -> None:
        """Left in the review, an hour ago; with what they remind of."""
        c = self.c
        c.review(c.olga, f"{SECRET} not sent yet.", about=[c.tom])
        assert c.olga.modal is not None
        self.note("drafts", "reviewed and left", UUID(c.olga.modal.raw["private_metadata"][:36]))
        c.olga.dismiss(all=True)
        c.later(minutes=40)
        assert "You have not sent this yet" in c.olga.inbox[-1].text
        c.settle(10)

    def what_slack_did_not_take(self) -> None:
        """Dead, cancelled."""
        c, faults = self.c, self.c.workspace.faults
        faults.add(
            method="chat.postMessage",
            error="messages_tab_disabled",
            times=None,
            where=lambda args: args["channel"] == c.ben.id,
        )
        self.report("one reader could not be told", c.petra)
        c.settle(3)
        faults.clear()
        with c.bot.records.database.begin() as session:
            cancelled = next(line for line in c.bot.records.outbox.dead(session))
            c.bot.records.outbox.discard(session, cancelled.id)
        faults.add(
            method="chat.postMessage",
            error="messages_tab_disabled",
            times=None,
            where=lambda args: args["channel"] == c.chloe.id,
        )
        self.report("another reader could not be told", c.petra)
        c.settle(3)
        faults.clear()

    def what_stands_beside_each_workflow(self) -> None:
        for each in nets.each():
            each.story(self)

    def windows(self) -> None:
        """What is open in front of people."""
        c = self.c
        for person, report_id in ((c.ben, "claimed"), (c.chloe, "answered"), (c.mona, "answered")):
            c.look_away(person)
            person.send_action(ids.OPEN, str(self.things["reports"][report_id]))
            c.bot.windows.settle()
        c.ben.press("Write a note", nth=0)
        c.bot.windows.settle()
        c.ben.fill("Note", f"{SECRET} half a note")
        c.chloe.press("Write to the reporter", nth=0)
        c.bot.windows.settle()
        c.chloe.fill("Message", f"{SECRET} half an answer")
        c.mona.press("Add something", nth=0)
        c.bot.windows.settle()
        c.mona.fill("Add something", f"{SECRET} half an addition")
        contact = next(each for each in c.contacts if each.inbox)
        c.look_away(contact)
        contact.send_action(ids.OPEN, str(self.things["reports"]["passed on to a contact, claimed by them"]))
        c.review(c.tom, f"{SECRET} in review.", about=[c.amina])
        assert c.tom.modal is not None
        self.note("drafts", "in review, in an open window", UUID(c.tom.modal.raw["private_metadata"][:36]))
        c.nadia.command("/report")
        c.bot.windows.settle()
        c.nadia.fill("What happened", f"{SECRET} being written.")
        c.petra.command("/ask", "Where is the key?")
        c.ravi.command("/propose-channel", "Sea Shanties")
        c.olga.command("/guidelines")
        c.sven.command("/channels", "flats")
        c.bot.windows.settle()
        c.ravi.fill("What is it for", "Songs.")
        c.ravi.submit()
        steps = next(said for said in c.victor.inbox if "Why did you join?" in said.text)
        c.victor.press("Pick topics", within=steps)
        c.yan.open_home()
        c.amina.send_action("proposal.write_declining", str(self.things["proposals"]["open, asked and answered"]))
        c.bot.windows.settle()
        c.amina.fill("Why not", "Not now.")
        c.bot.windows.settle()

    def under_way(self) -> None:
        """Still unsent: Slack asks to wait, an answer was lost, a channel is half made; then everything stops."""
        c, faults, records = self.c, self.c.workspace.faults, self.c.bot.records
        half = self.note("proposals", "approved, half opened", self.proposed("ravi", "lighthouse"))
        faults.add(method="conversations.setPurpose", retry_after=120)
        faults.add(method="chat.postMessage", retry_after=90, where=lambda args: args["channel"] == c.edith.id)
        faults.add(method="chat.postMessage", drop="after", where=lambda args: args["channel"] == c.nadia.id)
        self.report_owed("held, because Slack asked to wait", c.gul, outside=True)
        Cases.beside(records.timers).write_to_reporter(
            c.ben.id, self.things["reports"]["opened"], f"{SECRET} whether this arrived, gpbot does not know."
        )
        self.approve(half, 3)
        records.backfill.start(c.ben.id, number=NEWEST_VERSION)
        c.settle(2)
        chosen = [self.place(name).id for name in ("flats", "tenants", "lawyers")]
        records.onboarding.choose(c.wanda.id, chosen, "V0WANDA0001")
        self.report_owed("nothing about it is sent yet", c.petra)
        records.questions.answer(c.ben.id, self.things["questions"]["claimed"], "In the box.")
        records.proposals.support(c.sven.id, self.things["proposals"]["open"], "at the end")
        records.proposals.support(c.olga.id, self.things["proposals"]["open"], "at the end too")
        with records.database.begin() as session:
            in_hand = store.claim(session, c.clock.now(), 2)  # by a process that dies now
        assert len(in_hand) == 2

    def report_owed(self, name: str, who: Person, *, outside: bool = False) -> UUID:
        """Saved, and no job about it has been tried."""
        c = self.c
        c.look_away(who)
        c.review(who, f"{SECRET} {name}.", outside=outside)
        assert who.modal is not None
        its_id = UUID(who.modal.raw["private_metadata"][:36])
        c.answer_none(who)
        who.submit()
        return self.note("reports", name, its_id)
