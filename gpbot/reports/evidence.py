"""A copy of a message and of what was shared in it, and what of it readers see while the reporter's name is hidden."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

NAME_HIDDEN = "(name hidden)"
LINK_HIDDEN = "(link hidden)"
CHANNEL_HIDDEN = "(channel hidden)"
PUBLIC_IDS = ("C", "G")  # what earlier copies, which do not say, were shown as

_ACCOUNT = re.compile(r"[UW][A-Z0-9]{6,}")
_ACCOUNTS = re.compile(r"(?P<mention><@)?\b(?P<id>[UW][A-Z0-9]{6,})\b(?(mention)(\|[^>]*)?>)")
_LINK = r"https?://[\w.-]+\.slack\.com/(?:archives|messages|client|files)/[^\s<>|]+"
_LINKS = re.compile(rf"<{_LINK}(?:\|[^<>]*)?>|{_LINK}")
_CHANNELS = re.compile(r"<#[A-Z0-9]{6,}(?:\|[^<>]*)?>")


def is_account(author: str) -> bool:
    """Whether this is a Slack user id, and not a bot's name."""
    return _ACCOUNT.fullmatch(author) is not None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Said:
    """One message, or something else that was shared in one."""

    text: str
    author: str  # a user id, the name of an app or of nobody known here, or ""
    channel_id: str = ""
    message_ts: str = ""
    link: str = ""
    is_public: bool = False  # whether everybody here may look into its channel
    files: tuple[str, ...] = ()  # their titles; "" where there is none, or it is not shown

    @property
    def all_words(self) -> str:
        """Whatever in it may name somebody."""
        return "\n".join([self.author, self.text, *self.files])

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "author": self.author,
            "channel": self.channel_id,
            "ts": self.message_ts,
            "link": self.link,
            "public": self.is_public,
            "files": list(self.files),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        return cls(
            text=content["text"],
            author=content["author"],
            channel_id=content["channel"],
            message_ts=content["ts"],
            link=content.get("link", ""),
            is_public=content.get("public", content["channel"].startswith(PUBLIC_IDS)),
            files=tuple(content.get("files", ())),
        )

    # See docs/decisions/0027-evidence.md
    def hidden(self, picked: Collection[str]) -> Self:
        """It names nobody but `picked`, and no place but a public channel; no link leads to a hidden author."""
        author = self._author_hidden(picked)
        is_linked = self.is_public and author == self.author and not _ACCOUNTS.search(self.link)
        return replace(
            self,
            text=self._text_hidden(picked),
            author=author,
            channel_id=self.channel_id if self.is_public else "",
            link=self.link if is_linked else "",
            files=("",) * len(self.files),
        )

    def _author_hidden(self, picked: Collection[str]) -> str:
        return _all_but(picked, self.author)

    def _text_hidden(self, picked: Collection[str]) -> str:
        text = self.text
        if not self.is_public:  # somewhere private, what leads there tells who could read it
            text = _CHANNELS.sub(CHANNEL_HIDDEN, _LINKS.sub(LINK_HIDDEN, text))
        return _all_but(picked, text)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Shared(Said):
    """What Slack shows below a message: another message, or a preview. Its author may be known by a name alone."""

    def _author_hidden(self, picked: Collection[str]) -> str:
        is_name = bool(self.author) and not is_account(self.author)
        return NAME_HIDDEN if is_name else _all_but(picked, self.author)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Evidence(Said):
    """A copy of a message, made when it was reported, because messages vanish."""

    shared: tuple[Shared, ...] = ()
    is_cut: bool = False  # there was more than is kept

    @property
    def words(self) -> str:
        """Whatever in it, or in what it shared, may name somebody."""
        return "\n".join(each.all_words for each in (self, *self.shared))

    @property
    def author_ids(self) -> tuple[str, ...]:
        """The accounts whose words these are: the one that wrote it, and those that are quoted."""
        authors = [each.author for each in (self, *self.shared)]
        return tuple(dict.fromkeys(author for author in authors if is_account(author)))

    def as_readers_see(self, picked: Collection[str], *, show_name: bool) -> Self:
        """`picked` on the form, by the reporter. In what is hidden everybody else is hidden alike.

        One blank among names would be the reporter; so would a blank that stays when a reader names people later.
        """
        if show_name:
            return self
        return replace(self.hidden(picked), shared=tuple(each.hidden(picked) for each in self.shared))

    def as_json(self) -> dict[str, Any]:
        return {
            **Said.as_json(self),
            "shared": [each.as_json() for each in self.shared],
            "cut": self.is_cut,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Also of an earlier copy, which holds the words, the author, the place and the time alone."""
        said = Said.from_json(content)
        return cls(
            **{each.name: getattr(said, each.name) for each in fields(Said)},
            shared=tuple(map(Shared.from_json, content.get("shared", ()))),
            is_cut=content.get("cut", False),
        )


def _all_but(picked: Collection[str], text: str) -> str:
    return _ACCOUNTS.sub(lambda found: found[0] if found["id"] in picked else NAME_HIDDEN, text)


def without(slack_id: str, text: str) -> str:
    """`text` without this one account: for the words of its owner, in which they may name themselves."""
    one = re.escape(slack_id)
    return re.sub(rf"<@{one}(\|[^>]*)?>|\b{one}\b", NAME_HIDDEN, text)
