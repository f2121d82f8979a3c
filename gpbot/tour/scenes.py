"""The story: what happens in a community, step by step, and what has to hold after each step."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final
from uuid import uuid4

from gpbot.practice import CannotDo, Person, Screen
from gpbot.reports.ticks import LABEL, NONE_OF_THEM
from gpbot.tour.neighbourhood import CHAMPIONS, CONTACTS, SOON_SECONDS
from gpbot.tour.run import Scene, Tour
from gpbot.tour.teller import Sees

NOT_AVAILABLE: Final = "This is not available to you."
SOMETHING: Final = "There is something for you."
RATE_LIMITED_SECONDS: Final = 4
TOO_MANY_REQUESTS: Final = 429
# Each text holds a word that stands nowhere else, so that it can be looked for.
REPORT, REPORT_WORD = "Amina rings me at night about the marmalade stall. I asked her to stop.", "marmalade"
NOTE, NOTE_WORD = "The umbrella rota shows who was on duty that night.", "umbrella"
MESSAGE, MESSAGE_WORD = "Thank you for telling us. Could we talk on Tuesday, after the pancake lunch?", "pancake"
ANSWER, ANSWER_WORD = "Yes. Please do not ring me at the bicycle shop.", "bicycle"
OUTSIDE, OUTSIDE_WORD = "All three champions laughed at me at the trombone evening.", "trombone"
NAMING, NAMING_WORD = "He shouted at the accordion class. Ben was there and looked away.", "accordion"
LATE, LATE_WORD = "A stranger waits outside the saxophone school every Friday.", "saxophone"
QUESTION, QUESTION_WORD = "Who keeps the key of the gramophone room?", "gramophone"
REPLY, REPLY_WORD = "The caretaker does, beside the pelican.", "pelican"
CONCERN, CONCERN_WORD = "Is it fine that somebody counts the violin money alone, and shouts when asked?", "violin"
WHY, WHY_WORD = "I run a kazoo class for newcomers, and look for others who teach music.", "kazoo"
WORRY, WORRY_WORD = "Chloe would decide alone who may speak there, as at the harpsichord club.", "harpsichord"
OUTCOME, OUTCOME_WORD = "Amina will not ring you again. The telescope group now runs the stall.", "telescope"


def a_report_about_a_champion(tour: Tour) -> None:
    """A member reports a champion.

    Mona types /report: “Amina rings me at night about the marmalade stall. I asked her to stop.” Amina is one of the
    three champions; naming her on the form is enough.
    """
    mona, amina, ben, chloe, edith = _people(tour, "mona", "amina", "ben", "chloe", "edith")
    others = tour.checks.sights(amina, edith, *_people(tour, "farid", "nadia", "tom"))
    tour.checks.keep(REPORT_WORD, mona)
    tour.checks.hide(mona)

    mona.command("/report")
    mona.fill("What happened", REPORT)
    mona.fill("Who is it about", [amina])
    tour.checks.until(
        "The form ticks Amina by itself among those who should not read it", lambda: "☑ Amina" in _text(mona)
    )
    mona.submit()
    tour.checks.holds(
        "Before sending, Mona reads who will read it: Ben and Chloe",
        _will_read(mona, "Ben", "Chloe"),
    )
    mona.submit()
    tour.checks.until("Ben and Chloe are each told once, without a word of it", lambda: _told_once(ben, chloe))
    tour.checks.until("Mona has a receipt to come back to, just as neutral", lambda: _told_once(mona))

    tour.show(
        Sees(person=mona, role="who reports", keep=2, then="What you sent"),
        Sees(person=amina, role="named in it"),
        Sees(person=ben, role="champion"),
        Sees(person=edith, role="outside contact"),
    )
    tour.checks.holds(
        "Mona knows that it is saved, and that nobody has read it yet", "Saved. No person has read it" in _text(mona)
    )
    tour.checks.holds("Amina and everybody else have seen nothing at all", tour.checks.nothing_new(others))
    tour.codes["stall"] = _title(mona)


def two_champions_at_once(tour: Tour) -> None:
    """Two champions open it; one was first.

    Ben and Chloe both open it. Ben claims it; Chloe presses Claim a moment later. Amina looks at her Desk.
    """
    mona, amina, ben, chloe = _people(tour, "mona", "amina", "ben", "chloe")
    tour.checks.keep(REPORT_WORD, ben, chloe)
    for champion in (ben, chloe):
        champion.press("Open", within=champion.inbox[-1])
    tour.checks.until(
        "Ben and Chloe read it, and not who sent it",
        lambda: all(
            REPORT_WORD in _text(each) and "The reporter's name is hidden." in _text(each) for each in (ben, chloe)
        ),
    )
    before = _modal(chloe)
    ben.press("Claim")
    tour.checks.until("Ben has claimed it", lambda: "You have claimed this" in _text(ben))
    chloe.press("Claim", within=before)
    tour.checks.until("Chloe learns who was first", lambda: "Ben Adeyemi was first and has this one." in _text(chloe))
    tour.checks.until("The message that led to it is gone, for all alike", lambda: not ben.inbox and not chloe.inbox)
    _look_away(mona)
    mona.open_home()
    tour.checks.until("Mona reads on her App Home that someone has it", lambda: "Someone is handling it" in _home(mona))
    amina.press("What is waiting for me", channel=tour.place.triage)
    tour.checks.until("Amina's own list is empty", lambda: "Nothing is waiting for you." in _text(amina))

    tour.show(
        Sees(person=mona, role="who reported", home=True, since="What you reported"),
        Sees(person=amina, role="named in it"),
        Sees(person=ben, role="champion", lines=14),
        Sees(person=chloe, role="champion"),
    )
    _look_away(amina, chloe)


def a_note_and_a_message(tour: Tour) -> None:
    """A note stays among readers; a message goes to the reporter.

    Ben writes a note, then a message. Mona answers.
    """
    mona, ben, chloe = _people(tour, "mona", "ben", "chloe")
    others = tour.checks.sights(*_people(tour, "amina", "edith", "farid", "nadia", "tom"))
    tour.checks.keep(NOTE_WORD, ben)
    tour.checks.keep(MESSAGE_WORD, ben, mona)
    tour.checks.keep(ANSWER_WORD, mona, ben)
    messages = len(mona.inbox)

    ben.press("Write a note")
    ben.fill("Note", NOTE)
    ben.submit()
    ben.press("Write to the reporter", within=_tab(tour, ben, "Conversation"))
    ben.fill("Message", MESSAGE)
    ben.submit()
    tour.checks.until("Mona is told, without a word of it", lambda: len(mona.inbox) == messages + 1)
    mona.press("Open", within=mona.inbox[-1])
    tour.checks.until("Mona reads the message, from the Champions", lambda: "From the Champions" in _text(mona))
    tour.checks.holds("Mona does not read the note", NOTE_WORD not in _text(mona))
    mona.press("Add something")
    mona.fill("Add something", ANSWER)
    mona.submit()
    tour.checks.until("Ben is told that there is an answer", lambda: _told_once(ben))
    tour.checks.holds("Chloe, who does not handle it, is not disturbed", not chloe.inbox)
    _look_away(ben)
    ben.press("Open", within=ben.inbox[-1])
    ben.press("Conversation")
    tour.checks.until("Ben reads the answer", lambda: ANSWER_WORD in _text(ben))

    tour.show(
        Sees(person=mona, role="who reported", since="From the Champions"),
        Sees(person=ben, role="champion", since=MESSAGE[:9], lines=14),
        Sees(person=chloe, role="champion"),
    )
    tour.checks.holds("Amina and everybody else have seen nothing new", tour.checks.nothing_new(others))
    _look_away(mona, ben)


def only_for_someone_outside(tour: Tour) -> None:
    """Only for someone outside the champions.

    Nadia does not want any champion to read hers, and ticks one box.
    """
    nadia, amina, ben, edith = _people(tour, "nadia", "amina", "ben", "edith")
    others = tour.checks.sights(*tour.place.champions, *_people(tour, "farid", "mona", "tom"))
    tour.checks.keep(OUTSIDE_WORD, nadia, edith)
    tour.checks.hide(nadia)

    nadia.command("/report")
    nadia.fill("What happened", OUTSIDE)
    nadia.fill("Who should receive", ["Send only"])
    nadia.submit()
    tour.checks.holds("Nadia reads who will read it: only Edith", _will_read(nadia, "Edith"))
    tour.checks.holds("She named nobody, so it is not sent before she says who must not read it", not nadia.submit().ok)
    nadia.fill(LABEL, [NONE_OF_THEM])
    nadia.submit()
    tour.checks.until("Edith is told once", lambda: _told_once(edith))
    edith.press("Open", within=edith.inbox[-1])
    tour.checks.until("Edith reads it", lambda: OUTSIDE_WORD in _text(edith))

    tour.show(
        Sees(person=nadia, role="who reports", lines=8),
        Sees(person=edith, role="outside contact", lines=14),
        Sees(person=ben, role="champion", lines=8),
        Sees(person=amina, role="champion", lines=8),
    )
    tour.checks.holds("No champion has seen anything of it", tour.checks.nothing_new(others))
    _look_away(nadia, edith)


def words_that_name_a_champion(tour: Tour) -> None:
    """The words name a champion whom the form does not.

    Tom writes about somebody who is not on Slack, and mentions Ben. He leaves the tick that the form made for Ben.
    """
    tom, amina, ben, chloe = _people(tour, "tom", "amina", "ben", "chloe")
    others = tour.checks.sights(ben, *tour.place.contacts, *_people(tour, "mona", "nadia"))
    tour.checks.keep(NAMING_WORD, tom)
    tour.checks.hide(tom)

    tom.command("/report")
    tom.fill("What happened", NAMING)
    tom.fill("Their name", "Gordon from the front door")
    tom.submit()
    tour.checks.holds("Ben is ticked among those who must not read it", "☑ Ben Adeyemi" in _text(tom))
    tour.show(Sees(person=tom, role="who reports", lines=16))
    tom.submit()
    tour.checks.until("Amina and Chloe are told once", lambda: _told_once(amina, chloe))
    tour.checks.holds("Ben has seen nothing", tour.checks.nothing_new(others))
    _look_away(tom)


def i_should_not_handle_this(tour: Tour) -> None:
    """“I should not handle this”.

    Chloe knows somebody in it. She says so without opening it; nobody asks why. Amina opens it.
    """
    amina, ben, chloe = _people(tour, "amina", "ben", "chloe")
    tour.checks.keep(NAMING_WORD, amina)
    stub = chloe.inbox[-1]
    chloe.press("I should not handle this", within=stub)
    tour.checks.until("Chloe has left it to the others", lambda: "You will not see this again" in _text(chloe))
    tour.checks.until("Her message about it is gone", lambda: not chloe.inbox)
    first = _modal(chloe)
    _look_away(chloe)
    chloe.press("Open", within=stub, force=True)
    tour.checks.until("Pressed again, her old button opens nothing", lambda: NOT_AVAILABLE in _text(chloe))
    amina.press("Open", within=amina.inbox[-1])
    tour.checks.until("Amina reads it", lambda: NAMING_WORD in _text(amina))
    amina.press("People")
    tour.checks.until(
        "Amina sees that Ben and Chloe do not handle it, and of neither why",
        lambda: "Not handling:* Ben Adeyemi, Chloe Martin" in _text(amina),
    )
    tour.show(
        Sees(person=chloe, role="stepped back"),
        Sees(person=amina, role="champion", lines=14),
        Sees(person=ben, role="named in it"),
    )
    tour.checks.holds("Chloe was thanked and asked nothing", "nobody is told why" in first.text)
    _look_away(chloe)


def a_copied_button(tour: Tour) -> None:
    """Somebody presses a button that is not theirs.

    Nadia presses a copy of the Open button that Amina has, and so does Ben, who is named in it. Farid presses one
    for a report that never was.
    """
    amina, ben, nadia, farid = _people(tour, "amina", "ben", "nadia", "farid")
    _look_away(amina)
    opens = next(control for control in amina.inbox[-1].controls if control.words == "Open")
    real, made_up = str(opens.element["value"]), str(uuid4())
    for person, value in ((nadia, real), (ben, real), (farid, made_up)):
        person.send_action(opens.action_id, value)
        tour.checks.until(
            f"{_first_name(person)} reads: {NOT_AVAILABLE}",
            lambda person=person: NOT_AVAILABLE in _text(person),  # type: ignore[misc]
        )
    tour.show(
        Sees(person=nadia, role="member"),
        Sees(person=ben, role="named in it"),
        Sees(person=farid, role="outside contact"),
    )
    answers = {_text(person) for person in (nadia, ben, farid)}
    tour.checks.holds("Not theirs and never was: the same answer, word for word", len(answers) == 1)
    _look_away(nadia, ben, farid)


def killed_while_it_owes_messages(tour: Tour) -> None:
    """The process is killed while it owes messages.

    Mona sends another report. She reads “Saved”, but Slack is busy and asks gpbot to wait with its messages.
    Then gpbot is killed (SIGKILL), and started again.
    """
    mona, *champions = _people(tour, "mona", "amina", "ben", "chloe")
    place = tour.place
    before = {champion.id: len(champion.inbox) for champion in champions}
    calls = len(place.workspace.calls)
    tour.checks.keep(LATE_WORD, mona)

    place.workspace.faults.add(method="chat.postMessage", retry_after=RATE_LIMITED_SECONDS, times=None)
    mona.command("/report")
    mona.fill("What happened", LATE)
    mona.submit()
    mona.fill(LABEL, [NONE_OF_THEM])
    mona.submit()
    tour.checks.holds("Mona reads that it is saved", "Saved. No person has read it" in _text(mona))
    tour.checks.until(
        "Slack asks gpbot to wait",
        lambda: any(call.status == TOO_MANY_REQUESTS for call in place.workspace.calls[calls:]),
    )
    place.until(lambda: all(seconds < SOON_SECONDS for seconds in place.owed()))
    place.bot.kill()
    place.workspace.faults.clear()
    tour.checks.holds(
        "At this moment no champion has heard of it", all(len(each.inbox) == before[each.id] for each in champions)
    )
    place.bot.start()
    tour.checks.until(
        "Started again, gpbot tells all three champions what it owed them",
        lambda: all(len(each.inbox) > before[each.id] for each in champions),
    )
    tour.show(
        Sees(person=mona, role="who reports", lines=8),
        *(Sees(person=each, role="champion", lines=8) for each in champions[1:]),
    )
    tour.checks.holds("Each of them once", all(len(each.inbox) == before[each.id] + 1 for each in champions))
    _look_away(mona)


def closed_with_an_outcome(tour: Tour) -> None:
    """Ben closes the first report; Mona reads what came of it.

    Ben finds it on the Desk, in the list that is his alone.
    """
    mona, amina, ben = _people(tour, "mona", "amina", "ben")
    others = tour.checks.sights(amina, *tour.place.contacts, *_people(tour, "nadia", "tom"))
    tour.checks.keep(OUTCOME_WORD, ben, mona)
    messages = len(mona.inbox)

    ben.press("What is waiting for me", channel=tour.place.triage)
    tour.place.until(lambda: tour.codes["stall"].casefold() in _text(ben).casefold())
    _press_beside(ben, tour.codes["stall"], "Open")
    tour.place.until(lambda: _title(ben) == tour.codes["stall"])
    ben.press("Close report")
    ben.fill("Why", "We have done what we can")
    ben.fill("What the reporter will read", OUTCOME)
    ben.submit()
    tour.checks.until("Mona is told, without a word of it", lambda: len(mona.inbox) == messages + 1)
    mona.press("Open", within=mona.inbox[-1])
    tour.checks.until("Mona reads the outcome and the reason", lambda: OUTCOME_WORD in _text(mona))
    tour.show(
        Sees(person=mona, role="who reported", then=OUTCOME[:9]),
        Sees(person=ben, role="champion", lines=8),
        Sees(person=amina, role="named in it", lines=8),
    )
    tour.checks.holds("Amina has seen nothing of it, from beginning to end", tour.checks.nothing_new(others))
    _look_away(mona, ben)


def a_question_and_its_answer(tour: Tour) -> None:
    """A question to the champions.

    Nadia only wants to know something, so she types /ask. Questions go to the champions' own channel as a card, and
    she has left her name out of it. Chloe claims it there, and answers.
    """
    nadia, amina, ben, chloe = _people(tour, "nadia", "amina", "ben", "chloe")
    others = tour.checks.sights(*tour.place.contacts, *_people(tour, "mona", "tom"))
    tour.checks.keep(QUESTION_WORD, nadia, amina, ben, chloe)
    tour.checks.keep(REPLY_WORD, nadia, chloe)
    messages = len(nadia.inbox)

    nadia.command("/ask")
    nadia.fill("Your question", QUESTION)
    nadia.submit()
    tour.checks.until(
        "The champions read it in their channel, and not who asks", lambda: _on_card(tour, "A member asks")
    )
    chloe.press("Claim", channel=tour.place.triage)
    tour.checks.until("The card says that Chloe has it", lambda: _on_card(tour, "@Chloe Martin has it"))
    chloe.press("Answer", channel=tour.place.triage)
    chloe.fill("Answer", REPLY)
    chloe.submit()
    tour.checks.until("Nadia is told, without a word of it", lambda: len(nadia.inbox) == messages + 1)
    _look_away(nadia)
    nadia.press("Open", within=nadia.inbox[-1])
    tour.checks.until("Nadia reads the answer, from the Champions", lambda: REPLY_WORD in _text(nadia))
    tour.show(
        Sees(person=nadia, role="who asks", then="From the Champions"),
        Sees(person=chloe, role="champion", lines=16),
    )
    nadia.press("Close question")
    tour.checks.until("She closes it, and the card goes", lambda: not _on_card(tour, ""))
    tour.checks.holds("Everybody else has seen nothing of it", tour.checks.nothing_new(others))
    _look_away(nadia, chloe)


def a_question_that_is_a_concern(tour: Tour) -> None:
    """A question that is really a concern.

    Tom asks something. All three champions can read it in their channel. Amina sees that it is a concern, and who it
    is about: Ben. She makes it a report. Ben looks at it meanwhile.
    """
    tom, amina, ben, chloe, edith = _people(tour, "tom", "amina", "ben", "chloe", "edith")
    tour.checks.keep(CONCERN_WORD, tom, amina, ben, chloe)
    messages, told = len(tom.inbox), (len(ben.inbox), len(chloe.inbox))

    tom.command("/ask")
    tom.fill("Your question", CONCERN)
    tom.submit()
    tour.checks.until("The card is there", lambda: _on_card(tour, CONCERN_WORD))
    ben.press("Open", channel=tour.place.triage)
    tour.place.until(lambda: CONCERN_WORD in _text(ben))
    amina.press("This is a concern", channel=tour.place.triage)
    tour.checks.until(
        "Amina is told that the champions could read it while it was a question",
        lambda: "could read this while it was a question" in _text(amina),
    )
    amina.fill("Who is it about", [ben])
    tour.place.until(lambda: "☑ Ben" in _text(amina))
    amina.submit()
    tour.checks.until("The card goes, as it goes when a question is closed", lambda: not _on_card(tour, ""))
    tour.checks.until("What Ben had open is empty now", lambda: NOT_AVAILABLE in _text(ben))
    tour.checks.until("Chloe is told once, without a word of it", lambda: len(chloe.inbox) == told[1] + 1)
    tour.checks.until("Tom is told too", lambda: len(tom.inbox) == messages + 1)
    _look_away(tom)
    tom.press("Open", within=tom.inbox[-1])
    tour.checks.until(
        "Tom reads what happened, and who could read it before",
        lambda: "Everyone in the champions' channel could read this" in _text(tom),
    )
    tour.show(
        Sees(person=tom, role="who asked", then="gpbot"),
        Sees(person=ben, role="whom it is about"),
        Sees(person=amina, role="who passed it on"),
        Sees(person=edith, role="outside contact"),
    )
    tour.checks.holds("No message reached Ben", len(ben.inbox) == told[0])
    _look_away(tom, amina, ben)


def reading_and_agreeing(tour: Tour) -> None:
    """Somebody joins, reads the guidelines, and agrees.

    Zoe joins the workspace. gpbot waits a moment, and writes to her.
    """
    others = tour.checks.sights(*tour.place.people.values())
    zoe = tour.place.join("Zoe Brandt", "Safe Harbour")
    tour.checks.until("Zoe gets one message, of five plain lines", lambda: len(zoe.inbox) == 1)
    message = zoe.inbox[0]
    tour.checks.holds("She can read, agree or ask", message.buttons == ["Read in full", "I agree", "I have a question"])
    tour.show(Sees(person=zoe, role="who joins"))
    zoe.press("Read in full")
    tour.checks.until("She reads all of it in a window of her own", lambda: "What this place is for" in _text(zoe))
    _look_away(zoe)
    zoe.press("I agree", within=message)
    tour.checks.until(
        "Her message becomes a receipt, which says what is kept of it",
        lambda: zoe.inbox[0].text.startswith("You agreed to version 1") and "We keep:" in zoe.inbox[0].text,
    )
    tour.show(Sees(person=zoe, role="who agreed"))
    tour.checks.holds("Nobody else has seen anything of it", tour.checks.nothing_new(others))


def finding_channels(tour: Tour) -> None:
    """A newcomer finds the channels for what she works on.

    Zoe has agreed, so gpbot shows her first steps. She picks a topic, and is added to what she leaves ticked.
    """
    zoe = tour.place["zoe"]
    tour.checks.until("Her first steps are there", lambda: any("Pick topics" in each.buttons for each in zoe.inbox))
    zoe.press("Pick topics")
    tour.place.until(lambda: "What do you care about?" in _text(zoe))
    zoe.fill("What do you care about?", ["Housing"])
    zoe.submit()
    zoe.submit()
    tour.checks.until("She reads how each of them went", lambda: "Added to #housing, #legal-advice." in _text(zoe))
    tour.show(Sees(person=zoe, role="who is new"))
    _look_away(zoe)
    zoe.command("/channels", "english")
    tour.checks.until("She finds another one by a word of its purpose", lambda: "#teaching-english" in _text(zoe))
    zoe.press("Join")
    tour.checks.until("One press, and she is in it", lambda: "You are in #teaching-english now." in _text(zoe))
    joined = [place.name for place in tour.place.workspace.channels.values() if zoe.id in place.members]
    tour.checks.holds(
        "She is in those three, and in no other", set(joined) - {""} == {"housing", "legal-advice", "teaching-english"}
    )
    tour.show(Sees(person=zoe, role="who is new"))
    _look_away(zoe)


def a_welcome(tour: Tour) -> None:
    """A newcomer is welcomed by a person.

    Zoe has said hello, and writes why she joined. The champions read it in their channel, and Ben takes it on. Chloe
    presses the same button, on a card that does not show it yet.
    """
    zoe, amina, ben, chloe = _people(tour, "zoe", "amina", "ben", "chloe")
    others = tour.checks.sights(*tour.place.contacts, *_people(tour, "mona", "nadia", "tom"))
    tour.checks.keep(WHY_WORD, zoe, amina, ben, chloe)
    (steps,) = (said for said in zoe.inbox if "I said hello" in said.buttons)
    zoe.press("I said hello", within=steps)
    zoe.press("Write it", within=steps)
    tour.checks.until(
        "Before she writes, she reads who will be shown it",
        lambda: "shown to the champions, with your name" in _text(zoe),
    )
    zoe.fill("In a line or two", WHY)
    zoe.submit()
    tour.checks.until("The champions read it in their channel", lambda: bool(_welcome(tour)))
    tour.place.until(lambda: WHY_WORD in _welcome(tour)[-1].text)
    (card,) = _welcome(tour)
    ben.press("I will welcome them", channel=tour.place.triage)
    tour.checks.until(
        "Zoe is told who", lambda: any("Ben Adeyemi would like to welcome you" in said.text for said in zoe.inbox)
    )
    chloe.press("I will welcome them", within=card, force=True)
    tour.checks.until(
        "Chloe learns that somebody was first", lambda: "Somebody else has just said" in _last_told(chloe, tour)
    )
    _look_away(zoe, chloe)
    tour.checks.until(
        "Nothing is left to do, so there is nothing to put off or to skip",
        lambda: not any("Skip all this" in said.buttons for said in zoe.inbox),
    )
    tour.show(Sees(person=zoe, role="who is new"))
    tour.checks.holds("Everybody else has seen nothing of it", tour.checks.nothing_new(others))


def a_channel_is_proposed(tour: Tour) -> None:
    """A channel is proposed and supported, and somebody has a concern.

    Zoe misses a channel. She types /propose-channel, and names Chloe, a champion, as its steward. Tom supports it, and
    then has a concern.
    """
    zoe, tom, amina, ben, chloe = _people(tour, "zoe", "tom", "amina", "ben", "chloe")
    tour.checks.keep(WORRY_WORD, tom, amina, ben)
    tour.place.workspace.invite(tour.place.proposals, zoe)
    told = [len(each.inbox) for each in (amina, ben, chloe)]

    zoe.command("/propose-channel")
    zoe.fill("What is it for", "Sharing what we know about rent and housing law.")
    zoe.fill("Its name", "Housing & Law")
    zoe.fill("Who looks after it", [chloe])
    zoe.submit()
    tour.checks.until(
        "Zoe reads which channels look close, before anything is posted",
        lambda: "These look close" in _text(zoe) and "not posted yet" in _text(zoe),
    )
    tour.show(Sees(person=zoe, role="who proposes it", lines=14))
    zoe.fill("Its name", "Rent & Law")
    zoe.submit()
    tour.checks.until(
        "What she has changed she sees once more",
        lambda: "*#rent-law*" in _text(zoe) and "not posted yet" in _text(zoe),
    )
    zoe.submit()
    tour.checks.until("It stands in the proposals channel", lambda: "#rent-law" in _proposal(tour))
    tom.press("Support", channel=tour.place.proposals)
    tour.checks.until(
        "Tom, who has not agreed to the guidelines, is told to do so first",
        lambda: any("agree to the guidelines first" in said.text for said in tom.read(tour.place.proposals)),
    )
    tom.command("/guidelines")
    tom.submit()
    tour.place.until(lambda: "Thank you" in _text(tom))
    _look_away(tom)
    tom.press("Support", channel=tour.place.proposals)
    tour.checks.until("Then his support counts, and his name is not shown", lambda: "1 supports it" in _proposal(tour))
    amina.command("/guidelines")
    amina.submit()
    tour.place.until(lambda: "Thank you" in _text(amina))
    _look_away(amina)
    amina.press("Add me when it opens", channel=tour.place.proposals)
    tour.checks.until("Amina asks to be added to it", lambda: "1 wants to be added" in _proposal(tour))
    tom.press("Concern", channel=tour.place.proposals)
    tom.fill("What worries you", WORRY)
    tom.fill(LABEL, [NONE_OF_THEM])
    tom.submit()
    tour.checks.until(
        "His words name Chloe: he reads that she is ticked, and so cannot read them",
        lambda: "seem to name Chloe Martin" in _text(tom),
    )
    tom.submit()
    tour.checks.until(
        "Amina and Ben are told that something waits, without a word of it",
        lambda: [len(each.inbox) for each in (amina, ben)] == [told[0] + 1, told[1] + 1],
    )
    for champion in (amina, ben):
        champion.press("Open", within=champion.inbox[-1])
    tour.place.until(lambda: all(WORRY_WORD in _text(champion) for champion in (amina, ben)))
    tour.checks.holds("They do not read from whom it is", all("from a member" in _text(each) for each in (amina, ben)))
    tour.show(
        Sees(person=zoe, role="who proposes it"),
        Sees(person=amina, role="champion"),
        Sees(person=chloe, role="its steward"),
    )
    _look_away(amina, ben, tom, zoe)


def a_proposal_is_decided(tour: Tour) -> None:
    """The proposal is decided, and its channel opens.

    Chloe presses Approve, then Ben does.
    """
    zoe, amina, ben, chloe = _people(tour, "zoe", "amina", "ben", "chloe")
    chloe.press("Approve", channel=tour.place.triage)
    tour.checks.until(
        "Chloe, its steward, does not decide it", lambda: "somebody else decides it" in _last_told(chloe, tour)
    )
    ben.press("Approve", channel=tour.place.triage)
    tour.checks.until("Ben does", lambda: "approved" in _proposal(tour) or "open:" in _proposal(tour))
    _look_away(chloe)
    tour.checks.until("A moment later #rent-law is open", lambda: "open:" in _proposal(tour))
    (opened,) = (place for place in zoe.places if place.name == "rent-law")
    tour.checks.holds(
        "Zoe, Chloe and Amina are in it, and Tom, who only supported it, is not",
        set(opened.members) == {zoe.id, chloe.id, amina.id, tour.place.app.bot_user_id},
    )
    tour.checks.until(
        "It is announced in #general, too",
        lambda: any("A new channel is open: #rent-law" in said.text for said in ben.read(tour.place.general)),
    )
    pinned = [said.text for said in zoe.read(opened) if said.ts in opened.pins]
    tour.checks.holds("A pinned welcome says how to report", any("/report" in text for text in pinned))


def what_is_left_behind(tour: Tour) -> None:
    """What Slack, the disk and the log hold.

    Three looks behind the scenes: every message gpbot posted, its log, and the bytes of its database.
    """
    place, checks = tour.place, tour.checks
    posted = [
        f"{call.args.get('text')} {call.args.get('blocks')}"
        for call in place.workspace.calls
        if call.method == "chat.postMessage"
        # The champions' channel shows questions, filled in once gpbot knows where each card stands.
        or (call.method == "chat.update" and call.args.get("channel") != place.triage.id)
    ]
    log = place.bot.log.read_text(errors="replace")
    place.bot.stop()
    everything = _raw_bytes(place.folder)
    checks.holds(f"{len(posted)} messages posted, all of them neutral", posted and checks.in_none_of(posted))
    checks.holds("The log holds none of the words and no member's name", log and checks.in_none_of([log]))
    checks.holds(
        "Looking into the database works: the member ids of the champions are found", place["ben"].id in everything
    )
    checks.holds(
        "The member list in it holds everybody alike, whether or not they reported anything",
        all(person.id in everything for person in place.people.values()),
    )
    _empty_the_member_list(place.folder)
    checks.holds(
        "In the rest of it, none of the words and no reporter is found", checks.in_none_of([_raw_bytes(place.folder)])
    )


SCENES: Final[Sequence[Scene]] = (
    a_report_about_a_champion,
    two_champions_at_once,
    a_note_and_a_message,
    only_for_someone_outside,
    words_that_name_a_champion,
    i_should_not_handle_this,
    a_copied_button,
    killed_while_it_owes_messages,
    closed_with_an_outcome,
    a_question_and_its_answer,
    a_question_that_is_a_concern,
    reading_and_agreeing,
    finding_channels,
    a_welcome,
    a_channel_is_proposed,
    a_proposal_is_decided,
    what_is_left_behind,
)


def _raw_bytes(folder: Path) -> str:
    """The database's files as they lie on the disk."""
    return "".join(path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.glob("gpbot.sqlite3*")))


def _empty_the_member_list(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "gpbot.sqlite3", isolation_level=None)) as database:
        database.execute("PRAGMA secure_delete = ON")
        database.execute("UPDATE person SET slack_id = 'somebody ' || id")
        database.execute("VACUUM")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _people(tour: Tour, *names: str) -> list[Person]:
    return [tour.place[name] for name in names]


def _first_name(person: Person) -> str:
    return person.user.real_name.split(maxsplit=1)[0]


def _text(person: Person) -> str:
    """The window in front of them; nothing when none is open."""
    return person.modal.text if person.modal else ""


def _home(person: Person) -> str:
    return person.home.text if person.home else ""


def _title(person: Person) -> str:
    return _modal(person).title


def _modal(person: Person) -> Screen:
    if person.modal is None:
        raise CannotDo(f"{person} has no window open.")
    return person.modal


def _will_read(person: Person, *names: str) -> bool:
    """Whether the review says that these, of all who handle reports, will read it, and no others."""
    line = next((line for line in _text(person).split("\n") if "will read this" in line), "")
    return {name for name in [*CHAMPIONS, *CONTACTS] if name in line} == {
        name for name in [*CHAMPIONS, *CONTACTS] if name.startswith(names)
    }


def _on_card(tour: Tour, words: str) -> bool:
    """Whether a card in the champions' channel holds these words."""
    ben = tour.place["ben"]
    return any(
        "A question for the champions" in said.text and words in said.text for said in ben.read(tour.place.triage)
    )


def _welcome(tour: Tour) -> list[Screen]:
    """The champions' cards about newcomers who would like to be welcomed."""
    return [said for said in tour.place["ben"].read(tour.place.triage) if "is new here" in said.text]


def _proposal(tour: Tour) -> str:
    """The proposal, as everybody sees it in its channel."""
    said = [each.text for each in tour.place["nadia"].read(tour.place.proposals) if "#rent-law" in each.text]
    return said[0] if said else ""


def _last_told(champion: Person, tour: Tour) -> str:
    """What this champion alone was told last in their channel, or in a window."""
    return f"{champion.read(tour.place.triage)[-1].text} {_text(champion)}"


def _told_once(*people: Person) -> bool:
    return all([said.text.startswith(SOMETHING) for said in person.inbox] == [True] for person in people)


def _tab(tour: Tour, person: Person, words: str) -> Screen:
    """Turn to another tab of the window, and wait until it is shown."""
    before = _text(person)
    person.press(words)
    tour.place.until(lambda: _text(person) != before)
    return _modal(person)


def _press_beside(person: Person, text: str, button: str) -> None:
    """Press the button that stands beside this text."""
    screen = _modal(person)
    buttons = [control for control in screen.controls if control.words == button]
    for number, control in enumerate(buttons):
        if text.casefold() in str(control.block.get("text", "")).casefold():
            person.press(button, within=screen, nth=number)
            return
    raise CannotDo(f"{person} finds no “{button}” beside “{text}”.")


def _look_away(*people: Person) -> None:
    """Close whatever windows are open."""
    for person in people:
        if person.modals:
            person.dismiss(all=True)
