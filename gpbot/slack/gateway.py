"""The one way out to Slack: every call."""

import html
import http.client
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from uuid import NAMESPACE_OID, uuid5

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse, WebClient
from slack_sdk.webhook import WebhookClient
from sqlalchemy.exc import SQLAlchemyError

from gpbot.outbox.types import (
    ArchiveChannel,
    Block,
    CreateChannel,
    Delete,
    Edit,
    Invite,
    JoinChannel,
    Outgoing,
    Pin,
    Post,
    PublishHome,
    Receipt,
    Refused,
    SendingEnded,
    SetPurpose,
    SetTopic,
    ToChannel,
    UpdateView,
)
from gpbot.slack.blocks import in_messages
from gpbot.slack.failures import Done, call, code_of, ending_of, header, hook_code, if_code, if_we_may, unanswered
from gpbot.slack.identity import Identity, identify
from gpbot.slack.moved import FollowingClient, MovedChannels
from gpbot.slack.requests import is_said_by_a_person

log = logging.getLogger(__name__)

TIMEOUT = 10  # seconds; the outbox leases a job for thirty
METADATA_TYPE = "gpbot"

_IN_IT = {"already_in_channel", "cant_invite_self"}
# What is said of one person; Slack may leave out the list of errors when only one was invited.
_OF_ONE_PERSON = _IN_IT | {
    "app_cannot_join_channel",
    "cant_invite",
    "no_external_invite_permission",
    "ura_max_channels",
    "user_disabled",
    "user_is_restricted",
    "user_not_found",
}
_SKEW = timedelta(minutes=2)  # between this machine's clock and Slack's
_CHANNELS_SKEW = timedelta(minutes=15)  # a channel that is old enough to be another one is rarely minutes old
_PAGE = 200
_MOST_AT_ONCE = 999  # channels: each page is a call, of which Slack takes twenty a minute
_FEW = 50  # messages of a channel, to see whether somebody wrote lately
_MOST_PAGES = 10  # of these


def web_client(token: str, base_url: str, moved: MovedChannels | None = None) -> WebClient:
    """A client that sends once: slack_sdk's own retries posted a message twice after a lost reply."""
    how: dict[str, Any] = {
        "token": token,
        "base_url": base_url,
        "timeout": TIMEOUT,
        "retry_handlers": [],
        "logger": logging.getLogger("slack_sdk"),
    }
    return WebClient(**how) if moved is None else FollowingClient(moved, **how)


class Gateway:
    """Calls Slack. Every method raises one of the outbox's SendingEnded, with a code and no text.

    Safe to use from several threads.
    """

    def __init__(
        self,
        token: str,
        base_url: str,
        hear: Callable[[datetime], object] = lambda _: None,
        moved: MovedChannels | None = None,
    ) -> None:
        """`hear` is told what time it is for Slack, at start and with each `check`."""
        self.client = web_client(token, base_url, moved)
        self._moved = moved
        self._hear = hear
        self._direct: dict[str, str] = {}  # user id → channel id of the direct message
        self._own_id = ""

    def identify(self) -> Identity:
        """Raises NotIdentified."""
        return identify(self.client, self._hear_date)

    def check(self) -> None:
        """Ask Slack for nothing but an answer, and look whether another process was told of channels with new ids."""
        self._hear_date(call(self.client.auth_test))
        if self._moved is not None:
            with suppress(SQLAlchemyError):  # who needs the database says that it is away
                self._moved.look()

    def send(self, outgoing: Outgoing, wire_id: str) -> Receipt:
        match outgoing:
            case Post():
                return self._post(outgoing, wire_id)
            case Edit(channel_id=channel_id, message_ts=ts, text=text, blocks=blocks):
                last = in_messages(blocks)[-1]  # those before it stay as they are
                call(lambda: self.client.chat_update(channel=channel_id, ts=ts, text=text, blocks=last))
                return Receipt(channel_id=channel_id, message_ts=ts)
            case Delete(channel_id=channel_id, message_ts=ts):
                with Done("message_not_found"):
                    call(lambda: self.client.chat_delete(channel=channel_id, ts=ts))
            case PublishHome(user_id=user_id, view=view):
                call(lambda: self.client.views_publish(user_id=user_id, view=view))
            case UpdateView(view_id=view_id, view=view):
                with Done("not_found", "view_not_found"):
                    self.update_view(view_id, view)
            case _:
                return self._to_channel(outgoing)
        return Receipt()

    def find(self, to: str, wire_id: str, since: datetime) -> list[Receipt]:
        """Every copy of a post, oldest first, looked for in the conversation from a moment on."""
        channel_id = self._channel(to)
        oldest = f"{(since - _SKEW).timestamp():.6f}"
        found: list[str] = []
        cursor: str | None = None
        while True:
            page = self._history(channel_id, oldest, cursor)
            messages: list[dict[str, Any]] = page.get("messages") or []
            found += [message["ts"] for message in messages if _wire_id(message) == wire_id]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return [Receipt(channel_id=channel_id, message_ts=ts) for ts in sorted(found)]

    def open_view(self, trigger_id: str, view: dict[str, Any]) -> str:
        """The new view's id."""
        answer = call(lambda: self.client.views_open(trigger_id=trigger_id, view=view))
        return _view_id(answer)

    def push_view(self, trigger_id: str, view: dict[str, Any]) -> str:
        answer = call(lambda: self.client.views_push(trigger_id=trigger_id, view=view))
        return _view_id(answer)

    def update_view(
        self,
        view_id: str,
        view: dict[str, Any],
        *,
        hash: str | None = None,  # noqa: A002  (Slack's name)
    ) -> str:
        """What Slack calls it as it is now: its hash."""
        answer = call(lambda: self.client.views_update(view_id=view_id, view=view, hash=hash))
        return str((answer.get("view") or {}).get("hash") or "")

    def user_info(self, user_id: str) -> dict[str, Any]:
        """Slack's `user` object."""
        answer = call(lambda: self.client.users_info(user=user_id))
        user: dict[str, Any] = answer.get("user") or {}
        return user

    def users_page(self, cursor: str) -> tuple[list[dict[str, Any]], str]:
        """Slack's user objects, and the next page's cursor ("" at the end)."""
        answer = call(lambda: self.client.users_list(limit=_PAGE, cursor=cursor or None))
        users: list[dict[str, Any]] = answer.get("members") or []
        return users, (answer.get("response_metadata") or {}).get("next_cursor") or ""

    def channels_page(self, cursor: str, limit: int = _PAGE) -> tuple[list[dict[str, Any]], str]:
        """Slack's objects of public channels, archived ones too, and the next page's cursor ("" at the end)."""
        with if_we_may():
            answer = call(
                lambda: self.client.conversations_list(limit=limit, cursor=cursor or None, types="public_channel")
            )
        channels: list[dict[str, Any]] = answer.get("channels") or []
        return channels, (answer.get("response_metadata") or {}).get("next_cursor") or ""

    # See docs/decisions/0040-quiet-history.md
    def last_spoken(self, channel_id: str, since: datetime) -> datetime | None:
        """When somebody wrote in a channel after `since`, or answered there; None: nobody did.

        Nothing of any message is kept but its time. Answers are seen under the newest fifty messages, and under all
        that are newer than `since`. Where bots alone have written more than can be read, it is when they last did.
        """
        cursor: str | None = None
        oldest, newest = since.timestamp(), 0.0
        for _ in range(_MOST_PAGES):
            with if_we_may(says=False):
                page = self._newest(channel_id, cursor)
            messages: list[dict[str, Any]] = page.get("messages") or []
            spoken = max((_spoken(message) for message in messages), default=0.0)
            if spoken > oldest:
                return datetime.fromtimestamp(spoken, UTC)
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            moments = [float(message["ts"]) for message in messages]
            if not cursor or any(moment <= oldest for moment in moments):
                return None
            newest = max(newest, *moments)
        return datetime.fromtimestamp(newest, UTC)

    def join_channel(self, channel_id: str) -> None:
        """Have the bot itself go into a public channel; being in it already is a success."""
        self._to_channel(JoinChannel(channel_id=channel_id))

    def add_to_channel(self, channel_id: str, user_id: str) -> None:
        """Add somebody to a channel that gpbot is in; Refused("already_in_channel") when they are in it."""
        with if_we_may():
            call(lambda: self.client.conversations_invite(channel=channel_id, users=user_id))

    def direct_message(self, user_id: str, text: str, blocks: Sequence[Block] = ()) -> None:
        """Say something once, now; what must arrive goes through the outbox instead."""
        for part in in_messages(blocks):
            self._say(user_id, text, part)

    def respond(self, url: str, payload: Mapping[str, Any]) -> None:
        """Post to a response_url (five times within half an hour)."""
        hook = WebhookClient(url, timeout=TIMEOUT, retry_handlers=[], logger=logging.getLogger("slack_sdk"))
        try:
            answer = hook.send_dict(dict(self._moved.outside(payload) if self._moved else payload))
        except Exception as error:  # noqa: BLE001  (sorted by `unanswered`)
            raise unanswered(error) from None
        if answer.status_code != http.client.OK:
            raise ending_of(answer.status_code, hook_code(answer.body), answer.headers)

    def _hear_date(self, answer: SlackResponse) -> None:
        with suppress(ValueError):  # a proxy in between may say what it likes
            self._hear(parsedate_to_datetime(header(answer.headers, "date") or "").astimezone(UTC))

    def _post(self, post: Post, wire_id: str) -> Receipt:
        *before, last = in_messages(post.blocks)
        for number, blocks in enumerate(before):
            part_id = str(uuid5(NAMESPACE_OID, f"{wire_id} {number}"))
            if not (post.look_back and self._was_said(post.to, part_id)):  # by an earlier try
                self._say(post.to, post.text, blocks, part_id)
        answer = self._say(post.to, post.text, last, wire_id)
        receipt = Receipt(channel_id=answer.get("channel"), message_ts=answer.get("ts"))
        if receipt.channel_id and _is_person(post.to):
            self._direct[post.to] = receipt.channel_id
        if post.pin:
            self._pin(receipt)
        return receipt

    def _say(self, to: str, text: str, blocks: Sequence[Block], wire_id: str = "") -> SlackResponse:
        known: dict[str, Any] = {}
        if wire_id:
            metadata = {"event_type": METADATA_TYPE, "event_payload": {"id": wire_id}}
            known = {"client_msg_id": wire_id, "metadata": metadata}
        return call(
            lambda: self.client.chat_postMessage(
                channel=to, text=text, blocks=list(blocks) or None, unfurl_links=False, unfurl_media=False, **known
            )
        )

    def _was_said(self, to: str, wire_id: str) -> bool:
        """Lately: looked for among the newest messages."""
        newest: list[dict[str, Any]] = self._history(self._channel(to), "0", None).get("messages") or []
        return any(_wire_id(message) == wire_id for message in newest)

    def _to_channel(self, outgoing: ToChannel) -> Receipt:
        with if_we_may():
            return self._done_to_channel(outgoing)

    def _done_to_channel(self, outgoing: ToChannel) -> Receipt:
        match outgoing:
            case CreateChannel():
                return Receipt(channel_id=self._created(outgoing))
            case JoinChannel(channel_id=channel_id):
                call(lambda: self.client.conversations_join(channel=channel_id))
            case SetTopic(channel_id=channel_id, topic=topic, keep=keep):
                if self._is_to_say(channel_id, "topic", topic, keep=keep):
                    call(lambda: self.client.conversations_setTopic(channel=channel_id, topic=topic))
            case SetPurpose(channel_id=channel_id, purpose=purpose, keep=keep):
                if self._is_to_say(channel_id, "purpose", purpose, keep=keep):
                    call(lambda: self.client.conversations_setPurpose(channel=channel_id, purpose=purpose))
            case Pin(channel_id=channel_id, message_ts=ts):
                with Done("already_pinned"):
                    call(lambda: self.client.pins_add(channel=channel_id, timestamp=ts))
            case Invite(channel_id=channel_id, user_ids=user_ids):
                return Receipt(channel_id=channel_id, invited=self._invited(channel_id, user_ids))
            case ArchiveChannel(channel_id=channel_id):
                with Done("already_archived"):
                    call(lambda: self.client.conversations_archive(channel=channel_id))
        return Receipt(channel_id=channel_id)

    def _created(self, create: CreateChannel) -> str:
        """The channel's id, whichever call made it."""
        if made := self._made_before(create):
            return made
        try:
            answer = call(lambda: self.client.conversations_create(name=create.name))
        except Refused as refused:
            # The answer to an earlier call may have been lost, and the call itself have taken its time.
            made = self._made_before(create) if refused.code == "name_taken" else None
            if made is None:
                raise
            return made
        channel: dict[str, Any] = answer.get("channel") or {}
        return str(channel["id"])

    # See docs/decisions/0038-channel-made-once.md
    def _made_before(self, create: CreateChannel) -> str | None:
        self._own_id = self._own_id or str(call(self.client.auth_test).get("user_id"))
        since = (create.since - _CHANNELS_SKEW).timestamp()
        wanted = {create.name, *create.before}
        cursor = ""
        while True:
            channels, cursor = self.channels_page(cursor, _MOST_AT_ONCE)
            for channel in channels:
                names = {channel.get("name"), *(channel.get("previous_names") or ())}
                is_own = channel.get("creator") == self._own_id and channel.get("created", 0) >= since
                if is_own and names & wanted and channel["id"] not in create.but_not:
                    return str(channel["id"])
            if not cursor:
                return None

    def _is_to_say(self, channel_id: str, part: Literal["topic", "purpose"], words: str, *, keep: bool) -> bool:
        """Whether a channel does not say so yet: Slack tells everybody in it of each change, also of none."""
        channel = call(lambda: self.client.conversations_info(channel=channel_id)).get("channel") or {}
        said = html.unescape((channel.get(part) or {}).get("value") or "")
        return bool(said != words and not (keep and said))

    def _invited(self, channel_id: str, user_ids: Sequence[str]) -> dict[str, str]:
        def invite() -> SlackResponse:
            try:
                return self.client.conversations_invite(channel=channel_id, users=list(user_ids), force=True)
            except SlackApiError as error:
                answer: SlackResponse = error.response
                if _not_invited(answer, user_ids):
                    return answer  # nobody could be added, which is an answer too
                raise

        refused = _not_invited(call(invite), user_ids)
        return {user_id: refused.get(user_id, "") for user_id in user_ids}

    def _pin(self, receipt: Receipt) -> None:
        """Best effort: the message has arrived, and must not be sent again for want of a pin."""
        try:
            with Done("already_pinned"):
                call(lambda: self.client.pins_add(channel=receipt.channel_id or "", timestamp=receipt.message_ts))
        except SendingEnded as ended:
            log.warning("a message could not be pinned: %s", ended.code)

    def _history(self, channel_id: str, oldest: str, cursor: str | None) -> SlackResponse:
        return call(
            lambda: self.client.conversations_history(
                channel=channel_id,
                oldest=oldest,
                limit=_PAGE,
                include_all_metadata=True,
                cursor=cursor,
            )
        )

    def _newest(self, channel_id: str, cursor: str | None) -> SlackResponse:
        return call(lambda: self.client.conversations_history(channel=channel_id, limit=_FEW, cursor=cursor))

    def _channel(self, to: str) -> str:
        if not _is_person(to):
            return to
        if to not in self._direct:
            answer = call(lambda: self.client.conversations_open(users=to))
            self._direct[to] = (answer.get("channel") or {}).get("id", to)
        return self._direct[to]


def _is_person(to: str) -> bool:
    return to.startswith(("U", "W"))


def _wire_id(message: Mapping[str, Any]) -> object:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != METADATA_TYPE:
        return None
    return (metadata.get("event_payload") or {}).get("id")


def _spoken(message: Mapping[str, Any]) -> float:
    """When a person wrote this message, or anybody the last answer to it; 0 for none of both."""
    is_huddle = message.get("subtype") == "huddle_thread"  # which is people who speak
    at = float(message["ts"]) if is_said_by_a_person(message) or is_huddle else 0.0
    return max(at, float(message.get("latest_reply") or 0))


def _not_invited(answer: SlackResponse, user_ids: Sequence[str]) -> dict[str, str]:
    """Slack's code for everyone who was not added; "" for those who are in the channel already."""
    errors: list[dict[str, Any]] = answer.get("errors") or []
    codes = {str(each["user"]): if_code(each.get("error")) or "unknown" for each in errors if each.get("user")}
    code = code_of(answer)
    if not codes and len(user_ids) == 1 and code in _OF_ONE_PERSON:
        codes = {user_ids[0]: code}
    return {user_id: "" if why in _IN_IT else why for user_id, why in codes.items()}


def _view_id(answer: SlackResponse) -> str:
    view_id: str = (answer.get("view") or {}).get("id", "")
    return view_id
