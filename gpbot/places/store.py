"""Every query about what the settings name."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gpbot.keyring import KeyRing
from gpbot.named import Named
from gpbot.places.models import NamedPlace
from gpbot.places.types import Found, Trouble


def find(session: Session, keyring: KeyRing, named: Named) -> NamedPlace | None:
    return session.get(NamedPlace, (named.setting, keyring.mark(named.slack_id)))


def trouble_of(row: NamedPlace | None) -> Trouble | None:
    return Trouble(row.trouble) if row is not None and row.trouble else None


def troubles(session: Session) -> dict[tuple[str, str], Trouble]:
    """By setting and mark; at most as many as the settings ever named."""
    rows = session.execute(select(NamedPlace.setting, NamedPlace.mark, NamedPlace.trouble).order_by(
        NamedPlace.setting, NamedPlace.mark))  # fmt: skip
    return {(row.setting, row.mark): Trouble(row.trouble) for row in rows if row.trouble}


def looked_at(session: Session) -> dict[tuple[str, str], datetime]:
    """When, by setting and mark."""
    rows = session.execute(select(NamedPlace.setting, NamedPlace.mark, NamedPlace.looked_at))
    return {(row.setting, row.mark): row.looked_at for row in rows}


def members(session: Session, keyring: KeyRing, named: Named) -> list[str]:
    row = find(session, keyring, named)
    return list(keyring.box.open(row.sealed_members)["ids"]) if row is not None and row.sealed_members else []


def keep(session: Session, keyring: KeyRing, named: Named, found: Found, *, at: datetime) -> Trouble | None:
    """What was wrong with it before is returned."""
    row = find(session, keyring, named)
    before = trouble_of(row)
    if row is None:
        row = NamedPlace(setting=named.setting, mark=keyring.mark(named.slack_id), looked_at=at)
        session.add(row)
    row.looked_at = at
    row.trouble = found.trouble.value if found.trouble else ""
    row.sealed_members = keyring.box.seal({"ids": list(found.members)}) if found.members else None
    session.flush()
    return before


def forget_when(session: Session, keyring: KeyRing, named: Named) -> None:
    """The status stays, until it was looked at again."""
    row = find(session, keyring, named)
    if row is not None:
        row.looked_at = datetime.fromtimestamp(0, UTC)
        session.flush()
