"""Reports that are not sent yet, each sealed with a key of its own."""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, insert, select, update
from sqlalchemy.orm import Session

from gpbot.db import table_of
from gpbot.refusals import NotAvailable
from gpbot.reports.models import DraftRow
from gpbot.reports.store.keyed import Keyed
from gpbot.reports.types import Draft
from gpbot.sealed.erasing import erase_case
from gpbot.sealed.keys import remember_key

_DRAFTS = table_of(DraftRow)
# What runs before an ack is built once: building a statement costs more than running it.
REVIEWED = ("what", "about", "about_words", "outside", "show_name", "evidence", "shown")  # and not the ticks
_DRAFT_ID: BindParameter[UUID] = bindparam("draft_id")
_READ_DRAFT = select(_DRAFTS.c.key, _DRAFTS.c.owner, _DRAFTS.c.content).where(_DRAFTS.c.id == _DRAFT_ID)
_NEW_DRAFT = insert(_DRAFTS)
_CHANGE_DRAFT = update(_DRAFTS).where(_DRAFTS.c.id == _DRAFT_ID).values(content=bindparam("sealed"))


class Drafts(Keyed):
    def save_draft(self, session: Session, owner: str, draft: Draft) -> None:
        """Raises NotAvailable when a draft of this id is somebody else's."""
        row = session.execute(_READ_DRAFT, {"draft_id": draft.id}).one_or_none()
        if row is None:
            key, sealed = self._keyring.new_data_key(session)
            remember_key(session, draft.id, key)
            fresh = {"id": draft.id, "key": sealed, "owner": self._owner(owner), "content": key.seal(draft.as_json())}
            session.execute(_NEW_DRAFT, fresh)
        elif row.owner != self._owner(owner):
            raise NotAvailable
        else:
            key = self._keyring.vault.open_data_key(row.key)
            remember_key(session, draft.id, key)
            sealed = key.seal(draft.as_json())
            session.execute(_CHANGE_DRAFT, {"draft_id": draft.id, "sealed": sealed})

    def draft_id_for(self, owner: str, view_id: str) -> UUID:
        """The same form, submitted twice, is the same draft."""
        return UUID(bytes=self._keyring.hash("draft", f"{owner}:{view_id}")[:16])

    def draft(self, session: Session, owner: str, draft_id: UUID) -> Draft | None:
        """The owner's draft; None for anybody else's, sent, deleted, or never there."""
        row = session.execute(_READ_DRAFT, {"draft_id": draft_id}).one_or_none()
        if row is None or row.owner != self._owner(owner):
            return None
        return Draft.from_json(draft_id, self._keyring.open_case(draft_id, row.key, row.content)[1])

    def revision_of(self, draft: Draft, shown: Sequence[str | bool]) -> str:
        """Changes with what a review shows: the words, and `shown`."""
        content = json.dumps([*(draft.as_json()[name] for name in REVIEWED), shown], sort_keys=True)
        return self._keyring.hash("revision", content).hex()[:16]

    def erase_draft(self, session: Session, draft_id: UUID) -> None:
        erase_case(session, self._keyring, _DRAFTS, draft_id, and_row=True)
