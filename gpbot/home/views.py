"""App Home, assembled from one section for each workflow."""

from collections.abc import Callable, Sequence

from gpbot.community import Community
from gpbot.slack.blocks import Block, View, context, divider, header, home

Section = Callable[[str], list[Block]]  # user id → what that person sees of one workflow; may be empty


def home_view(community: Community, sections: Sequence[Section], user_id: str) -> View:
    blocks: list[Block] = [header(community.name)]
    for section_of in sections:
        shown = section_of(user_id)
        if shown:
            blocks += [*shown, divider()]
    blocks.append(context("Only you can see this page."))
    return home(blocks)
