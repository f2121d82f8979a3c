"""Text cut to what Slack takes, never inside of one sign."""

import re
from collections.abc import Iterator

from gpbot import text as rules

NO_WORDS = "(no words)"
PIECE = 2900  # under the section's limit, with room for what Slack may add


def cut(text: str, limit: int) -> str:
    """Shorten to `limit` characters, at a space where one is near, else after a whole sign, ending in "…"."""
    text = text or NO_WORDS
    if len(text) <= limit:
        return text
    kept = text[: rules.whole(text, limit - 1)]
    at_a_word, space, _ = kept.rpartition(" ")
    if space and not text[len(kept)].isspace() and len(at_a_word) > len(kept) * 2 // 3:
        kept = at_a_word
    return rules.start_of(kept.rstrip(" ,;:-"), limit - 1) + "…"


def cut_short(text: str, limit: int) -> str:
    """As `cut`, of what may hold a name: one emoji in a champion's must not make Slack refuse everybody's form."""
    if not text.isascii():
        counting_as_two = sum(char > "\uffff" for char in text[:limit])
        limit = max(limit // 2, limit - counting_as_two)
    return cut(text, limit)


def cut_mrkdwn(text: str, limit: int) -> str:
    text = text or NO_WORDS
    if len(text) <= limit:
        return text
    # A mention or an entity cut in half would show its insides.
    return re.sub(r"(<[^<>]*|&\w{0,4})$", "", text[: rules.whole(text, limit - 1)]) + "…"


def cut_up(text: str) -> Iterator[str]:
    """`text` in order and whole, cut at a line or a word where one is near, and never inside of one sign."""
    # Beyond U+FFFF one character may count as two.
    limit = PIECE if text.isascii() or max(text) <= "\uffff" else PIECE // 2
    while len(text) > limit:
        end = max(text.rfind("\n", limit // 2, limit), -1) + 1 or text.rfind(" ", limit // 2, limit) + 1 or limit
        end = rules.whole(text, end)
        yield text[:end]
        text = text[end:]
    if text:
        yield text
