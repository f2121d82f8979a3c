"""Every screen gpbot has: how each comes about, one after the other."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from gpbot.reports.ticks import LABEL
from gpbot.tour.neighbourhood import Neighbourhood
from gpbot.tour.pictures import (
    README,
    TALL,
    Album,
    Look,
    Picture,
    agrees,
    also,
    ask,
    at_home,
    close,
    command,
    desk,
    fill,
    form,
    joins,
    later,
    none_of_them,
    on_card,
    on_message,
    on_proposal,
    opens,
    press,
    proposes,
    publishes,
    says,
    sent,
    submit,
)
from gpbot.tour.scenes import ANSWER, CONCERN, MESSAGE, NOTE, OUTCOME, QUESTION, REPLY, REPORT

LONG: Final = (
    "It began in spring, with messages that were friendly and a little too many. I answered the first ones, because "
    "we run the stall together and somebody has to. "
) * 18
FROM_RIGHT: Final = "هو يتصل بي كل ليلة ويسأل أين أسكن. طلبت منه أن يتوقف ولم يتوقف. I told him twice."
MANY: Final = (
    "Ada Lund", "Bela Kiss", "Cem Aydin", "Dana Novak", "Eva Roth", "Faisal Omar", "Greta Holm", "Hana Sato",
    "Ivo Petrov", "Jana Vesela", "Kofi Mensah", "Lena Braun", "Mira Shah", "Nils Berg", "Olga Sidorenko", "Paulo Reis",
    "Rosa Marin",
)  # fmt: skip
HOSTILE: Final = (
    '<script>alert("x")</script> *not bold* <!channel> @channel &amp; <@U123> \u202egnorw\u202c zero\u200bwidth'
)


def _names_ben(place: Neighbourhood) -> None:
    place["amina"].fill("Who is it about", [place["ben"]])
    place.settle()


def _joins_many(place: Neighbourhood) -> None:
    """So that the list has more than one page."""
    for name in MANY:
        place.join(name, "Safe Harbour" if name < "M" else "Open Door")
    place.settle()
    place.clock.move(timedelta(minutes=3))


def _workspace_full(place: Neighbourhood) -> None:
    """Slack takes no message to a member, once."""
    place.workspace.faults.add(
        method="chat.postMessage",
        error="message_limit_exceeded",
        where=lambda args: str(args.get("channel", "")).startswith("U"),
    )


def _shortcut(place: Neighbourhood) -> None:
    nadia = place["nadia"]
    close("nadia")(place)
    place["tom"].say("My course Fundraising in Five Steps is half price. Write to me!", to=place.general)
    nadia.message_shortcut("Report to the Champions", nadia.read(place.general)[-1])


def _nobody_left(place: Neighbourhood) -> None:
    form("tom", "All five of them were there.", ["amina", "ben", "chloe", "edith", "farid"])(place)
    place["tom"].submit()


def _somebody_elses_button(place: Neighbourhood) -> None:
    opens = next(control for control in place["ben"].inbox[-1].controls if control.words == "Open")
    place["tom"].send_action(opens.action_id, str(opens.element["value"]))


def _leave_the_guide(place: Neighbourhood) -> None:
    if place.site is not None:
        place.site.guide.is_followed = False


_EVERYTHING: Final = (
    Picture(name="00-people", path="/"),
    Picture(name="01-guide", path="/guide"),
    Picture(name="readme-guide", path="/guide/start", looks=(README,)),
    Picture(name="02-guide-followed", path="/guide/start"),
    Picture(name="03-home-of-a-member", who="mona", where="home", do=also(_leave_the_guide, at_home("mona"))),
    Picture(name="04-home-of-a-champion", who="ben", where="home"),
    Picture(name="05-messages-empty", who="mona"),
    Picture(name="06-desk", who="ben", where="channel/champions-triage"),
    Picture(name="07-a-guest", who="gita", where="channel/general"),
    # Before sending.
    Picture(name="10-form", who="mona", do=form("mona")),
    Picture(name="11-form-incomplete", who="mona", do=submit("mona")),
    Picture(name="12-form-named", who="mona", do=form("mona", REPORT, ["amina"])),
    Picture(name="readme-form", who="mona", looks=(README,)),
    Picture(name="13-privacy", who="mona", do=press("mona", "More about privacy")),
    Picture(name="14-review", who="mona", do=also(form("mona", REPORT, ["amina"]), submit("mona"))),
    Picture(name="15-delete-asked", who="mona", click="Cancel and delete"),
    Picture(name="16-deleted", who="mona", do=press("mona", "Cancel and delete")),
    Picture(name="17-form-of-a-message", who="nadia", where="channel/general", do=_shortcut),
    Picture(name="18-nobody-left", who="tom", do=_nobody_left),
    Picture(name="19-review-that-names", who="tom", do=also(form("tom", "Ben was there and looked away."),
                                                           submit("tom"))),
    Picture(name="19-review-that-asks", who="tom", do=also(form("tom", "Somebody rings me at night."), submit("tom"))),
    Picture(name="19-review-ticked", who="tom", do=fill("tom", **{LABEL: ["Amina", "Ben", "Chloe"]})),
    Picture(name="19-review-nobody-left", who="tom", do=fill("tom", **{LABEL: ["Amina", "Ben", "Chloe", "Edith",
                                                                            "Farid"]})),
    Picture(name="19-review-of-colleagues", who="tom", do=also(form("tom", "Ben rings me at night.", ["ben"]),
                                                              submit("tom"), fill("tom", **{LABEL: ["Amina"]}))),
    Picture(name="20-review-of-a-champion", who="chloe", do=also(form("chloe", "It concerns Tom.", ["tom"]),
                                                                submit("chloe"))),
    Picture(name="21-not-sent-yet", who="tom", do=also(close("tom", "chloe", "nadia"), later(minutes=20))),
    Picture(name="22-message-typed", who="nadia", do=says("nadia", "Somebody worries me, who can I tell?")),
    # A report and its readers.
    Picture(name="30-receipt", who="mona", do=sent("mona", REPORT, ["amina"])),
    Picture(name="31-receipt-in-messages", who="mona", do=close("mona")),
    Picture(name="32-stub", who="ben"),
    Picture(name="33-nothing-for-the-named", who="amina"),
    Picture(name="34-case", who="ben", do=opens("ben")),
    Picture(name="readme-two", path="/two?left=/as/ben.adeyemi/messages&right=/as/amina.okafor/messages",
            looks=(README,)),
    Picture(name="35-claimed", who="ben", do=press("ben", "Claim")),
    Picture(name="36-conversation-empty", who="ben", do=press("ben", "Conversation")),
    Picture(name="37-message-form", who="ben", do=press("ben", "Write to the reporter")),
    Picture(name="38-conversation", who="ben", do=also(fill("ben", Message=MESSAGE), submit("ben"))),
    Picture(name="39-notes-empty", who="ben", do=press("ben", "Notes")),
    Picture(name="40-note-form", who="ben", do=press("ben", "Write a note")),
    Picture(name="41-notes", who="ben", do=also(fill("ben", Note=NOTE), submit("ben"))),
    Picture(name="42-people", who="ben", do=press("ben", "People")),
    Picture(name="43-add-people", who="ben", do=press("ben", "Add people")),
    Picture(name="44-log", who="ben", do=press("ben", "Back", "Log")),
    Picture(name="45-desk-list", who="ben", where="channel/champions-triage", do=desk("ben")),
    Picture(name="46-desk-list-empty", who="amina", where="channel/champions-triage", do=desk("amina")),
    Picture(name="47-handled-by-another", who="chloe", do=also(desk("chloe"), press("chloe", "Open"))),
    Picture(name="48-not-available", who="tom", do=also(close("tom"), sent("nadia", "A small thing."),
                                                       close("nadia"), _somebody_elses_button)),
    # The one who reported.
    Picture(name="50-own-report", who="mona", do=opens("mona")),
    Picture(name="51-add-something", who="mona", do=press("mona", "Add something")),
    Picture(name="52-add-something-that-names", who="mona", do=also(fill("mona", Add_something="Chloe saw it too."),
                                                                   submit("mona"))),
    Picture(name="53-change-readers", who="mona", do=opens("mona", "Change who can read")),
    Picture(name="54-details", who="mona", do=opens("mona", "Add details")),
    Picture(name="55-hide-someone", who="mona", do=opens("mona", "How to hide someone in Slack")),
    Picture(name="56-show-name-asked", who="mona", do=opens("mona"), click="Show my name"),
    Picture(name="57-withdraw-asked", who="mona", click="Withdraw"),
    Picture(name="58-added", who="mona", do=also(press("mona", "Add something"), fill("mona", Add_something=ANSWER),
                                                submit("mona"))),
    Picture(name="59-home-with-reports", who="mona", where="home", do=close("mona")),
    Picture(name="60-home-of-a-reader", who="ben", where="home", do=close("ben")),
    Picture(name="61-conflicts", who="ben", where="home", do=at_home("ben", "Whom I should not handle")),
    Picture(name="62-organisation", who="ben", where="home", do=at_home("ben", "Change it")),
    # Closing, leaving, and people outside.
    Picture(name="70-closing-form", who="ben", do=also(desk("ben"), press("ben", "Open", "Close report"))),
    Picture(name="71-closing-refused", who="ben", do=submit("ben")),
    Picture(name="72-closed", who="ben", do=also(fill("ben", Why="We have done what we can",
                                                     What_the_reporter_will_read=OUTCOME), submit("ben"))),
    Picture(name="73-outcome", who="mona", do=opens("mona")),
    Picture(name="74-closed-list", who="ben", where="home", do=at_home("ben", "Closed reports")),
    Picture(name="75-stepped-back", who="chloe", do=also(close("chloe"), press("chloe", "I should not handle this"))),
    Picture(name="76-only-outside", who="nadia", do=also(form("nadia", "All three laughed at me.", outside=True),
                                                        submit("nadia"))),
    Picture(name="77-the-contact", who="edith", do=also(none_of_them("nadia"), submit("nadia"), opens("edith"))),
    Picture(name="78-home-of-a-contact", who="edith", where="home", do=close("edith", "nadia")),
    # Words that are long, from right to left, or hostile.
    Picture(name="80-long", who="amina", do=also(close("mona", "amina"), sent("mona", LONG), opens("amina"))),
    Picture(name="81-from-right-to-left", who="amina", do=also(close("mona"), sent("mona", FROM_RIGHT),
                                                              opens("amina"))),
    Picture(name="82-hostile", who="amina", do=also(close("mona"), sent("mona", HOSTILE), opens("amina"))),
    # Time and trouble.
    Picture(name="90-reminded", who="amina", do=also(close("amina", "mona"), later(days=2))),
    Picture(name="91-passed-on", who="edith", do=later(days=8)),
    Picture(name="92-home-full", who="amina", where="home"),
    # Questions.
    Picture(name="q1-question-form", who="nadia", do=also(close("nadia"), ask("nadia"))),
    Picture(name="q2-question-asked", who="nadia", do=also(fill("nadia", Your_question=QUESTION), submit("nadia"))),
    Picture(name="q3-question-card", who="chloe", where="channel/champions-triage", do=close("chloe")),
    Picture(name="q4-question-opened", who="chloe", where="channel/champions-triage", do=on_card("chloe", "Open")),
    Picture(name="q5-question-answer-form", who="chloe", where="channel/champions-triage",
            do=also(close("chloe"), on_card("chloe", "Claim"), on_card("chloe", "Answer"))),
    Picture(name="q6-question-answered", who="chloe", where="channel/champions-triage",
            do=also(fill("chloe", Answer=REPLY), submit("chloe"))),
    Picture(name="q7-question-answer-read", who="nadia", do=opens("nadia")),
    Picture(name="q8-question-home", who="nadia", where="home", do=close("nadia")),
    Picture(name="q9-question-concern", who="amina", where="channel/champions-triage",
            do=also(close("amina", "tom"), ask("tom", CONCERN), on_card("amina", "This is a concern"))),
    Picture(name="q10-question-passed-on", who="amina", where="channel/champions-triage",
            do=also(_names_ben, submit("amina"))),
    Picture(name="q11-question-now-a-report", who="tom", do=opens("tom")),
    # Guidelines.
    Picture(name="g1-guidelines-asked", who="zoe", do=joins("Zoe Brandt", "Safe Harbour")),
    Picture(name="g2-guidelines-in-full", who="zoe", do=press("zoe", "Read in full")),
    Picture(name="g3-guidelines-agreed", who="zoe", do=also(close("zoe"), press("zoe", "I agree"), close("zoe"))),
    Picture(name="g4-guidelines-home", who="zoe", where="home", do=at_home("zoe"), looks=TALL),
    Picture(name="g5-guidelines-home-of-a-champion", who="chloe", where="home",
            do=also(_joins_many, at_home("chloe")), looks=TALL),
    Picture(name="readme-home", who="chloe", where="home", looks=(Look(name="", width=1120, height=1500),)),
    Picture(name="g6-guidelines-outstanding", who="chloe", where="home", do=press("chloe", "Who has not agreed")),
    Picture(name="g7-guidelines-outstanding-next", who="chloe", where="home", do=press("chloe", "More")),
    Picture(name="g8-guidelines-found", who="chloe", where="home",
            do=also(fill("chloe", Search_this_list="open do"), submit("chloe"))),
    Picture(name="g9-guidelines-found-nobody", who="chloe", where="home",
            do=also(fill("chloe", Search_this_list="zoe"), submit("chloe"))),
    Picture(name="g10-guidelines-mark", who="chloe", where="home",
            do=also(fill("chloe", Search_this_list="mona"), submit("chloe"), press("chloe", "Mark as agreed"))),
    Picture(name="g11-guidelines-marked", who="chloe", where="home",
            do=also(fill("chloe", How_do_you_know="She said so when we spoke."), submit("chloe"))),
    Picture(name="g12-guidelines-noted", who="mona", do=close("chloe", "mona")),
    Picture(name="g13-guidelines-preview", who="chloe", where="home", do=at_home("chloe", "Write to them")),
    Picture(name="g14-guidelines-started", who="chloe", where="home", do=also(_workspace_full, submit("chloe"))),
    Picture(name="g15-guidelines-announced", who="tom", where="channel/general", do=close("tom")),
    Picture(name="g16-guidelines-paused", who="chloe", where="home", do=at_home("chloe"), looks=TALL),
    Picture(name="g17-guidelines-cancel-asked", who="chloe", where="home", click="Cancel"),
    Picture(name="g18-guidelines-told", who="chloe", where="channel/champions-triage",
            do=also(press("chloe", "Go on"), later(seconds=20))),
    Picture(name="g19-guidelines-minor", who="tom", where="channel/general",
            do=publishes("stop.\n", "stop at once.\n", major=False,
                         changes="If someone asks you to stop, stop *at once*.")),
    Picture(name="g20-guidelines-minor-home", who="zoe", where="home", do=at_home("zoe"), looks=TALL),
    Picture(name="g21-guidelines-major", who="zoe",
            do=publishes("You do not need to be an expert.", "", major=True, changes="Everybody is welcome.")),
    Picture(name="g22-guidelines-major-home", who="zoe", where="home", do=at_home("zoe"), looks=TALL),
    Picture(name="g23-guidelines-again", who="zoe", where="home", do=press("zoe", "Read the guidelines")),
    Picture(name="93-gpbot-killed", who="tom", do=also(close("tom"), lambda place: place.bot.kill(),
                                                      lambda place: place["tom"].command("/report"))),
    Picture(name="94-behind", path="/behind"),
)  # fmt: skip


# Channels and arriving.

RENT: Final = "Sharing what we know about rent, eviction and housing law."
ALLOTMENT: Final = "Growing food together: who has land, tools, or seeds to share?"
WHY: Final = "I run a drop-in in Leeds and look for others who teach English without a common language."
WORRY: Final = "The last group about this gave advice that was wrong, and somebody lost a flat. Who checks it?"
WORRY_THAT_NAMES: Final = "Chloe Martin would decide alone who may speak there."
LONG_NAME: Final = "volunteering-and-training-for-people-who-are-new-to-the-north-of-england-and-wales"[:80]
MORE_CHANNELS: Final = {
    "allotments": "Growing things. #food",
    "books": "Reading groups and book swaps.",
    "childcare": "Who looks after whose children, and when. #families",
    "cooking": "Recipes, kitchens and food banks. #food",
    "football": "Sundays at ten.",
    "fundraising": "Grants, forms, and who has filled them in before. #money",
    "interpreting": "Interpreters, and how to work with them. #language",
    "jobs": "Work and papers for work. #law",
    "mental-health": "What helps, and who offers it. #health",
    "schools": "Places, papers, uniforms. #families",
    "transport": "Bus fares, bicycles, driving licences. #money",
    LONG_NAME: "A channel with the longest name that Slack allows, and a purpose that goes on for a while, as some "
    "purposes do when nobody stops whoever writes them. *Not bold* <!channel> @everyone.",
}


def _more_channels(place: Neighbourhood) -> None:
    for name, purpose in MORE_CHANNELS.items():
        place.workspace.add_channel(name, purpose=purpose)
    archived = place.workspace.add_channel("housing-rights", purpose="Tenants and their rights.")
    place.workspace.archive(archived)
    place.clock.move(timedelta(days=1))  # gpbot reads the list once a day
    place.settle()


def _slack_is_slow_to_add(place: Neighbourhood) -> None:
    place.workspace.faults.add(method="conversations.invite", retry_after=60)


def _both_claim(place: Neighbourhood) -> None:
    """Ben a moment after Amina, on a card that does not show it yet."""
    amina, ben = place["amina"], place["ben"]
    (before,) = (said for said in ben.read(place.triage) if "is new here" in said.text)
    amina.press("I will welcome them", channel=place.triage)
    place.settle()
    ben.press("I will welcome them", within=before, force=True)


def _everybody_reads_proposals(place: Neighbourhood) -> None:
    for name in ("zoe", "gita"):
        place.workspace.invite(place.proposals, place[name])


def _an_old_button(place: Neighbourhood) -> None:
    """Support, pressed where the proposal has been decided since."""
    nadia = place["nadia"]
    close("nadia")(place)
    (before,) = (said for said in nadia.read(place.proposals) if "A channel is proposed: #allotment-swaps" in said.text)
    on_proposal("zoe", "Support")(place)
    decline = also(on_card("ben", "Decline"), fill("ben", Why_not="There is #allotments already: swap there."),
                   submit("ben"), close("ben"))  # fmt: skip
    decline(place)
    nadia.press("Support", within=before, force=True)


def _may_not_make_channels(place: Neighbourhood) -> None:
    place.workspace.restricted.add("create")


def _made_by_hand(place: Neighbourhood) -> None:
    place.workspace.restricted.clear()
    place["tom"].create_channel("night-shifts")
    place.settle()


def _may_not_add(place: Neighbourhood) -> None:
    place.workspace.faults.add(method="conversations.invite", error="restricted_action", times=None)


def _name_is_taken(place: Neighbourhood) -> None:
    place.workspace.add_channel("singing", private=True)


IN_PROPOSALS: Final = "channel/channel-proposals"
IN_TRIAGE: Final = "channel/champions-triage"

_CHANNELS: Final = (
    # First steps.
    Picture(name="s1-first-steps", who="zoe", do=also(joins("Zoe Brandt", "Safe Harbour"),
                                                      on_message("zoe", "I agree"), close("zoe")), looks=TALL),
    Picture(name="s2-topics", who="zoe", do=on_message("zoe", "Pick topics")),
    Picture(name="s3-topics-none-picked", who="zoe", do=submit("zoe")),
    Picture(name="s4-channels-of-topics", who="zoe", do=also(fill("zoe", What_do_you_care_about=["Housing"]),
                                                            submit("zoe"))),
    Picture(name="s5-adding", who="zoe", do=also(_slack_is_slow_to_add, submit("zoe"))),
    Picture(name="s6-added", who="zoe", do=later(seconds=90)),
    Picture(name="s7-steps-after-topics", who="zoe", do=close("zoe"), looks=TALL),
    Picture(name="s8-said-hello", who="zoe", do=on_message("zoe", "I said hello"), looks=TALL),
    Picture(name="s9-why-form", who="zoe", do=on_message("zoe", "Write it")),
    Picture(name="s10-why-blank", who="zoe", do=also(fill("zoe", In_a_line_or_two="  "), submit("zoe"))),
    Picture(name="s11-why-sent", who="zoe", do=also(fill("zoe", In_a_line_or_two=WHY), submit("zoe"))),
    Picture(name="s12-steps-passed-on", who="zoe", do=close("zoe"), looks=TALL),
    Picture(name="s13-welcome-card", who="amina", where=IN_TRIAGE),
    Picture(name="s14-welcome-claimed", who="ben", where=IN_TRIAGE, do=_both_claim),
    Picture(name="s15-welcomed", who="zoe", looks=TALL),
    Picture(name="s16-welcome-released", who="ben", where=IN_TRIAGE, do=on_card("amina", "I cannot after all")),
    Picture(name="s17-home-of-a-newcomer", who="zoe", where="home", do=at_home("zoe"), looks=TALL),
    Picture(name="s18-put-off", who="yusuf", do=also(joins("Yusuf Demir", "New Roots"), on_message("yusuf", "I agree"),
                                                    on_message("yusuf", "Later")), looks=TALL),
    Picture(name="s19-reminded", who="yusuf", do=later(days=3, minutes=5), looks=TALL),
    Picture(name="s20-skipped", who="yusuf", do=on_message("yusuf", "Skip all this"), looks=TALL),
    Picture(name="s21-a-guest", who="hana", do=also(joins("Hana Kim", "Visiting", guest=True),
                                                   on_message("hana", "I agree"), close("hana")), looks=TALL),
    Picture(name="s22-after-a-week", who="zoe", do=later(days=5), looks=TALL),
    Picture(name="s23-all-is-well", who="zoe", do=on_message("zoe", "All is well"), looks=TALL),
    # The directory.
    Picture(name="c1-channels", who="nadia", do=command("nadia", "/channels")),
    Picture(name="c2-channels-topic", who="nadia", do=also(fill("nadia", Topic="Housing"), submit("nadia"))),
    Picture(name="c3-channels-searched", who="nadia", do=command("nadia", "/channels", "english")),
    Picture(name="c4-channels-joined", who="nadia", do=press("nadia", "Join")),
    Picture(name="c5-channels-none", who="nadia", do=command("nadia", "/channels", "zeppelin")),
    Picture(name="c6-channels-many", who="nadia", do=also(_more_channels, command("nadia", "/channels")), looks=TALL),
    Picture(name="c7-channels-next", who="nadia", do=press("nadia", "More")),
    Picture(name="c8-channels-a-guest", who="gita", do=command("gita", "/channels")),
    Picture(name="c9-home-of-a-member", who="nadia", where="home", do=at_home("nadia"), looks=TALL),
    # Proposing.
    Picture(name="p1-not-agreed", who="tom", do=command("tom", "/propose-channel")),
    Picture(name="p2-guest", who="gita", do=command("gita", "/propose-channel")),
    Picture(name="p3-none-proposed", who="zoe", do=command("zoe", "/channels", "proposals")),
    Picture(name="p4-form", who="zoe", do=command("zoe", "/propose-channel")),
    Picture(name="p5-form-incomplete", who="zoe", do=submit("zoe")),
    Picture(name="p6-name-kept", who="zoe", do=proposes("zoe", RENT, "Champions of rent", "chloe")),
    Picture(name="p7-name-exists", who="zoe", do=also(fill("zoe", Its_name="Housing"), submit("zoe"))),
    Picture(name="p8-name-archived", who="zoe", do=also(fill("zoe", Its_name="Housing rights"), submit("zoe"))),
    Picture(name="p9-name-not-latin", who="zoe", do=also(fill("zoe", Its_name="سكن"), submit("zoe"))),
    Picture(name="p10-steward-is-guest", who="zoe", do=proposes("zoe", RENT, "Rent & Law", "gita")),
    Picture(name="p11-preview", who="zoe", do=proposes("zoe", RENT, "Housing & Law", "chloe", "nadia",
                                                      topics="notice to leave, deposits, repairs"), looks=TALL),
    Picture(name="p12-preview-changed", who="zoe", do=also(fill("zoe", Its_name="Rent & Law"), submit("zoe")),
            looks=TALL),
    Picture(name="p13-posted", who="zoe", do=submit("zoe")),
    Picture(name="p14-proposal", who="nadia", where=IN_PROPOSALS,
            do=also(_everybody_reads_proposals, close("zoe", "nadia"), agrees("nadia", "mona"))),
    Picture(name="p15-supported", who="nadia", where=IN_PROPOSALS, do=on_proposal("nadia", "Support")),
    Picture(name="p16-wants-in", who="nadia", where=IN_PROPOSALS, do=on_proposal("nadia", "Add me when it opens")),
    Picture(name="p17-taken-back", who="nadia", where=IN_PROPOSALS, do=on_proposal("nadia", "Support")),
    Picture(name="p18-own", who="zoe", where=IN_PROPOSALS, do=on_proposal("zoe", "Support")),
    Picture(name="p19-not-agreed-supports", who="tom", where=IN_PROPOSALS, do=on_proposal("tom", "Support")),
    Picture(name="p20-guest-supports", who="gita", where=IN_PROPOSALS, do=on_proposal("gita", "Support")),
    Picture(name="p21-own-wants-in", who="zoe", where=IN_PROPOSALS, do=on_proposal("zoe", "Add me when it opens")),
    Picture(name="p22-proposed-channels", who="mona", do=command("mona", "/channels", "proposals")),
    Picture(name="p23-opened-by-a-member", who="mona", do=press("mona", "Open")),
    Picture(name="p24-opened-by-who-proposed", who="zoe", do=also(command("zoe", "/channels", "proposals"),
                                                                 press("zoe", "Open"))),
    Picture(name="p25-withdraw-asked", who="zoe", click="Withdraw"),
    Picture(name="p26-home-of-who-proposed", who="zoe", where="home", do=at_home("zoe"), looks=TALL),
    Picture(name="p27-steward-told", who="chloe", do=close("chloe")),
    # A concern about it.
    Picture(name="p30-concern-form", who="mona", where=IN_PROPOSALS, do=on_proposal("mona", "Concern")),
    Picture(name="p31-concern-that-names", who="mona", where=IN_PROPOSALS,
            do=also(fill("mona", What_worries_you=WORRY_THAT_NAMES), none_of_them("mona"), submit("mona"))),
    Picture(name="p32-report-instead", who="mona", where=IN_PROPOSALS, do=press("mona", "Report a concern")),
    Picture(name="p33-concern-sent", who="mona", where=IN_PROPOSALS,
            do=also(on_proposal("mona", "Concern"), fill("mona", What_worries_you=WORRY), none_of_them("mona"),
                    submit("mona"))),
    Picture(name="p34-concern-told", who="ben", do=close("ben")),
    Picture(name="p35-concern-read", who="ben", do=opens("ben")),
    Picture(name="p36-dealt-with-asked", who="ben", click="Dealt with"),
    Picture(name="p37-a-report", who="ben", do=press("ben", "This is a report"), looks=TALL),
    Picture(name="p38-home-of-a-champion", who="ben", where="home", do=at_home("ben"), looks=TALL),
    Picture(name="p39-home-of-its-steward", who="chloe", where="home", do=at_home("chloe"), looks=TALL),
    Picture(name="p40-made-a-report", who="ben", do=also(opens("ben"), press("ben", "This is a report"),
                                                        submit("ben"))),
    Picture(name="p41-now-a-report", who="mona", do=opens("mona"), looks=TALL),
    # Deciding.
    Picture(name="p50-card", who="amina", where=IN_TRIAGE, do=close("amina", "ben", "mona")),
    Picture(name="p51-card-opened", who="amina", where=IN_TRIAGE, do=on_card("amina", "Open"), looks=TALL),
    Picture(name="p52-ask-form", who="amina", where=IN_TRIAGE, do=on_card("amina", "Ask")),
    Picture(name="p53-asked", who="amina", where=IN_TRIAGE,
            do=also(fill("amina", What_do_you_want_to_know="How is it different from #legal-advice?"),
                    submit("amina")), looks=TALL),
    Picture(name="p54-question", who="zoe", do=close("amina", "zoe")),
    Picture(name="p55-answer-form", who="zoe", do=on_message("zoe", "Answer")),
    Picture(name="p56-answered", who="zoe", do=also(fill("zoe", Your_answer="There lawyers answer. Here we help one "
                                                                 "another with letters."), submit("zoe")), looks=TALL),
    Picture(name="p57-card-answered", who="amina", where=IN_TRIAGE, do=close("zoe")),
    Picture(name="p58-steward-does-not-decide", who="chloe", where=IN_TRIAGE, do=on_card("chloe", "Approve")),
    Picture(name="p59-approve-asked", who="ben", where=IN_TRIAGE, click="Approve #rent-law"),
    Picture(name="p60-approved", who="ben", where=IN_TRIAGE,
            do=also(on_proposal("nadia", "Support"), on_card("ben", "Approve"))),
    Picture(name="p61-open", who="nadia", where=IN_PROPOSALS, looks=TALL),
    Picture(name="p62-open-in-general", who="nadia", where="channel/general"),
    Picture(name="p63-welcome", who="nadia", where="channel/rent-law"),
    Picture(name="p64-open-for-who-proposed", who="zoe"),
    # Declined, withdrawn, lapsed.
    Picture(name="p70-decline-form", who="ben", where=IN_TRIAGE,
            do=also(proposes("nadia", ALLOTMENT, "Allotment swaps"), submit("nadia"), close("nadia"),
                    on_card("ben", "Decline"))),
    Picture(name="p71-declined-since", who="nadia", where=IN_PROPOSALS, do=also(close("ben"), _an_old_button)),
    Picture(name="p72-declined-card", who="ben", where=IN_TRIAGE),
    Picture(name="p73-declined-for-who-proposed", who="nadia"),
    Picture(name="p74-decided", who="mona", do=also(command("mona", "/channels", "proposals"),
                                                   press("mona", "What was decided"))),
    Picture(name="p75-too-many", who="zoe",
            do=also(*(also(proposes("zoe", f"{name}, and more of it.", name), submit("zoe"), close("zoe"))
                      for name in ("Cinema club", "Night shifts", "Singing")), command("zoe", "/propose-channel"))),
    Picture(name="p76-withdrawn", who="zoe", do=also(command("zoe", "/channels", "proposals"), press("zoe", "Open"),
                                                    press("zoe", "Withdraw"))),
    # Channels that cannot be opened by themselves.
    Picture(name="o1-name-taken", who="amina", where=IN_TRIAGE,
            do=also(close("zoe", "mona", "nadia"), _name_is_taken, on_card("amina", "Approve"))),
    Picture(name="o2-another-name", who="amina", where=IN_TRIAGE, do=on_card("amina", "Another name")),
    Picture(name="o3-another-name-wrong", who="amina", where=IN_TRIAGE, do=also(fill("amina", Name="General"),
                                                                               submit("amina"))),
    Picture(name="o4-stuck-for-members", who="zoe"),
    Picture(name="o5-home-with-stuck", who="ben", where="home", do=at_home("ben"), looks=TALL),
    Picture(name="o6-may-not-make-channels", who="amina", where=IN_TRIAGE,
            do=also(close("amina"), on_proposal("mona", "Add me when it opens"), _may_not_make_channels,
                    on_card("amina", "Approve"))),
    Picture(name="o7-made-by-hand", who="amina", where=IN_TRIAGE, do=_made_by_hand),
    Picture(name="o8-use-asked", who="amina", where=IN_TRIAGE, click="Use #night-shifts"),
    Picture(name="o9-open-but-for-one", who="amina", where=IN_TRIAGE,
            do=also(_may_not_add, on_card("amina", "Use #night-shifts"))),
    Picture(name="o10-not-added", who="mona"),
    Picture(name="o11-time-is-over", who="ben", where=IN_TRIAGE,
            do=also(proposes("nadia", ALLOTMENT, "Seeds"), submit("nadia"), close("nadia"), later(days=15))),
    Picture(name="o12-lapsed", who="nadia", do=later(days=15)),
    Picture(name="o13-lapsed-for-everybody", who="nadia", where=IN_PROPOSALS),
)  # fmt: skip


def _harbour_is_quiet(place: Neighbourhood) -> None:
    """Mona proposes #harbour, which Tom looks after; Amina approves it; and for two months nobody writes there."""
    also(agrees("mona"), proposes("mona", "Finding boats and quays.", "Harbour", "tom"), submit("mona"), close("mona"))(
        place
    )
    on_card("amina", "Approve")(place)
    place.until(lambda: place.workspace.is_taken("harbour"))
    place.settle()
    place.clock.move(timedelta(days=61))
    place.until(lambda: any("#harbour still needed" in said.text for said in place["tom"].inbox))


# A channel that has gone quiet.
_QUIET: Final = (
    Picture(name="h1-quiet-steward", who="tom", do=_harbour_is_quiet),
    Picture(name="h2-quiet-steward-home", who="tom", where="home", do=at_home("tom"), looks=TALL),
    Picture(name="h3-quiet-steward-answered", who="tom", do=press("tom", "It can be archived")),
    Picture(name="h4-quiet-card", who="amina", where=IN_TRIAGE),
    Picture(name="h5-quiet-archive-asked", who="amina", where=IN_TRIAGE, click="Archive: #harbour"),
    Picture(name="h6-quiet-home-of-a-champion", who="ben", where="home", do=at_home("ben"), looks=TALL),
    Picture(name="h7-quiet-desk", who="ben", where=IN_TRIAGE, do=desk("ben")),
    Picture(name="h8-quiet-archived", who="amina", where=IN_TRIAGE, do=also(close("ben"), on_card("amina", "Archive"))),
    Picture(name="h9-quiet-told", who="tom"),
)

# Where it takes two to support, and two to approve.
_TWO: Final = (
    Picture(name="t1-posted", who="mona",
            do=also(agrees("mona", "nadia", "tom"), proposes("mona", RENT, "Rent & Law"), submit("mona"))),
    Picture(name="t2-proposal", who="nadia", where=IN_PROPOSALS, do=close("mona")),
    Picture(name="t3-supported", who="tom", where=IN_PROPOSALS, do=on_proposal("tom", "Support")),
    Picture(name="t4-card", who="amina", where=IN_TRIAGE, do=on_proposal("nadia", "Support")),
    Picture(name="t5-approve-asked", who="amina", where=IN_TRIAGE, click="Approve #rent-law"),
    Picture(name="t6-approved-once", who="amina", where=IN_TRIAGE, do=on_card("amina", "Approve")),
    Picture(name="t7-opened-by-who-proposed", who="mona",
            do=also(command("mona", "/channels", "proposals"), press("mona", "Open"))),
)  # fmt: skip

ALBUMS: Final[Sequence[Album]] = (
    Album(name="everything", pictures=_EVERYTHING),
    Album(name="channels", pictures=_CHANNELS),
    Album(name="quiet", pictures=_QUIET),
    Album(name="two", pictures=_TWO, settings={"SUPPORT_THRESHOLD": "2", "APPROVALS": "2"}),
)
