"""Ids as Slack writes them, each worked out from what it names, so that a replay gives the same ones.

Nothing here counts across people or conversations: what one person sees must not depend on what others do.
"""

import hashlib

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def digest(*parts: object, length: int = 32) -> str:
    """Hexadecimal characters that depend on the parts and on nothing else."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:length]


def slack_id(kind: str, *parts: object) -> str:
    """An id such as `U4K2…`: the kind's letter (or letters) and ten more."""
    number = int(digest(kind, *parts, length=40), 16)
    letters = []
    for _ in range(10):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return kind + "".join(letters)


def trigger_id(*parts: object) -> str:
    """Three parts with dots between them, as `views.open` expects."""
    first = int(digest("trigger", *parts, length=12), 16) % 10**12
    return f"{first}.{int(digest('team', parts[0], length=10), 16) % 10**11}.{digest(*parts)}"


def envelope_id(*parts: object) -> str:
    """A UUID's shape, which is what Socket Mode's envelopes carry."""
    d = digest("envelope", *parts)
    return f"{d[:8]}-{d[8:12]}-{d[12:16]}-{d[16:20]}-{d[20:32]}"


def block_id(*parts: object) -> str:
    """What Slack fills in where an app names no block or action."""
    return slack_id("", "block", *parts)[:5]


def conversation_id(one: str, other: str) -> str:
    """The direct message between two people, no matter who opened it."""
    return slack_id("D", *sorted((one, other)))
