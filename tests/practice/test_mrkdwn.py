"""Slack's mrkdwn on a page: what is markup, and that nothing else ever is."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpbot.practice.pages.mrkdwn import mrkdwn

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ELSEWHERE = 'rel="noreferrer noopener" target="_blank"'
NAMES = {"U1": "Amina <b>Okafor</b>", "C1": "general"}
ALLOWED = {"strong", "em", "s", "code", "pre", "blockquote", "span", "a", "time"}


def html(text: str) -> str:
    return str(mrkdwn(text, NAMES, now=NOW))


class Tags(HTMLParser):
    """The tags of a page, its links, and the text between."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*bold* _italic_ ~struck~", "<strong>bold</strong> <em>italic</em> <s>struck</s>"),
        ("*both _of_ them*", "<strong>both <em>of</em> them</strong>"),
        ("un\u200b*like*\u200bly", "un\u200b<strong>like</strong>\u200bly"),
        ("\u2060*as typed*", "\u2060*as typed*"),
        ("2 * 3 * 4, snake_case_name, **double**", "2 * 3 * 4, snake_case_name, **double**"),
        ("`a *b* &lt;c&gt;`", "<code>a *b* &lt;c&gt;</code>"),
        ("before ```one\n> *two*``` after", "before <pre>one\n&gt; *two*</pre> after"),
        ("&gt; quoted *so*\n> and so\nnot", "<blockquote>quoted <strong>so</strong>\nand so</blockquote>not"),
        ("two\n\n  lines", "two\n\n  lines"),
        ("&amp;lt; &amp; &copy;", "&amp;lt; &amp; &amp;copy;"),
        ("<#C1> <!here|@here>", '<span class="mention">#general</span> <span class="mention">@here</span>'),
        ("<!channel>", '<span class="mention">@channel</span>'),
        ("<@U1>", '<span class="mention">@Amina &lt;b&gt;Okafor&lt;/b&gt;</span>'),
        ("<@U404>", '<span class="mention">@U404</span>'),
        ("<mailto:a@b.org|a@b.org>", f'<a href="mailto:a@b.org" {ELSEWHERE}>a@b.org</a>'),
        ("see https://x.org/a_b.", f'see <a href="https://x.org/a_b" {ELSEWHERE}>https://x.org/a_b</a>.'),
        ("<javascript:alert(1)|press>", "press"),
        ("<data:text/html,x>", "data:text/html,x"),
    ],
)  # fmt: skip
def test_markup_is_drawn_as_slack_draws_it(text: str, shown: str) -> None:
    assert html(text) == shown


def test_dates_are_in_the_reader_s_zone_and_near_ones_have_names() -> None:
    at = int(NOW.timestamp())
    local = NOW.astimezone()
    assert html(f"<!date^{at}^{{date_short_pretty}} at {{time}}|then>") == f"<time>today at {local:%H:%M}</time>"
    assert "<time>yesterday</time>" in html(f"<!date^{at - 86400}^{{date_pretty}}|then>")
    assert "<time>1 Jan 2026</time>" in html("<!date^1767268800^{date_short}|then>")
    assert "&lt;b&gt;" in html("<!date^1767268800^&lt;b&gt; {date_short}|then>")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<https://x.org/" onmouseover="alert(1)|press>',
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "*<b>* `</code><script>` ```</pre><script>```",
        "\u202e<script>\u200b",
    ],
)
def test_hostile_text_stays_text(text: str) -> None:
    tags = Tags(html(text))
    assert tags.tags <= ALLOWED
    assert tags.attributes <= {"class", "href", "rel", "target"}


@given(st.text(alphabet=st.sampled_from(list("ab *_~`<>|&;#@!^{}\n/:'\"0\u202e")), max_size=60))
def test_no_text_makes_a_tag_of_its_own(text: str) -> None:
    tags = Tags(html(text))
    assert tags.tags <= ALLOWED
    assert all(re.match(r"(?i)(https?|mailto|tel):", link) for link in tags.links)


@given(st.text(alphabet=st.sampled_from(list("abc é漢\u202e\u200b.,?")), max_size=60))
def test_plain_words_are_all_there(text: str) -> None:
    assert Tags(html(text)).text == text
