"""The JSON Slack answers with and delivers, built from the workspace's state and nothing else."""

import copy
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from gpbot.practice import ids
from gpbot.practice.state import App, Channel, Json, Message, User, View

VERIFICATION_TOKEN = "practice-verification-token"
SPOKEN_BY_SLACK = frozenset({"channel_join", "channel_topic", "channel_purpose"})
OF_NO_TEAM = frozenset({"channel_topic", "channel_purpose"})
AVATAR_SIZES = (24, 32, 48, 72, 192, 512)


def user(person: User, *, with_email: bool) -> Json:
    """A user object; a deactivated one has lost its roles and its time zone, as in Slack."""
    profile: Json = {
        "title": person.title,
        "phone": "",
        "skype": "",
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.display_name,
        "display_name_normalized": person.display_name,
        "status_text": "",
        "status_text_canonical": "",
        "status_emoji": "",
        "status_emoji_display_info": [],
        "status_expiration": 0,
        "avatar_hash": ids.digest("avatar", person.id, length=12),
        "team": person.team_id,
    }
    for size in AVATAR_SIZES:
        profile[f"image_{size}"] = f"https://avatars.example.com/{person.id}-{size}.png"
    first, _, last = person.real_name.partition(" ")
    profile |= {"first_name": first, "last_name": last}
    if person.bot_id:
        profile |= {"bot_id": person.bot_id, "api_app_id": person.app_id or "", "always_active": True}
    if with_email and person.email and not person.is_bot:
        profile["email"] = person.email
    shape: Json = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "deleted": person.is_deleted,
        "real_name": person.real_name,
        "profile": profile,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": person.updated,
    }
    if not person.is_deleted:
        shape |= {
            "color": "9f69e7",
            "tz": "Europe/London",
            "tz_label": "Greenwich Mean Time",
            "tz_offset": 0,
            "is_admin": False,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": person.is_guest,
            "is_ultra_restricted": False,
            "has_2fa": False,
            "is_email_confirmed": not person.is_bot,
            "who_can_share_contact_card": "EVERYONE",
        }
    if person.is_external:
        shape["is_stranger"] = True
    return shape


def channel(place: Channel, *, viewer: str, team_id: str) -> Json:
    """A conversation object as the viewer gets it."""
    if place.is_im:
        return {
            "id": place.id,
            "created": place.created,
            "is_archived": False,
            "is_im": True,
            "is_org_shared": False,
            "context_team_id": team_id,
            "updated": place.created * 1000,
            "user": next((member for member in place.members if member != viewer), viewer),
            "priority": 0,
        }
    return {
        "id": place.id,
        "name": place.name,
        "is_channel": not place.is_private,
        "is_group": place.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": place.is_private,
        "created": place.created,
        "is_archived": place.is_archived,
        "is_general": place.name == "general",
        "unlinked": 0,
        "name_normalized": place.name,
        "is_shared": bool(place.shared_with),
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": team_id,
        "updated": place.created * 1000,
        "creator": place.creator,
        "is_ext_shared": bool(place.shared_with),
        "shared_team_ids": [team_id, *place.shared_with],
        "pending_connected_team_ids": [],
        "is_member": viewer in place.members,
        "topic": dict(place.topic),
        "purpose": dict(place.purpose),
        "previous_names": list(place.previous_names),
    }


def message(said: Message, *, with_metadata: bool = False, replies: Iterable[Message] = ()) -> Json:
    """A message as history, events and interactions carry it."""
    shape: Json = {"type": "message"}
    if said.subtype:
        shape["subtype"] = said.subtype
    shape |= _author(said) | {"text": said.text, "ts": said.ts}
    if said.subtype not in OF_NO_TEAM:
        shape["team"] = said.user.team_id
    if said.files:
        shape |= {"upload": False, "display_as_bot": False}
    extras: Json = {
        "client_msg_id": said.client_msg_id,
        "inviter": said.inviter,
        "blocks": said.blocks,
        "files": said.files,
        "attachments": said.attachments,
        "thread_ts": said.thread_ts,
        "edited": said.edited,
        "metadata": said.metadata if with_metadata else None,
    }
    shape |= copy.deepcopy({name: value for name, value in extras.items() if value})
    return shape | _thread(said, list(replies))


def _author(said: Message) -> Json:
    author = said.user
    # An older bot's message names no user: an app must not take one for granted.
    by: Json = {"username": author.shown_name} if said.subtype == "bot_message" else {"user": author.id}
    if said.subtype in SPOKEN_BY_SLACK:
        return by
    if author.bot_id:
        by["bot_id"] = author.bot_id
    if author.app_id:
        by |= {
            "app_id": author.app_id,
            "bot_profile": {
                "id": author.bot_id,
                "deleted": False,
                "name": author.real_name,
                "updated": author.updated,
                "app_id": author.app_id,
                "icons": {f"image_{size}": "https://avatars.example.com/app.png" for size in (36, 48, 72)},
                "team_id": author.team_id,
            },
        }
    return by


def _thread(said: Message, replies: Sequence[Message]) -> Json:
    if not replies:
        return {}
    writers = list(dict.fromkeys(reply.user.id for reply in replies))
    return {
        "thread_ts": said.ts,
        "reply_count": len(replies),
        "reply_users_count": len(writers),
        "latest_reply": replies[-1].ts,
        "reply_users": writers,
        "is_locked": False,
        "subscribed": False,
    }


def file(name: str, *, owner: User, at: int, number: int) -> Json:
    """A file that somebody attached; its name is all there is in it."""
    file_id = ids.slack_id("F", owner.id, number)
    address = f"https://files.example.com/{owner.team_id}-{file_id}/{name}"
    return {
        "id": file_id,
        "created": at,
        "timestamp": at,
        "name": name,
        "title": name,
        "mimetype": "application/octet-stream",
        "filetype": name.rpartition(".")[2],
        "user": owner.id,
        "user_team": owner.team_id,
        "size": 0,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "url_private": address,
        "url_private_download": address,
        "permalink": address,
    }


def quoted(said: Message, place: Channel, *, domain: str, permalink: str, name: str) -> Json:
    """What is shared, as one of the `attachments` of the message that shares it."""
    where = f"#{place.name}" if place.kind == "channel" else "a private conversation"
    at = datetime.fromtimestamp(float(said.ts), UTC)
    shape: Json = {
        "id": 1,
        "is_share": True,
        "is_msg_unfurl": True,
        "ts": said.ts,
        "author_name": name,
        "author_subname": said.user.real_name,
        "author_link": f"https://{domain}.slack.com/team/{said.user.id}",
        "channel_id": place.id,
        "channel_team": said.user.team_id,
        "from_url": permalink,
        "original_url": permalink,
        "text": said.text,
        "fallback": f"[{at:%B %d, %Y %I:%M %p}] {said.user.name}: {said.text}",
        "footer": f"Posted in {where}",
        "mrkdwn_in": ["text"],
        "color": "D0D0D0",
    }
    if not said.user.is_bot:
        shape["author_id"] = said.user.id
    if said.blocks:
        inside = {"team": said.user.team_id, "channel": place.id, "ts": said.ts, "message": {"blocks": said.blocks}}
        shape["message_blocks"] = [inside]
    for name_, held in (("files", said.files), ("attachments", said.attachments)):
        if held:
            shape[name_] = held
    return copy.deepcopy(shape)


def view(seen: View, *, app: App, team_id: str, state: Mapping[str, Any] | None = None) -> Json:
    """A view object; `state` is what the person filled in, where Slack sends it along."""
    definition = copy.deepcopy(seen.definition)
    shape: Json = {
        "id": seen.id,
        "team_id": team_id,
        "type": seen.kind,
        "blocks": definition["blocks"],
        "private_metadata": definition.get("private_metadata", ""),
        "callback_id": definition.get("callback_id", ""),
        "state": {"values": dict(state or {})},
        "hash": seen.hash,
        "title": definition.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": definition.get("clear_on_close", False),
        "notify_on_close": definition.get("notify_on_close", False),
        "close": definition.get("close"),
        "submit": definition.get("submit"),
        "previous_view_id": seen.previous_id,
        "root_view_id": seen.root_id,
        "app_id": app.app_id,
        "external_id": definition.get("external_id", ""),
        "app_installed_team_id": team_id,
        "bot_id": app.bot_id,
    }
    if seen.kind == "modal":
        shape["submit_disabled"] = definition.get("submit_disabled", False)
    return shape


def completed_blocks(blocks: Iterable[Mapping[str, Any]], *scope: object) -> list[Json]:
    """The blocks with everything Slack adds: missing ids, `emoji`, `verbatim`, an input's defaults."""
    whole = []
    for place, given in enumerate(blocks):
        block: Json = completed(given)
        if block.get("type") != "rich_text":
            block.setdefault("block_id", ids.block_id(*scope, place))
        if block.get("type") == "input":
            block.setdefault("optional", False)
            block.setdefault("dispatch_action", False)
        for number, element in enumerate(_controls(block)):
            if element.get("type") != "image":
                element.setdefault("action_id", ids.block_id(*scope, place, number))
        whole.append(block)
    return whole


def _controls(block: Json) -> list[Json]:
    match block.get("type"):
        case "actions":
            return list(block["elements"])
        case "input":
            return [block["element"]]
        case "section" if "accessory" in block:
            return [block["accessory"]]
    return []


def completed(part: Any) -> Any:
    """A part of a view or message with the `emoji` and `verbatim` Slack adds to its texts."""
    if isinstance(part, Mapping):
        shape = {name: completed(value) for name, value in part.items()}
        if shape.get("type") == "plain_text":
            shape.setdefault("emoji", True)
        if shape.get("type") == "mrkdwn":
            shape.setdefault("verbatim", False)
        return shape
    if isinstance(part, list | tuple):
        return [completed(one) for one in part]
    return part


def event_envelope(event: Mapping[str, Any], *, app: App, team_id: str, event_id: str, at: int) -> Json:
    """What the Events API wraps around an event."""
    place = event.get("channel") or (event.get("item") or {}).get("channel") or ""
    place = place.get("id", "") if isinstance(place, Mapping) else place
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team_id,
        "api_app_id": app.app_id,
        "event": dict(event),
        "type": "event_callback",
        "event_id": event_id,
        "event_time": at,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team_id,
                "user_id": app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"1-{event['type']}-{team_id}-{place}",
    }


def interaction(kind: str, *, who: User, app: App, team_id: str, domain: str) -> Json:
    """What every interactive payload begins with; shortcuts say less of the person, and nothing of the app."""
    names = {"shortcut": ("username",), "message_action": ("name",)}.get(kind, ("username", "name"))
    return {
        "type": kind,
        "team": {"id": team_id, "domain": domain},
        "user": {"id": who.id, **dict.fromkeys(names, who.name), "team_id": who.team_id},
        **({} if kind in {"shortcut", "message_action"} else {"api_app_id": app.app_id}),
        "token": VERIFICATION_TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def place_of(where: Channel) -> Json:
    """The `channel` of an interaction."""
    return {"id": where.id, "name": where.spoken_name}


def plain(data: Any) -> Any:
    """A deep copy made of dictionaries, lists and values alone, as JSON would make it."""
    return json.loads(json.dumps(data))
