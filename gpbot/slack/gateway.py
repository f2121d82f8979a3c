"""The one way out to Slack: every call, and what every failure means."""

import html
import http.client
import json
import logging
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.error import URLError
from uuid import NAMESPACE_OID, uuid5

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse, WebClient
from slack_sdk.webhook import WebhookClient

from gpbot.outbox.types import (
    AppTokenTrouble,
    ArchiveChannel,
    Block,
    CreateChannel,
    Delete,
    Edit,
    Invite,
    JoinChannel,
    NotSent,
    OutcomeUnknown,
    Outgoing,
    Pin,
    Post,
    PublishHome,
    RateLimited,
    Receipt,
    Refused,
    SendingEnded,
    SetPurpose,
    SetTopic,
    ToChannel,
    UpdateView,
    WorkspaceFull,
)
from gpbot.slack.blocks import in_messages
from gpbot.slack.identity import Identity, identify
from gpbot.slack.requests import is_said_by_a_person

log = logging.getLogger(__name__)

TIMEOUT = 10  # seconds; the outbox leases a job for thirty
METADATA_TYPE = "gpbot"

# Everything else Slack says no with is for good.
_MEANINGS: dict[Callable[[str], SendingEnded], set[str]] = {
    AppTokenTrouble: {
        "access_denied",
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    },
    OutcomeUnknown: {
        "duplicate_channel_not_found",  # Slack's words for a client_msg_id it is still busy with
        "duplicate_message_not_found",
        "fatal_error",
        "internal_error",
        "service_unavailable",
    },
    NotSent: {  # Slack is busy with something else there, and is done with it later
        "external_channel_migrating",
        "request_timeout",
        "streaming_state_conflict",
        "team_added_to_org",
    },
    WorkspaceFull: {"message_limit_exceeded"},
}
# What only says that the app may not do this to channels, and nothing of whether it may write to people.
_NOT_TO_CHANNELS = {"access_denied", "missing_scope", "no_permission"}
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
_SLOW_DOWN = {"rate_limited", "ratelimited"}
_UNREACHABLE = (ConnectionRefusedError, socket.gaierror, ssl.SSLError)
_RETRY_AFTER = 30.0  # seconds, when Slack does not say
_SKEW = timedelta(minutes=2)  # between this machine's clock and Slack's
_CHANNELS_SKEW = timedelta(minutes=15)  # a channel that is old enough to be another one is rarely minutes old
_PAGE = 200
_MOST_AT_ONCE = 999  # channels: each page is a call, of which Slack takes twenty a minute
_FEW = 50  # messages of a channel, to see whether somebody wrote lately
_MOST_PAGES = 10  # of these


def web_client(token: str, base_url: str) -> WebClient:
    """A client that sends once: slack_sdk's own retries posted a message twice after a lost reply."""
    return WebClient(
        token=token,
        base_url=base_url,
        timeout=TIMEOUT,
        retry_handlers=[],
        logger=logging.getLogger("slack_sdk"),
    )


class Gateway:
    """Calls Slack. Every method raises one of the outbox's SendingEnded, with a code and no text.

    Safe to use from several threads.
    """

    def __init__(self, token: str, base_url: str, hear: Callable[[datetime], object] = lambda _: None) -> None:
        """`hear` is told what time it is for Slack, at start and with each `check`."""
        self.client = web_client(token, base_url)
        self._hear = hear
        self._direct: dict[str, str] = {}  # user id → channel id of the direct message
        self._own_id = ""

    def identify(self) -> Identity:
        """Raises NotIdentified."""
        return identify(self.client, self._hear_date)

    def check(self) -> None:
        """Ask Slack for nothing but an answer."""
        self._hear_date(_call(self.client.auth_test))

    def send(self, outgoing: Outgoing, wire_id: str) -> Receipt:
        match outgoing:
            case Post():
                return self._post(outgoing, wire_id)
            case Edit(channel_id=channel_id, message_ts=ts, text=text, blocks=blocks):
                last = in_messages(blocks)[-1]  # those before it stay as they are
                _call(lambda: self.client.chat_update(channel=channel_id, ts=ts, text=text, blocks=last))
                return Receipt(channel_id=channel_id, message_ts=ts)
            case Delete(channel_id=channel_id, message_ts=ts):
                with _Done("message_not_found"):
                    _call(lambda: self.client.chat_delete(channel=channel_id, ts=ts))
            case PublishHome(user_id=user_id, view=view):
                _call(lambda: self.client.views_publish(user_id=user_id, view=view))
            case UpdateView(view_id=view_id, view=view):
                with _Done("not_found", "view_not_found"):
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
        answer = _call(lambda: self.client.views_open(trigger_id=trigger_id, view=view))
        return _view_id(answer)

    def push_view(self, trigger_id: str, view: dict[str, Any]) -> str:
        answer = _call(lambda: self.client.views_push(trigger_id=trigger_id, view=view))
        return _view_id(answer)

    def update_view(
        self,
        view_id: str,
        view: dict[str, Any],
        *,
        hash: str | None = None,  # noqa: A002  (Slack's name)
    ) -> str:
        """What Slack calls it as it is now: its hash."""
        answer = _call(lambda: self.client.views_update(view_id=view_id, view=view, hash=hash))
        return str((answer.get("view") or {}).get("hash") or "")

    def user_info(self, user_id: str) -> dict[str, Any]:
        """Slack's `user` object."""
        answer = _call(lambda: self.client.users_info(user=user_id))
        user: dict[str, Any] = answer.get("user") or {}
        return user

    def users_page(self, cursor: str) -> tuple[list[dict[str, Any]], str]:
        """Slack's user objects, and the next page's cursor ("" at the end)."""
        answer = _call(lambda: self.client.users_list(limit=_PAGE, cursor=cursor or None))
        users: list[dict[str, Any]] = answer.get("members") or []
        return users, (answer.get("response_metadata") or {}).get("next_cursor") or ""

    def channels_page(self, cursor: str, limit: int = _PAGE) -> tuple[list[dict[str, Any]], str]:
        """Slack's objects of public channels, archived ones too, and the next page's cursor ("" at the end)."""
        with _if_we_may():
            answer = _call(
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
            with _if_we_may(says=False):
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
        with _if_we_may():
            _call(lambda: self.client.conversations_invite(channel=channel_id, users=user_id))

    def direct_message(self, user_id: str, text: str, blocks: Sequence[Block] = ()) -> None:
        """Say something once, now; what must arrive goes through the outbox instead."""
        for part in in_messages(blocks):
            self._say(user_id, text, part)

    def respond(self, url: str, payload: Mapping[str, Any]) -> None:
        """Post to a response_url (five times within half an hour)."""
        hook = WebhookClient(url, timeout=TIMEOUT, retry_handlers=[], logger=logging.getLogger("slack_sdk"))
        try:
            answer = hook.send_dict(dict(payload))
        except Exception as error:  # noqa: BLE001  (sorted by `_unanswered`)
            raise _unanswered(error) from None
        if answer.status_code != http.client.OK:
            raise ending_of(answer.status_code, _hook_code(answer.body), answer.headers)

    def _hear_date(self, answer: SlackResponse) -> None:
        with suppress(ValueError):  # a proxy in between may say what it likes
            self._hear(parsedate_to_datetime(_header(answer.headers, "date") or "").astimezone(UTC))

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
        return _call(
            lambda: self.client.chat_postMessage(
                channel=to, text=text, blocks=list(blocks) or None, unfurl_links=False, unfurl_media=False, **known
            )
        )

    def _was_said(self, to: str, wire_id: str) -> bool:
        """Lately: looked for among the newest messages."""
        newest: list[dict[str, Any]] = self._history(self._channel(to), "0", None).get("messages") or []
        return any(_wire_id(message) == wire_id for message in newest)

    def _to_channel(self, outgoing: ToChannel) -> Receipt:
        with _if_we_may():
            return self._done_to_channel(outgoing)

    def _done_to_channel(self, outgoing: ToChannel) -> Receipt:
        match outgoing:
            case CreateChannel():
                return Receipt(channel_id=self._created(outgoing))
            case JoinChannel(channel_id=channel_id):
                _call(lambda: self.client.conversations_join(channel=channel_id))
            case SetTopic(channel_id=channel_id, topic=topic, keep=keep):
                if self._is_to_say(channel_id, "topic", topic, keep=keep):
                    _call(lambda: self.client.conversations_setTopic(channel=channel_id, topic=topic))
            case SetPurpose(channel_id=channel_id, purpose=purpose, keep=keep):
                if self._is_to_say(channel_id, "purpose", purpose, keep=keep):
                    _call(lambda: self.client.conversations_setPurpose(channel=channel_id, purpose=purpose))
            case Pin(channel_id=channel_id, message_ts=ts):
                with _Done("already_pinned"):
                    _call(lambda: self.client.pins_add(channel=channel_id, timestamp=ts))
            case Invite(channel_id=channel_id, user_ids=user_ids):
                return Receipt(channel_id=channel_id, invited=self._invited(channel_id, user_ids))
            case ArchiveChannel(channel_id=channel_id):
                with _Done("already_archived"):
                    _call(lambda: self.client.conversations_archive(channel=channel_id))
        return Receipt(channel_id=channel_id)

    def _created(self, create: CreateChannel) -> str:
        """The channel's id, whichever call made it."""
        if made := self._made_before(create):
            return made
        try:
            answer = _call(lambda: self.client.conversations_create(name=create.name))
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
        self._own_id = self._own_id or str(_call(self.client.auth_test).get("user_id"))
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
        channel = _call(lambda: self.client.conversations_info(channel=channel_id)).get("channel") or {}
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

        refused = _not_invited(_call(invite), user_ids)
        return {user_id: refused.get(user_id, "") for user_id in user_ids}

    def _pin(self, receipt: Receipt) -> None:
        """Best effort: the message has arrived, and must not be sent again for want of a pin."""
        try:
            with _Done("already_pinned"):
                _call(lambda: self.client.pins_add(channel=receipt.channel_id or "", timestamp=receipt.message_ts))
        except SendingEnded as ended:
            log.warning("a message could not be pinned: %s", ended.code)

    def _history(self, channel_id: str, oldest: str, cursor: str | None) -> SlackResponse:
        return _call(
            lambda: self.client.conversations_history(
                channel=channel_id,
                oldest=oldest,
                limit=_PAGE,
                include_all_metadata=True,
                cursor=cursor,
            )
        )

    def _newest(self, channel_id: str, cursor: str | None) -> SlackResponse:
        return _call(lambda: self.client.conversations_history(channel=channel_id, limit=_FEW, cursor=cursor))

    def _channel(self, to: str) -> str:
        if not _is_person(to):
            return to
        if to not in self._direct:
            answer = _call(lambda: self.client.conversations_open(users=to))
            self._direct[to] = (answer.get("channel") or {}).get("id", to)
        return self._direct[to]


class _Done:
    """A refusal that means that there is nothing left to do."""

    def __init__(self, *codes: str) -> None:
        self._codes = codes

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        return isinstance(error, Refused) and error.code in self._codes


def _call(call: Callable[[], SlackResponse]) -> SlackResponse:
    try:
        return call()
    except SlackApiError as error:
        answer = error.response
        raise ending_of(answer.status_code, _code(answer), answer.headers) from None
    except Exception as error:  # noqa: BLE001  (sorted by `_unanswered`)
        raise _unanswered(error) from None


@contextmanager
def _if_we_may(*, says: bool = True) -> Iterator[None]:
    """For channels: an app installed before this release has no scope for them, which must not hold up the rest.

    `says`: the log does; otherwise the caller has more to say of it.
    """
    try:
        yield
    except AppTokenTrouble as trouble:
        if trouble.code not in _NOT_TO_CHANNELS:
            raise
        if says:
            log.warning("Slack does not let gpbot at channels: install the app again from `python -m gpbot manifest`")
        raise Refused(trouble.code) from None


def _header(headers: Mapping[str, str], name: str) -> str | None:
    """Whatever case it came in; `name` in small letters."""
    return next((value for each, value in headers.items() if each.lower() == name), None)


def ending_of(status: int, code: str | None, headers: Mapping[str, str]) -> SendingEnded:
    """What an answer that is not ok means for whatever was being sent."""
    if status == http.client.TOO_MANY_REQUESTS or code in _SLOW_DOWN:
        return RateLimited(_seconds(_header(headers, "retry-after")))
    if status >= http.client.INTERNAL_SERVER_ERROR:
        return OutcomeUnknown(f"http_{status}")
    if code is None:  # not Slack's own words: something between us and Slack answered
        return OutcomeUnknown("not_json") if status == http.client.OK else NotSent(f"http_{status}")
    return next((ending(code) for ending, codes in _MEANINGS.items() if code in codes), Refused(code))


def _unanswered(error: Exception) -> SendingEnded:
    """What it means that no answer came. The code is the error's type: its text may hold anything."""
    cause = error.reason if isinstance(error, URLError) else error
    code = type(cause).__name__ if isinstance(cause, BaseException) else type(error).__name__
    if isinstance(error, URLError) and isinstance(cause, _UNREACHABLE):
        return NotSent(code)
    if isinstance(error, OSError | http.client.HTTPException):
        return OutcomeUnknown(code)
    return Refused(code)  # it never left: slack_sdk would not make a request of it


def _code(answer: SlackResponse) -> str | None:
    data = answer.data
    return _if_code(data.get("error")) if isinstance(data, Mapping) else None


def _hook_code(body: str) -> str | None:
    try:
        data = json.loads(body)
    except ValueError:
        return _if_code(body.strip())
    return _if_code(data.get("error")) if isinstance(data, Mapping) else None


def _if_code(text: object) -> str | None:
    return text if isinstance(text, str) and re.fullmatch(r"[a-z0-9_]{1,80}", text) else None


def _seconds(retry_after: str | None) -> float:
    try:
        return max(1.0, float(retry_after or _RETRY_AFTER))
    except ValueError:
        return _RETRY_AFTER


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
    codes = {str(each["user"]): _if_code(each.get("error")) or "unknown" for each in errors if each.get("user")}
    code = _code(answer)
    if not codes and len(user_ids) == 1 and code in _OF_ONE_PERSON:
        codes = {user_ids[0]: code}
    return {user_id: "" if why in _IN_IT else why for user_id, why in codes.items()}


def _view_id(answer: SlackResponse) -> str:
    view_id: str = (answer.get("view") or {}).get("id", "")
    return view_id
