"""First steps and channels by clicks: topics, hello, a welcome, searching and joining, and proposing one."""

import re

from playwright.sync_api import Locator, Page, expect

from gpbot.tour.neighbourhood import Neighbourhood
from tests.halves import LONG
from tests.pages.conftest import IN_A_BROWSER, PATIENCE_MS, Opens
from tests.pages.test_by_clicks import everything, in_window, window
from tests.pages.test_guidelines_and_questions import at_home, close_window, join, press, said, serious, yes

pytestmark = [LONG, IN_A_BROWSER]

expect.set_options(timeout=PATIENCE_MS)

STEPS = "A few small steps, if you like."
WORD = "euphonium"


def command(page: Page, words: str) -> None:
    box = page.get_by_role("combobox", name=re.compile("Message|Write"))
    box.fill(words)
    box.press("Enter")


def names(page: Page) -> Locator:
    """The channels one can join from the list in front."""
    return page.locator("dialog").get_by_role("button", name=re.compile("^Join "))


def agree_to_guidelines(place: Neighbourhood, name: str) -> None:
    """By the command, as fast as can be."""
    person = place[name]
    person.command("/guidelines")
    place.until(lambda: person.modal)
    person.submit()
    person.dismiss(all=True)


# What is pressed while an earlier press is not answered yet waits for its turn, as in Slack.
BOTH_AT_ONCE = """(post, names) => {
  const buttons = [...post.querySelectorAll("button")];
  for (const name of names) buttons.find((button) => button.textContent.trim() === name).click();
}"""


def test_somebody_who_agrees_finds_channels_says_hello_and_is_welcomed_by_a_person(
    place: Neighbourhood, opened: Opens
) -> None:
    wilma = join(place, opened, "Wilma Okoro")
    press(wilma, "I agree")
    steps = said(wilma, STEPS)
    expect(steps).to_contain_text("Say hello")
    assert serious(wilma) == []

    # Topics, and the channels that are about them.
    steps.get_by_role("button", name="Pick topics").click()
    window(wilma, "Your topics")
    assert serious(wilma) == []
    in_window(wilma, "Next")
    expect(wilma.get_by_text("Please complete this required field.")).to_be_visible()
    wilma.locator("dialog .picker summary").click()
    wilma.locator(".picker").get_by_label("Housing").check()
    in_window(wilma, "Next")
    window(wilma, "Your channels")
    assert serious(wilma) == []
    wilma.locator("dialog .picker summary").click()
    expect(wilma.locator(".picker").get_by_label("#legal-advice")).to_be_checked()
    wilma.locator(".picker").get_by_label("#legal-advice").uncheck()
    in_window(wilma, "Add me")
    expect(wilma.locator("dialog")).to_contain_text("Added to #housing.")
    expect(wilma.locator("dialog")).not_to_contain_text("legal-advice")
    close_window(wilma)
    expect(steps).to_contain_text("Added to #housing.")

    # Hello, and why.
    steps.get_by_role("button", name="I said hello").click()
    expect(steps).to_contain_text("Done, thank you.")
    steps.get_by_role("button", name="Write it").click()
    window(wilma, "Why did you join?")
    assert serious(wilma) == []
    wilma.get_by_label("In a line or two").fill(f"I teach the {WORD}.")
    in_window(wilma, "Send")
    expect(wilma.locator("dialog")).to_contain_text("gpbot tells you when somebody wants to welcome you.")
    close_window(wilma)
    ben, chloe = opened("ben", "channel/champions-triage"), opened("chloe", "channel/champions-triage")
    card = ben.locator(".said", has_text=WORD)
    expect(card).to_contain_text("Wilma Okoro is new here.")
    assert serious(ben) == []
    card.get_by_role("button", name="I will welcome them").click()
    for page in (ben, chloe):
        expect(page.locator(".said", has_text=WORD)).to_contain_text("Ben Adeyemi will welcome them")
    expect(steps).to_contain_text("Ben Adeyemi will welcome you.")
    expect(said(wilma, "would like to welcome you")).to_have_count(1)
    assert WORD not in everything(opened("tom", "channel/general"))
    assert WORD not in everything(opened("edith"))


def test_channels_are_searched_narrowed_by_topic_and_joined(place: Neighbourhood, opened: Opens) -> None:
    nadia = opened("nadia", "channel/general")
    command(nadia, "/channels lawyer")
    window(nadia, "Channels")
    expect(nadia.get_by_text("No channel fits.")).to_be_visible()
    nadia.get_by_label("Words to look for").fill("law")
    in_window(nadia, "Search")
    expect(names(nadia)).to_have_count(1)
    assert serious(nadia) == []
    nadia.get_by_role("button", name="Join legal-advice").click()
    expect(nadia.get_by_text("You are in #legal-advice now.")).to_be_visible()
    expect(names(nadia)).to_have_count(1)
    nadia.get_by_role("button", name="Join legal-advice").click()
    expect(nadia.get_by_text("You are in #legal-advice already.")).to_be_visible()
    nadia.get_by_label("Words to look for").fill("")
    in_window(nadia, "Search")
    expect(names(nadia)).not_to_have_count(1)
    nadia.get_by_label("Topic").select_option("Language")
    expect(names(nadia)).to_have_count(1)
    expect(nadia.get_by_role("button", name="Join teaching-english")).to_be_visible()
    close_window(nadia)
    nadia.get_by_role("link", name=re.compile("legal-advice")).first.click()
    expect(nadia.get_by_text("Nadia Haddad has joined the channel")).to_be_visible()


def test_a_channel_is_proposed_supported_approved_and_opened(place: Neighbourhood, opened: Opens) -> None:
    for name in ("mona", "tom"):
        agree_to_guidelines(place, name)
    mona, tom = at_home(place, opened, "mona"), opened("tom", "channel/channel-proposals")
    chloe = opened("chloe", "channel/champions-triage")
    press(mona, "Propose a channel")
    window(mona, "Propose a channel")
    assert serious(mona) == []
    in_window(mona, "Next")
    expect(mona.get_by_text("Please complete this required field.").first).to_be_visible()
    mona.get_by_label("What is it for?").fill(f"For whoever plays the {WORD}.")
    mona.get_by_label("Its name").fill("Teaching Englisch")
    in_window(mona, "Next")
    expect(mona.get_by_text("These look close. Is one of them what you need?")).to_be_visible()
    mona.get_by_label("Its name").fill("Brass Band")
    in_window(mona, "Post")
    expect(mona.get_by_text("This is not posted yet.")).to_be_visible()
    expect(mona.get_by_text("These look close.")).to_have_count(0)
    in_window(mona, "Post")
    window(mona, "Posted")
    expect(mona.locator("dialog")).to_contain_text("#brass-band is being posted in #channel-proposals.")
    close_window(mona)

    post = tom.locator(".said", has_text="brass-band").first  # it is announced there too
    expect(post).to_contain_text("0 support it")
    assert serious(tom) == []
    post.get_by_role("button", name="Support").click()
    expect(post).to_contain_text("1 supports it")
    post.get_by_role("button", name="Support").click()
    expect(post).to_contain_text("0 support it")
    post.evaluate(BOTH_AT_ONCE, ["Support", "Add me when it opens"])
    expect(post).to_contain_text("1 supports it")
    expect(post).to_contain_text("1 wants to be added")

    card = chloe.locator(".said", has_text="brass-band").first
    expect(card).to_contain_text("1 supports it")
    assert "tom reed" not in card.inner_html().casefold()  # nobody is shown who supports it
    assert serious(chloe) == []
    card.get_by_role("button", name="Approve").click()
    chloe.get_by_role("link", name="Go back").click()
    card.get_by_role("button", name="Approve").click()
    yes(chloe, "Approve")
    expect(post).to_contain_text("open: #brass-band")
    expect(post.get_by_role("button")).to_have_count(0)
    mona.get_by_role("link", name="Messages", exact=True).click()
    expect(said(mona, "Your proposal #brass-band: open")).to_have_count(1)
    there = opened("tom", "channel/brass-band")
    expect(there.locator(".said", has_text="Mona Said proposed this channel.")).to_have_count(1)
    expect(there.get_by_text("Tom Reed has joined the channel")).to_be_visible()
    assert serious(there) == []
    expect(opened("nadia", "channel/general").get_by_text("A new channel is open: #brass-band")).to_be_visible()
