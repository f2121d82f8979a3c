"""App Home, assembled from one section for each workflow, and what stands in a window that was emptied."""

from collections.abc import Callable, Sequence

from gpbot.community import Community
from gpbot.home import ids
from gpbot.refusals import NotAvailable
from gpbot.slack.blocks import Block, View, context, divider, header, home, modal, section


def home_view(community: Community, sections: Sequence[Callable[[str], list[Block]]], user_id: str) -> View:
    blocks: list[Block] = [header(community.name)]
    for section_of in sections:
        shown = section_of(user_id)
        if shown:
            blocks += [*shown, divider()]
    blocks.append(context("Only you can see this page."))
    return home(blocks)


def not_available() -> View:
    return modal("Not available", [section(NotAvailable.words)], ids.NOT_AVAILABLE)
