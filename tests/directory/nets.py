"""What the nets have to know of the directory."""

from gpbot.directory import ids
from gpbot.directory.channel_list import ChannelsPage, channel_list
from tests.house.owing import Asked, Owing, pages_of_a_list
from tests.nets import A_LIST, Nets


def owed(owing: Owing) -> list[Asked]:
    return pages_of_a_list(
        owing, ChannelsPage, lambda nothing, pages: channel_list(owing.outbox, nothing, pages, bot_user_id="U0BOT")
    )


NETS = Nets(
    owed=owed,
    no_subject=dict.fromkeys((ids.COMMAND, "channels.find", ids.OPEN, ids.SHOW, ids.TOPIC, ids.MORE), A_LIST),
    in_world={ids.CHANNEL: lambda world: world.c.general.id},
    in_a_form={ids.JOIN: ids.SHOW},
)
