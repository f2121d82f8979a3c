"""Every table, so that Alembic sees them, and the revision this code needs."""

from gpbot.audit import models as audit
from gpbot.db import Base
from gpbot.desk import models as desk
from gpbot.directory import models as directory
from gpbot.guidelines import models as guidelines
from gpbot.home import models as home
from gpbot.keyring import SealedKey
from gpbot.onboarding import models as onboarding
from gpbot.opening import models as opening
from gpbot.outbox import models as outbox
from gpbot.people import models as people
from gpbot.places import models as places
from gpbot.proposals import models as proposals
from gpbot.questions import models as questions
from gpbot.quiet import models as quiet
from gpbot.reports import models as reports

__all__ = [
    "REVISION",
    "SealedKey",
    "audit",
    "desk",
    "directory",
    "guidelines",
    "home",
    "metadata",
    "onboarding",
    "opening",
    "outbox",
    "people",
    "places",
    "proposals",
    "questions",
    "quiet",
    "reports",
]

REVISION = "0017"
metadata = Base.metadata
