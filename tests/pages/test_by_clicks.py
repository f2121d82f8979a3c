"""gpbot by clicks: people with browsers report, read and answer, and one of them must see nothing of it."""

import re

from playwright.sync_api import Page, expect

from gpbot.tour.neighbourhood import Neighbourhood
from tests.halves import LONG
from tests.pages.conftest import IN_A_BROWSER, PATIENCE_MS, Opens

pytestmark = [LONG, IN_A_BROWSER]

expect.set_options(timeout=PATIENCE_MS)

WORD = "marmalade"
REPORT = f"Amina rings me at night about the {WORD} stall."
ANSWER_WORD = "pancake"


def window(page: Page, title: str) -> Page:
    """The window in front, once it has this title; the page, for what stands in it."""
    expect(page.locator("dialog[data-modal] h2")).to_have_text(title)
    return page


def in_window(page: Page, button: str) -> None:
    page.locator("dialog[data-modal]").get_by_role("button", name=button, exact=True).click()


def everything(page: Page) -> str:
    """What a page holds, to the last attribute."""
    return page.content().casefold()


def test_a_report_about_a_champion_is_told_read_and_answered_and_that_champion_sees_nothing(  # noqa: PLR0915  (one story)
    place: Neighbourhood, opened: Opens
) -> None:
    amina_triage = opened("amina", "channel/champions-triage")
    amina_home = opened("amina", "home")
    watched = [opened("amina"), amina_home, amina_triage]
    expect(amina_home.get_by_role("heading", name="Waiting for you")).to_be_visible()
    told = len(place["mona"].inbox)
    before = [page.locator(".pane").inner_text() for page in watched]
    ben, mona = opened("ben", "channel/general"), opened("mona", "channel/general")

    # Mona tells.
    box = mona.get_by_role("combobox")
    box.fill("/rep")
    expect(mona.get_by_role("option", name="/report")).to_be_visible()
    box.press("Enter")
    box.press("Enter")
    window(mona, "Report a concern")
    mona.get_by_label("What happened?").fill(REPORT)
    mona.locator("dialog .picker summary").click()
    mona.get_by_label("Find in: Who is it about?").fill("ami")
    expect(mona.locator(".picker").get_by_label("Ben Adeyemi")).to_be_hidden()
    mona.locator(".picker").get_by_label("Amina Okafor").check()
    keep_out = mona.get_by_role("group", name="Tick everyone who must not read it")
    expect(keep_out.get_by_label("Amina Okafor")).to_be_checked()
    expect(mona.get_by_label("What happened?")).to_have_value(REPORT)
    in_window(mona, "Next")
    window(mona, "Read it once more")
    readers = "Who will read this: Ben Adeyemi (City Welcome), Chloe Martin (City Welcome)"
    expect(mona.get_by_text(readers)).to_be_visible()
    in_window(mona, "Send")
    expect(mona.get_by_text("Saved. No person has read it yet.")).to_be_visible()
    code = mona.locator("dialog h2").inner_text()
    in_window(mona, "Close")
    expect(mona.locator("dialog")).to_have_count(0)

    # Ben, who looks elsewhere, sees that something is new, and reads it.
    news = ben.get_by_role("link", name=re.compile(r"^gpbot \d+ new$"))
    expect(news).to_be_visible()
    assert WORD not in everything(ben)
    news.click()
    ben.get_by_role("button", name="Open", exact=True).last.click()
    window(ben, code)
    expect(ben.get_by_text(REPORT)).to_be_visible()
    expect(ben.get_by_text("The reporter's name is hidden.")).to_be_visible()
    assert "mona" not in ben.locator("dialog").inner_html().casefold()
    in_window(ben, "Claim")
    expect(ben.get_by_text("You have claimed this.")).to_be_visible()
    in_window(ben, "Conversation")
    expect(ben.get_by_text("Nothing has been written yet.")).to_be_visible()
    in_window(ben, "Write to the reporter")
    window(ben, "Write to the reporter")
    ben.get_by_label("Message", exact=True).fill(f"Shall we talk after the {ANSWER_WORD} lunch?")
    in_window(ben, "Send")
    window(ben, code)

    # Mona reads the answer.
    mona.get_by_role("link", name="gpbot").first.click()
    place.until(lambda: len(place["mona"].inbox) == told + 2)
    expect(mona.locator(".said")).to_have_count(told + 2)
    mona.get_by_role("button", name="Open", exact=True).last.click()
    window(mona, code)
    expect(mona.get_by_text(f"after the {ANSWER_WORD} lunch?")).to_be_visible()
    assert "ben adeyemi" not in mona.locator("dialog .modal-body").inner_text().partition("What you sent")[2].casefold()

    # Amina has seen nothing, on any page that was open all the while, and on none that she opens now.
    place.settle()
    watched += [opened("amina", "home"), opened(f"/seen/{place['amina'].user.name}")]
    assert before == [page.locator(".pane").inner_text() for page in watched[:3]]
    for page in watched:
        for hidden in (WORD, ANSWER_WORD, code.casefold()):
            assert hidden not in everything(page)
    amina_triage.get_by_role("button", name="What is waiting for me").click()
    window(amina_triage, "Waiting for you")
    assert code.casefold() not in everything(amina_triage)
    assert WORD in everything(mona)  # the looking works


def test_the_same_without_any_script(place: Neighbourhood, opened: Opens) -> None:
    nadia = opened("nadia", "messages", java_script_enabled=False)
    nadia.locator("#words").fill("/report")
    nadia.get_by_role("button", name="Send").click()
    window(nadia, "Report a concern")
    nadia.get_by_label("What happened?").fill("The trombone evening.")
    in_window(nadia, "Next")
    window(nadia, "Read it once more")
    in_window(nadia, "Cancel and delete")
    expect(nadia.get_by_text("Delete what you wrote?")).to_be_visible()
    nadia.get_by_role("link", name="Go back").click()
    nadia.get_by_label("None of them").check()
    in_window(nadia, "Send")
    expect(nadia.get_by_text("Saved. No person has read it yet.")).to_be_visible()
    in_window(nadia, "Close")
    expect(nadia.locator("dialog")).to_have_count(0)
    chloe = opened("chloe", "messages", java_script_enabled=False)
    chloe.get_by_role("button", name="Open", exact=True).last.click()
    expect(chloe.get_by_text("The trombone evening.")).to_be_visible()


def test_windows_stack_take_the_focus_and_give_it_back(place: Neighbourhood, opened: Opens) -> None:
    tom = opened("tom", "home")
    tom.get_by_role("button", name="Report a concern").focus()
    tom.keyboard.press("Enter")
    window(tom, "Report a concern")
    expect(tom.locator("dialog h2")).to_be_focused()
    tom.keyboard.press("Tab")
    assert tom.evaluate("Boolean(document.activeElement.closest('dialog'))")
    tom.get_by_label("Their name, if they are not on Slack").fill("Gordon")
    tom.get_by_label("What happened?").fill("half a sentence")
    in_window(tom, "More about privacy")
    window(tom, "More about privacy")
    expect(tom.get_by_text("In front of: Report a concern")).to_be_visible()
    tom.keyboard.press("Escape")
    expect(tom.locator("dialog")).to_have_count(0)  # as in Slack, Escape closes them all
    expect(tom.get_by_role("button", name="Report a concern")).to_be_focused()


def test_a_window_below_keeps_what_was_typed(place: Neighbourhood, opened: Opens) -> None:
    tom = opened("tom")
    tom.get_by_text("Shortcuts").click()
    tom.get_by_role("button", name="Report a concern Tell the champions in confidence").click()
    window(tom, "Report a concern")
    tom.get_by_label("What happened?").fill("half a sentence")
    in_window(tom, "More about privacy")
    window(tom, "More about privacy")
    tom.locator("dialog .modal-foot").get_by_role("button", name="Close").click()
    window(tom, "Report a concern")
    expect(tom.get_by_label("What happened?")).to_have_value("half a sentence")
    tom.reload()
    expect(tom.get_by_label("What happened?")).to_have_value("half a sentence")
    tom.get_by_label("What happened?").fill("")
    in_window(tom, "Next")
    expect(tom.get_by_text("Please complete this required field.")).to_be_visible()
    assert tom.get_by_label("What happened?").get_attribute("aria-invalid") == "true"


def test_news_arrive_by_themselves_and_what_is_being_typed_stays(place: Neighbourhood, opened: Opens) -> None:
    mona = opened("mona", "channel/general")
    box = mona.get_by_role("combobox")
    box.fill("a half-written thought")
    box.evaluate("field => field.setSelectionRange(2, 6)")
    place["tom"].say("Is anybody here?", to=place.general)
    expect(mona.get_by_text("Is anybody here?")).to_be_visible()
    expect(box).to_have_value("a half-written thought")
    expect(box).to_be_focused()
    assert box.evaluate("field => [field.selectionStart, field.selectionEnd]") == [2, 6]
    expect(mona.locator("#announce")).to_have_text("New message from Tom Reed")
    box.press("End")
    box.press("Shift+Enter")
    box.press_sequentially("and @ben")
    box.press("Tab")
    box.press("Enter")
    expect(mona.locator(".said").last).to_contain_text("@Ben Adeyemi")
    expect(box).to_have_value("")


def test_any_number_of_open_pages_are_told_of_news_also_when_one_is_closed(place: Neighbourhood, opened: Opens) -> None:
    first = opened("mona", "channel/general")
    others = [first.context.new_page() for _ in range(7)]  # more than a browser opens connections
    for page in others:
        page.goto(first.url)
    place["tom"].say("Are you all there?", to=place.general)
    for page in (first, *others):
        expect(page.get_by_text("Are you all there?")).to_be_visible()
    first.close()
    place["tom"].say("And without the first?", to=place.general)
    for page in others:
        expect(page.get_by_text("And without the first?")).to_be_visible()


def test_a_message_is_reported_from_its_own_menu(place: Neighbourhood, opened: Opens) -> None:
    place["tom"].say("Buy my course", to=place.general)
    nadia = opened("nadia", "channel/general")
    message = nadia.locator(".said", has_text="Buy my course")
    message.locator("summary").click()
    message.get_by_role("button", name="Report to the Champions").click()
    window(nadia, "Report a concern")
    expect(nadia.locator("dialog").get_by_text("The message you are reporting")).to_be_visible()
    expect(nadia.locator("dialog").get_by_text("Buy my course")).to_be_visible()
    expect(nadia.locator("dialog .chip")).to_have_text("Tom Reed")


def test_a_message_that_shares_another_is_reported_with_what_it_shares(place: Neighbourhood, opened: Opens) -> None:
    place["tom"].say("The oboe is mine, hands off", to=place.general)
    ben = opened("ben", "channel/general")
    message = ben.locator(".said", has_text="The oboe is mine").first
    message.locator(".said-menu summary").click()
    message.get_by_role("button", name="Share in #general").click()
    shared = ben.locator(".said", has=ben.locator(".preview", has_text="The oboe is mine"))
    expect(shared.locator(".preview")).to_contain_text("Tom Reed")
    shared.locator(".said-menu summary").click()
    shared.get_by_role("button", name="Report to the Champions").click()
    window(ben, "Report a concern")
    expect(ben.locator("dialog").get_by_text("The oboe is mine")).to_be_visible()


def test_two_people_side_by_side(place: Neighbourhood, opened: Opens) -> None:
    page = opened(f"/two?left=/as/{place['mona'].user.name}/home&right=/as/{place['ben'].user.name}/messages")
    left, right = page.frame_locator("[data-side='0']"), page.frame_locator("[data-side='1']")
    left.get_by_role("button", name="Report a concern").click()
    left.get_by_label("What happened?").fill("The accordion class.")
    left.get_by_role("button", name="Next").click()
    left.get_by_label("None of them").check()
    left.get_by_role("button", name="Send", exact=True).click()
    expect(left.get_by_text("Saved. No person has read it yet.")).to_be_visible()
    expect(right.locator(".said").last).to_contain_text("There is something for you.")
    expect(right.locator("header.frame")).to_have_count(0)  # one frame around both is enough


def test_time_and_trouble_can_be_made(place: Neighbourhood, opened: Opens) -> None:
    tom = opened("tom")
    tom.get_by_role("combobox").fill("/report")
    tom.get_by_role("combobox").press("Enter")
    tom.get_by_label("What happened?").fill("The saxophone school.")
    in_window(tom, "Next")
    window(tom, "Read it once more")
    in_window(tom, "Not now")
    expect(tom.locator("dialog")).to_have_count(0)
    tom.locator("details.time summary").click()
    tom.get_by_role("button", name="An hour later").click()
    expect(tom.get_by_text("(1 hour ahead)")).to_be_visible()
    expect(tom.get_by_text("You have not sent this yet.")).to_be_visible()  # its quarter of an hour is over

    behind = opened("/behind")
    behind.get_by_role("button", name="Kill gpbot (SIGKILL)").click()
    expect(tom.get_by_text("gpbot is not running.")).to_be_visible()
    tom.get_by_role("button", name="Continue").click()
    expect(tom.get_by_text("We had some trouble connecting.")).to_be_visible()
    tom.get_by_role("button", name="Start it again").click()
    expect(tom.get_by_text("gpbot is not running.")).to_have_count(0)
    tom.get_by_role("button", name="Continue").click()
    window(tom, "Read it once more")
    expect(tom.get_by_text("The saxophone school.")).to_be_visible()
    behind.get_by_role("button", name="Slack is busy").click()
    expect(tom.locator(".strip")).to_contain_text("Slack is busy.")
    behind.get_by_role("button", name="End it").click()
    expect(tom.locator(".strip")).to_have_count(0)


def test_the_guide_leads_through_its_first_part(place: Neighbourhood, opened: Opens) -> None:
    page = opened("/")
    page.get_by_role("link", name="Take the guided tour").click()
    expect(page.get_by_text("Guide: A member reports a champion")).to_be_visible()
    page.get_by_role("button", name="Do it for me").click()
    window(page, "Read it once more")
    in_window(page, "Send")  # by hand, this time; the guide stays within reach of an open window
    expect(page.get_by_text("Saved. No person has read it yet.")).to_be_visible()
    page.get_by_role("button", name="Done", exact=True).click()
    expect(page.locator("[aria-current='step']")).to_contain_text("Amina Okafor")
    page.get_by_role("link", name="Become Amina").click()
    expect(page.get_by_role("heading", name="gpbot")).to_be_visible()
    page.get_by_role("button", name="Leave the guide").click()
    expect(page.locator(".guide")).to_have_count(0)


def test_all_of_it_can_be_done_from_the_keyboard(place: Neighbourhood, opened: Opens) -> None:
    page = opened("gita")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "words":
            break
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("/report")
    page.keyboard.press("Enter")
    window(page, "Report a concern")
    while page.evaluate("document.activeElement.nodeName") != "TEXTAREA":
        page.keyboard.press("Tab")
    page.keyboard.type("The umbrella rota.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Gordon")
    page.keyboard.press("Enter")  # in a line, it presses the window's own button
    window(page, "Read it once more")
    expect(page.locator("dialog h2")).to_be_focused()
