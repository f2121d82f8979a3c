"""What role holders see about where they work."""

from gpbot.community import Community
from gpbot.people import ids
from gpbot.people.organisations import LONGEST, Standing
from gpbot.people.types import RoleHolder
from gpbot.slack.blocks import Block, View, button, context, escape, modal, section, text_input
from gpbot.slack.requests import Form

TEXT = "text"


def organisation_blocks(community: Community, holder: RoleHolder, standing: Standing) -> list[Block]:
    """On App Home: their own, and what everybody's together come to."""
    if holder.organisation:
        own, words = f"*Your organisation:* {escape(holder.organisation)}", "Change it"
    else:
        own, words = "*Your organisation:* you have not said", "Say which"
    blocks = [
        section(
            f"{own}\nWhoever reports something sees it beside your name, and can tell who works together.",
            button(words, ids.ORGANISATION_FORM),
        )
    ]
    if said := all_of_one(community, standing):
        blocks.append(section(f"{said} The form says so too."))
    elif standing is Standing.UNKNOWN:
        blocks.append(context("Somebody who could read reports has not said where they work yet."))
    return blocks


def all_of_one(community: Community, standing: Standing) -> str:
    """mrkdwn; "" where somebody who could read a report works elsewhere, or that is not known."""
    instead = f"Outside this workspace there is {escape(community.external_help)}."
    match standing:
        case Standing.ONE:
            return f"*Everybody who could read a report works for the same organisation.* {instead}"
        case Standing.SHARED:
            return f"*Everybody who could read a report works for an organisation that a champion works for.* {instead}"
        case _:
            return ""


def organisation_form(holder: RoleHolder) -> View:
    return modal(
        "Your organisation",
        [
            text_input(
                "Where do you work?",
                TEXT,
                TEXT,
                initial=holder.organisation or None,
                max_length=LONGEST,
                # Who has said it may take it back; who has not is asked.
                optional=bool(holder.organisation),
                hint="Whoever reports something sees it beside your name. Write it as your colleagues here do.",
            )
        ],
        ids.ORGANISATION,
        "Save",
        close="Cancel",
    )


def read_organisation(form: Form) -> str:
    return form.text(TEXT, TEXT)
