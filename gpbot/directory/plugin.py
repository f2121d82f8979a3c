"""What the directory brings: the list of channels, and finding one."""

from gpbot.directory.channel_list import ChannelEvents, ChannelsPage, channel_list
from gpbot.directory.home import DirectorySection
from gpbot.directory.joining import Joining
from gpbot.directory.listeners import DirectoryListeners
from gpbot.directory.workflow import Directory
from gpbot.kit import Kit, Surface, Workflow


def use_cases(kit: Kit) -> None:
    kit.add(Directory(kit.database, topics=dict(kit.settings.topics)))


def surface(kit: Kit, slack: Surface) -> None:
    directory, gateway, bot_user_id = kit.get(Directory), slack.gateway, slack.identity.bot_user_id
    joining = kit.add(Joining(gateway.join_channel, gateway.add_to_channel))
    slack.listen(DirectoryListeners(slack.windows, directory, joining))
    slack.listen(ChannelEvents(directory, bot_user_id=bot_user_id))
    slack.home.section(70, kit.add(DirectorySection(directory)))
    channels = kit.add(channel_list(kit.outbox, directory, gateway.channels_page, bot_user_id=bot_user_id))
    slack.send(ChannelsPage, channels)
    slack.at_start.append(channels.begin)


WORKFLOW = Workflow(
    name="directory",
    use_cases=use_cases,
    surface=surface,
    listeners=(DirectoryListeners, ChannelEvents),
    jobs=(ChannelsPage.KIND,),
)
