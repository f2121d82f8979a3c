"""Every screen gpbot has, drawn as PNG files, for review and for the README."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page

from gpbot.practice import Person
from gpbot.tour.chromium import chromium
from gpbot.tour.neighbourhood import SAMPLE, Neighbourhood, neighbourhood
from gpbot.tour.pages import frame, furnish
from gpbot.tour.scenes import ANSWER, CONCERN, MESSAGE, NOTE, OUTCOME, QUESTION, REPLY, REPORT

Does = Callable[[Neighbourhood], object]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How large and in which light."""

    name: str
    width: int
    height: int
    dark: bool = False
    scale: float = 1.0


WIDE: Final = Look(name="wide", width=1120, height=760)
NARROW: Final = Look(name="narrow", width=390, height=760, dark=True)
TALL: Final = (Look(name="wide", width=1120, height=1400), Look(name="narrow", width=390, height=1700, dark=True))
README: Final = Look(name="", width=1120, height=640)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One screen: who has it where, what is done before, in order, and a button pressed in the page at last.

    `path` is for pages that belong to nobody.
    """

    name: str
    who: str = ""
    where: str = "messages"
    do: Does | None = None
    click: str = ""
    path: str = ""
    looks: Sequence[Look] = (WIDE, NARROW)


def draw_all(own: Path, folder: Path, only: str = "") -> Iterator[Path]:
    """Play everything in a community in the folder `own`, and draw what has `only` in its name into `folder`.

    Raises NoBrowser, BotDied, CannotDo.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, neighbourhood(own, pages=True) as place:
        furnish(place)
        place.open_pages(frame(place, reset=lambda: None))
        pages = _Pages(browser, place)
        for picture in PICTURES:
            if picture.do is not None:
                picture.do(place)
                place.settle()
            if only in picture.name:
                for look in picture.looks:
                    yield pages.draw(picture, look, folder)


class _Pages:
    """One page for each look, used again and again."""

    def __init__(self, browser: Browser, place: Neighbourhood) -> None:
        self._browser = browser
        self._place = place
        self._pages: dict[Look, Page] = {}

    def draw(self, picture: Picture, look: Look, folder: Path) -> Path:
        page = self._page(look)
        path = picture.path or f"/as/{self._place[picture.who].user.name}/{picture.where}"
        page.goto(self._place.workspace.base_url + path, wait_until="load")
        if picture.path.startswith("/two"):
            for shown in page.frames[1:]:
                shown.wait_for_load_state("load")
        if picture.click:
            page.get_by_role("button", name=picture.click, exact=True).last.click()
            page.locator("dialog.confirm[data-shown]").wait_for()
        file = folder / ("-".join(filter(None, [picture.name, look.name])) + ".png")
        page.screenshot(path=file, animations="disabled")
        return file

    def _page(self, look: Look) -> Page:
        if look not in self._pages:
            context = self._browser.new_context(
                viewport={"width": look.width, "height": look.height},
                color_scheme="dark" if look.dark else "light",
                device_scale_factor=look.scale,
                reduced_motion="reduce",
                locale="en-GB",
            )
            self._pages[look] = context.new_page()
        return self._pages[look]


# What is done, by name; each waits for what it needs.


def form(who: str, words: str = "", about: Sequence[str] = (), *, outside: bool = False) -> Does:
    """Open the form anew and fill in what is given."""

    def do(place: Neighbourhood) -> None:
        person = place[who]
        _close(person)
        person.command("/report")
        if words:
            person.fill("What happened", words)
        if about:
            person.fill("Who is it about", [place[name] for name in about])
            place.settle()
        if outside:
            person.fill("Who should receive", ["Send only"])

    return do


def sent(who: str, words: str, about: Sequence[str] = (), *, outside: bool = False) -> Does:
    """A report, sent."""
    return also(form(who, words, about, outside=outside), submit(who), submit(who))


def press(who: str, *words: str) -> Does:
    """Press these, one after the other."""

    def do(place: Neighbourhood) -> None:
        for button in words:
            place[who].press(button)
            place.settle()

    return do


def fill(who: str, **fields: object) -> Does:
    """Fields by their first words, with _ for a blank."""

    def do(place: Neighbourhood) -> None:
        for label, value in fields.items():
            place[who].fill(label.replace("_", " "), value)
            place.settle()

    return do


def submit(who: str) -> Does:
    def do(place: Neighbourhood) -> None:
        place[who].submit()
        place.settle()

    return do


def close(*who: str) -> Does:
    def do(place: Neighbourhood) -> None:
        for name in who:
            _close(place[name])

    return do


def opens(who: str, *then: str) -> Does:
    """Open the newest message, and press these in it."""

    def do(place: Neighbourhood) -> None:
        person = place[who]
        _close(person)
        person.open_messages()
        place.settle()
        person.press("Open")
        place.settle()
        press(who, *then)(place)

    return do


def desk(who: str) -> Does:
    def do(place: Neighbourhood) -> None:
        _close(place[who])
        place[who].press("What is waiting for me", channel=place.triage)

    return do


def at_home(who: str, *words: str) -> Does:
    """Open App Home, and press these there."""

    def do(place: Neighbourhood) -> None:
        _close(place[who])
        place[who].open_home()
        place.settle()
        press(who, *words)(place)

    return do


def later(**time: float) -> Does:
    return lambda place: place.clock.move(timedelta(**time))


def also(*several: Does) -> Does:
    return lambda place: [do(place) for do in several]


def says(who: str, words: str) -> Does:
    return lambda place: place[who].say(words)


def ask(who: str, words: str = "") -> Does:
    """The form for a question, filled in and sent when there are words."""

    def do(place: Neighbourhood) -> None:
        person = place[who]
        person.command("/ask")
        place.settle()
        if words:
            person.fill("Your question", words)
            person.submit()
            place.settle()

    return do


def on_card(who: str, words: str) -> Does:
    """Press this on the newest card in the champions' channel."""

    def do(place: Neighbourhood) -> None:
        place[who].press(words, channel=place.triage)
        place.settle()

    return do


def _names_ben(place: Neighbourhood) -> None:
    place["amina"].fill("Who is it about", [place["ben"]])
    place.settle()


def _joins(place: Neighbourhood) -> None:
    place.join("Zoe Brandt", "Safe Harbour")
    place.settle()
    place.clock.move(timedelta(minutes=3))


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


def publishes(old: str, new: str, *, major: bool, changes: str) -> Does:
    """The sample with other words."""
    text = SAMPLE.read_text("utf-8")
    return lambda place: place.publish(text.replace(old, new), is_major=major, changes=changes)


def _shortcut(place: Neighbourhood) -> None:
    nadia = place["nadia"]
    _close(nadia)
    place["tom"].say("My course Fundraising in Five Steps is half price. Write to me!", to=place.general)
    nadia.message_shortcut("Report to the Champions", nadia.read(place.general)[-1])


def _nobody_left(place: Neighbourhood) -> None:
    form("tom", "All five of them were there.", ["amina", "ben", "chloe", "edith", "farid"])(place)
    place["tom"].submit()


def _somebody_elses_button(place: Neighbourhood) -> None:
    opens = next(control for control in place["ben"].inbox[-1].controls if control.words == "Open")
    place["tom"].send_action(opens.action_id, str(opens.element["value"]))


def _harbour_is_quiet(place: Neighbourhood) -> None:
    """Mona proposes #harbour, which Tom looks after; Amina approves it; and for two months nobody writes there."""
    mona, amina = place["mona"], place["amina"]
    at_home("mona")(place)
    if "I agree" in (mona.home.buttons if mona.home else ()):
        press("mona", "I agree")(place)
    _close(mona)
    mona.command("/propose-channel", "harbour")
    place.settle()
    mona.fill("What is it for", "Finding boats and quays.")
    mona.fill("Who looks after it", [place["tom"]])
    mona.submit()
    place.settle()
    mona.submit()
    place.settle()
    amina.press("Approve", channel=place.triage)
    place.until(lambda: place.workspace.is_taken("harbour"))
    place.settle()
    place.clock.move(timedelta(days=61))
    place.until(lambda: any("#harbour still needed" in said.text for said in place["tom"].inbox))


def _leave_the_guide(place: Neighbourhood) -> None:
    if place.site is not None:
        place.site.guide.is_followed = False


def _close(person: Person) -> None:
    if person.modals:
        person.dismiss(all=True)


PICTURES: Final[Sequence[Picture]] = (
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
    Picture(name="77-the-contact", who="edith", do=also(submit("nadia"), opens("edith"))),
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
    Picture(name="g1-guidelines-asked", who="zoe", do=_joins),
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
    # A channel that has gone quiet.
    Picture(name="h1-quiet-steward", who="tom", do=also(close("tom"), _harbour_is_quiet)),
    Picture(name="h2-quiet-steward-home", who="tom", where="home", do=at_home("tom"), looks=TALL),
    Picture(name="h3-quiet-steward-answered", who="tom", do=press("tom", "It can be archived")),
    Picture(name="h4-quiet-card", who="amina", where="channel/champions-triage"),
    Picture(name="h5-quiet-archive-asked", who="amina", where="channel/champions-triage",
            click="Archive: #harbour"),
    Picture(name="h6-quiet-home-of-a-champion", who="ben", where="home", do=at_home("ben"), looks=TALL),
    Picture(name="h7-quiet-desk", who="ben", where="channel/champions-triage", do=desk("ben")),
    Picture(name="h8-quiet-archived", who="amina", where="channel/champions-triage",
            do=also(close("ben"), on_card("amina", "Archive"))),
    Picture(name="h9-quiet-told", who="tom"),
    Picture(name="93-gpbot-killed", who="tom", do=also(close("tom"), lambda place: place.bot.kill(),
                                                      lambda place: place["tom"].command("/report"))),
    Picture(name="94-behind", path="/behind"),
)  # fmt: skip
