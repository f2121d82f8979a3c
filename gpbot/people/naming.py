"""Whether words that leave to somebody else name people: by mention, id, e-mail address, or a member's whole name."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from gpbot.people.names import words_of

FEWEST, MOST = 2, 4  # words of a whole name
_SHORTEST = 4  # letters of a whole name
_OF_UNSPACED = re.compile("[\u3400-\u9fff\uac00-\ud7a3]+")  # Chinese letters and Korean ones
_UNSPACED = re.compile("[\u3400-\u9fff]{2,4}|[\uac00-\ud7a3]{3,4}")
_MENTION = re.compile(r"<@[^>\s]+>|(?<![\w@./+-])@(?!(?:here|channel|everyone)\b)[^\W_]", re.IGNORECASE)
_ID = re.compile(r"\b[UW](?=[A-Z]*[0-9])[A-Z0-9]{6,}\b")
_EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\W\d_]{2,}")
# Who is called by such words alone ("Good Morning", "The Team") would be found in every other answer.
_EVERYDAY = frozenset(
    words_of(
        "a about all am an and any are as ask at back be been best but by bye can care champion champions "
        "channel city come community day dear did do everybody everyone first for free friend friends from "
        "general get go good got great group guest had happy has have he hello help her here hi him his home "
        "hope house how i if in info is it its join just kind know last law legal let life like love made "
        "make many may me member members more morning much my need network new news next night no not now of "
        "office ok on one open or organisation our out over people please project read right said say see she "
        "so some soon support team thank thanks that the their them then there they this time to today too "
        "two up us use very was way we week welcome well were what when where who why will with work world "
        "would year yes you your "
    )
)


def names_openly(text: str) -> bool:
    """Whether it holds a mention, an account's id, or any e-mail address."""
    text = unicodedata.normalize("NFKC", text)
    return any(pattern.search(text) for pattern in (_MENTION, _ID, _EMAIL))


# See docs/decisions/0032-names-as-hashes.md
def whole_names(*known_as: str) -> frozenset[str]:
    """What is kept of what one member is called; nothing of a single word, or of everyday words alone.

    A name without a blank counts where its alphabet writes none.
    """
    found = [words_of(name)[:MOST] for name in known_as if len(name.split()) >= FEWEST]
    kept = {"".join(words) for words in found if len(words) >= FEWEST and not _EVERYDAY.issuperset(words)}
    unspaced = ("".join(words_of(name)[:MOST]) for name in known_as)
    return frozenset(each for each in kept if len(each) >= _SHORTEST) | frozenset(filter(_UNSPACED.fullmatch, unspaced))


def runs(text: str) -> frozenset[str]:
    """All that could be a whole name in it, as `whole_names` has them.

    Two to four neighbouring words, two also the other way round ("Said Mona"), the last also without an s ("Mona
    Saids"); and in alphabets that write names without a blank, each two to four letters.
    """
    words = words_of(text)
    found = {
        "".join(words[start : start + length])
        for length in range(FEWEST, MOST + 1)
        for start in range(len(words) - length + 1)
    }
    found |= {other + one for one, other in pairwise(words)}
    found |= {each[:-1] for each in found if each.endswith("s")}
    letters = "".join(each if _OF_UNSPACED.fullmatch(each) else " " for each in words)
    return frozenset(found | {part for run in letters.split() for part in _within(run)})


def _within(run: str) -> Iterator[str]:
    for length in range(FEWEST, MOST + 1):
        for start in range(len(run) - length + 1):
            yield run[start : start + length]
