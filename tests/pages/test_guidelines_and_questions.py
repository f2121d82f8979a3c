"""Guidelines and questions by clicks: joining, reading, agreeing, seeing to it, asking and answering."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, expect

from gpbot.tour.neighbourhood import SAMPLE, Neighbourhood
from tests.halves import LONG
from tests.pages.conftest import IN_A_BROWSER, PATIENCE_MS, Opens
from tests.pages.test_by_clicks import everything, in_window, window

pytestmark = [LONG, IN_A_BROWSER]

expect.set_options(timeout=PATIENCE_MS)

TRIAGE = "channel/champions-triage"
WORD = "gramophone"


def join(place: Neighbourhood, opened: Opens, name: str, title: str = "Safe Harbour") -> Page:
    """Somebody joins, and looks at their messages when their short wait is over."""
    place.join(name, title)
    place.settle()
    place.clock.move(timedelta(minutes=3))
    return opened(name.split(maxsplit=1)[0].lower())


def at_home(place: Neighbourhood, opened: Opens, who: str) -> Page:
    """Their App Home, once gpbot has shown it again."""
    page = opened(who, "home")
    place.settle()
    return page


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).last.click()


def last_said(page: Page) -> Locator:
    return page.locator(".said").last


def said(page: Page, words: str) -> Locator:
    """The message with these words; after agreeing, the first steps stand below the receipt."""
    return page.locator(".said").filter(has_text=words)


def close_window(page: Page) -> None:
    page.locator("dialog .modal-foot").get_by_role("button", name="Close", exact=True).click()


def yes(page: Page, words: str) -> None:
    """In the box that asks whether they are sure."""
    page.locator("dialog.confirm").get_by_role("button", name=words, exact=True).click()


def serious(page: Page) -> list[tuple[str, list[str]]]:
    """What axe-core finds wrong that keeps somebody out."""
    results = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (each["id"], [node["html"][:160] for node in each["nodes"]])
        for each in results
        if each["impact"] in {"serious", "critical"}
    ]


def test_somebody_who_joins_reads_in_full_agrees_and_holds_a_receipt(place: Neighbourhood, opened: Opens) -> None:
    zoe = join(place, opened, "Zoe Brandt")
    expect(last_said(zoe)).to_contain_text("Welcome to Good Practice Network.")
    assert serious(zoe) == []
    press(zoe, "Read in full")
    window(zoe, "Guidelines")
    expect(zoe.get_by_text("You have not agreed to them yet.")).to_be_visible()
    expect(zoe.get_by_text("If someone asks you to stop, stop.")).to_be_attached()
    assert serious(zoe) == []
    in_window(zoe, "I agree")
    expect(zoe.locator("dialog").get_by_text("You agreed to version 1 of the guidelines on")).to_be_visible()
    close_window(zoe)
    expect(said(zoe, "Thank you.")).to_contain_text(
        "We keep: your account, version 1 (a code made from its exact words: "
    )
    expect(said(zoe, "Thank you.")).to_contain_text("in the window with the text")
    expect(zoe.get_by_role("button", name="I agree")).to_have_count(0)
    press(zoe, "Read them again")
    expect(window(zoe, "Guidelines").locator("dialog").get_by_text("You agreed to version 1")).to_be_visible()
    close_window(zoe)
    zoe.get_by_role("link", name="Home", exact=True).click()
    expect(zoe.get_by_text("You agreed to version 1 of the guidelines on")).to_be_visible()


def test_somebody_agrees_in_the_message_or_asks(place: Neighbourhood, opened: Opens) -> None:
    yara = join(place, opened, "Yara Nasser")
    press(yara, "I have a question")
    window(yara, "Ask the champions")
    in_window(yara, "Cancel")
    expect(yara.locator("dialog")).to_have_count(0)
    press(yara, "I agree")
    expect(said(yara, "You agreed to version 1")).to_contain_text("where: in a message from gpbot")


def test_a_champion_finds_who_has_not_agreed_and_marks_somebody_with_a_reason(
    place: Neighbourhood, opened: Opens
) -> None:
    for number in range(14):
        place.join(f"Pia{number} Lind", "Lighthouse Aid")
    place.settle()
    place.clock.move(timedelta(minutes=3))
    place.settle()
    chloe = at_home(place, opened, "chloe")
    press(chloe, "Who has not agreed")
    window(chloe, "Not agreed yet")
    marks = chloe.locator("dialog").get_by_role("button", name="Mark as agreed")
    expect(marks).to_have_count(20)
    assert serious(chloe) == []
    in_window(chloe, "More")
    expect(marks).not_to_have_count(20)
    box = chloe.get_by_label("Search this list")
    box.fill("lighth pia1")
    box.press("Enter")
    expect(chloe.get_by_text("Not agreed yet, found with “lighth pia1”")).to_be_visible()
    expect(marks).to_have_count(5)  # Pia1, and Pia10 to Pia13
    expect(box).to_have_value("lighth pia1")
    box.fill("gordon")
    in_window(chloe, "Search")
    expect(
        chloe.get_by_text("Nobody on this list has a name or an organisation that begins with “gordon”.")
    ).to_be_visible()
    expect(marks).to_have_count(0)
    box.fill("…")
    in_window(chloe, "Search")
    expect(chloe.get_by_text("Write how a name or an organisation begins.")).to_be_visible()
    box.fill("pia12")
    in_window(chloe, "Search")
    expect(marks).to_have_count(1)
    marks.click()
    window(chloe, "Mark as agreed")
    in_window(chloe, "Mark")
    expect(chloe.get_by_text("Please complete this required field.")).to_be_visible()
    chloe.get_by_label("How do you know that they agree?").fill("She told me on the telephone.")
    in_window(chloe, "Mark")
    expect(chloe.locator("dialog")).to_contain_text("Pia12 Lind counts as having agreed to version 1.")
    pia = opened("pia12")
    expect(pia.get_by_text("A champion noted that you agreed to version 1 of the guidelines.")).to_be_visible()
    assert "telephone" not in everything(pia)
    assert "chloe" not in pia.locator(".said").last.inner_text().casefold()


def test_a_champion_tells_everybody_watches_pauses_goes_on_and_cancels(place: Neighbourhood, opened: Opens) -> None:
    def to_a_member(args: Mapping[str, Any]) -> bool:
        return str(args.get("channel", "")).startswith("U")

    # Slack lets nobody be told at first: what is pressed meanwhile does not depend on how fast this machine is.
    place.workspace.faults.add(method="chat.postMessage", retry_after=600, where=to_a_member, times=None)
    before = len(place["tom"].inbox)
    ben, chloe = at_home(place, opened, "ben"), opened("chloe", TRIAGE)
    press(ben, "Write to them")
    window(ben, "Write to them")
    expect(ben.locator("dialog")).to_contain_text("everybody who has not agreed to version 1")
    assert serious(ben) == []
    in_window(ben, "Not now")
    expect(ben.locator("dialog")).to_have_count(0)
    expect(chloe.get_by_text("Telling members about version 1")).to_have_count(0)
    press(ben, "Write to them")
    window(ben, "Write to them")
    in_window(ben, "Start")
    expect(ben.get_by_text("Started. Your private channel shows how far it is")).to_be_visible()
    card = chloe.locator(".said", has_text="Telling members about version 1 of the guidelines")
    expect(card).to_contain_text(re.compile(r"0 of about \d+ told\."))
    expect(opened("tom", "channel/general").get_by_text("It never asks for a password or for money.")).to_be_visible()
    card.get_by_role("button", name="Pause").click()
    expect(card).to_contain_text("Paused.")
    card.get_by_role("button", name="Go on").click()
    expect(card.get_by_role("button", name="Pause")).to_be_visible()
    card.get_by_role("button", name="Cancel").click()
    chloe.get_by_role("link", name="Go back").click()
    expect(card.get_by_role("button", name="Pause")).to_be_visible()
    card.get_by_role("button", name="Cancel").click()
    yes(chloe, "Cancel it")
    expect(card).to_contain_text("0 people told.")
    expect(card.get_by_role("button")).to_have_count(0)

    # Begun again, it reaches everybody once.
    place.workspace.faults.clear()
    place.clock.move(timedelta(minutes=11))
    close_window(ben)
    press(ben, "Write to them")
    window(ben, "Write to them")
    in_window(ben, "Start")
    expect(ben.get_by_text("Started. Your private channel shows how far it is")).to_be_visible()
    place.until(lambda: len(place["tom"].inbox) > before)
    place.settle()
    place.clock.move(timedelta(minutes=1))
    expect(card.last).to_contain_text(re.compile(r"\d+ people told\."))
    place.settle()
    assert len(place["tom"].inbox) == before + 1
    tom = opened("tom")
    press(tom, "I agree")
    expect(last_said(tom)).to_contain_text("You agreed to version 1")


def test_a_question_is_asked_claimed_answered_read_and_closed(place: Neighbourhood, opened: Opens) -> None:
    nadia, chloe = at_home(place, opened, "nadia"), opened("chloe", TRIAGE)
    press(nadia, "Ask the champions")
    window(nadia, "Ask the champions")
    assert serious(nadia) == []
    in_window(nadia, "Ask")
    expect(nadia.get_by_text("Please complete this required field.")).to_be_visible()
    nadia.get_by_label("Your question. Any language.").fill(f"Who keeps the key of the {WORD} room?")
    in_window(nadia, "Ask")
    window(nadia, "Your question")
    expect(nadia.locator("dialog").get_by_text("Only you get the answer.")).to_be_visible()
    close_window(nadia)
    card = chloe.locator(".said", has_text=WORD)
    expect(card).to_contain_text("A member asks")
    assert "nadia" not in card.inner_html().casefold()
    assert serious(chloe) == []
    card.get_by_role("button", name="Claim").click()
    expect(card).to_contain_text("Chloe Martin has it")
    card.get_by_role("button", name="Answer").click()
    window(chloe, "Answer")
    chloe.get_by_role("textbox", name="Answer").fill("The caretaker does.")
    in_window(chloe, "Send")
    window(chloe, "Question")
    close_window(chloe)
    nadia.get_by_role("link", name="Messages", exact=True).click()
    expect(last_said(nadia)).to_contain_text("There is something for you.")
    press(nadia, "Open")
    window(nadia, "Your question")
    expect(nadia.locator("dialog").get_by_text("The caretaker does.")).to_be_visible()
    assert "chloe" not in nadia.locator("dialog").inner_html().casefold()
    in_window(nadia, "Close question")
    expect(nadia.locator("dialog").get_by_text("Closed. The champions no longer see it.")).to_be_visible()
    expect(card).to_have_count(0)
    assert WORD not in everything(opened("tom", "channel/general"))


def test_a_question_that_is_a_concern_is_passed_on_and_whom_it_names_sees_only_that_it_went(
    place: Neighbourhood, opened: Opens
) -> None:
    mona, amina, ben = at_home(place, opened, "mona"), opened("amina", TRIAGE), opened("ben", TRIAGE)
    press(mona, "Ask the champions")
    mona.get_by_label("Your question. Any language.").fill("Is it fine to count the violin money alone?")
    in_window(mona, "Ask")
    window(mona, "Your question")
    for page in (amina, ben):
        expect(page.locator(".said", has_text="violin")).to_have_count(1)
    amina.locator(".said", has_text="violin").get_by_role("button", name="This is a concern").click()
    window(amina, "This is a concern")
    assert serious(amina) == []
    amina.locator("dialog .picker summary").click()
    amina.locator(".picker").get_by_label("Ben Adeyemi").check()
    in_window(amina, "Make it a report")
    window(amina, "Passed on")
    for page in (amina, ben):
        expect(page.locator(".said", has_text="violin")).to_have_count(0)
    place.settle()
    later = opened("ben", "home")
    expect(later.get_by_role("heading", name="Good Practice Network")).to_be_visible()
    assert "violin" not in everything(ben) + everything(later) + everything(opened("ben"))
    in_window(amina, "Open")
    expect(amina.locator("dialog").get_by_text("violin money")).to_be_visible()  # the looking works


def test_an_old_button_shows_the_text_that_counts_now_and_agrees_to_nothing(
    place: Neighbourhood, opened: Opens
) -> None:
    xena = join(place, opened, "Xena Moor")
    expect(last_said(xena)).to_contain_text("Welcome to Good Practice Network.")
    text = SAMPLE.read_text("utf-8").replace("stop, stop.", "stop, stop at once.")
    place.publish(text, is_major=True, changes="Stopping is now *at once*.")
    press(xena, "I agree")
    window(xena, "Guidelines")
    expect(xena.get_by_text("The guidelines have changed since this was sent.")).to_be_visible()
    expect(xena.get_by_text("stop, stop at once.")).to_be_attached()
    assert serious(xena) == []
    in_window(xena, "I agree")
    expect(xena.locator("dialog").get_by_text("You agreed to version 2")).to_be_visible()
    close_window(xena)
    expect(said(xena, "You agreed to version 2")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_minor_version_is_told_of_in_the_channel_everybody_reads(
    scheme: str, place: Neighbourhood, opened: Opens
) -> None:
    text = SAMPLE.read_text("utf-8").replace("stop, stop.", f"stop, stop at once ({scheme}).")
    place.publish(text, is_major=False, changes=f"Stopping is now at once ({scheme}).")
    tom = opened("tom", "channel/general", color_scheme=scheme, viewport={"width": 320, "height": 640})
    notice = tom.locator(".said", has_text=f"at once ({scheme})")
    expect(notice).to_contain_text("The guidelines of Good Practice Network have changed a little.")
    assert serious(tom) == []
    assert tom.evaluate("document.scrollingElement.scrollWidth") <= 320
    notice.get_by_role("button", name="Read the guidelines").click()
    window(tom, "Guidelines")
    expect(tom.locator("dialog").get_by_text(f"stop, stop at once ({scheme}).")).to_be_attached()
