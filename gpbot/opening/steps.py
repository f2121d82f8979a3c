"""The steps of an opening, and what a refusal at one of them means for the others."""

from enum import StrEnum


class Step(StrEnum):
    """In their order."""

    CREATE = "create"
    JOIN = "join"  # a channel that gpbot did not make, or that it was taken out of
    TOPIC = "topic"
    PURPOSE = "purpose"
    WELCOME = "welcome"
    PIN = "pin"
    INVITE = "invite"
    PROPOSALS = "proposals"  # told in the proposals channel
    GENERAL = "general"  # told in the channel that everybody is in
    DONE = "done"


ORDER = tuple(Step)

# The channel is there and gpbot works in it: what is left of the step is done by hand, and the rest goes on.
_BY_HAND = {
    Step.TOPIC: {"restricted_action", "user_is_restricted", "no_permission", "too_long"},
    Step.PURPOSE: {"restricted_action", "user_is_restricted", "no_permission", "too_long"},
    Step.WELCOME: {"restricted_action", "restricted_action_read_only_channel", "no_permission"},
    Step.PIN: {"restricted_action", "no_permission", "not_pinnable", "too_many_pins", "message_not_found"},
    Step.INVITE: {"restricted_action", "no_permission", "user_is_restricted", "cant_invite", "too_many_members"},
}
_ELSEWHERE = {Step.PROPOSALS, Step.GENERAL}


def goes_on(step: Step, code: str) -> bool:
    """Whether the opening goes on without this step, which ended with Slack's `code`."""
    return step in _ELSEWHERE or code in _BY_HAND.get(step, ())


def following(step: Step) -> Step:
    """The next in the order; JOIN only comes where it is asked for."""
    after = ORDER[ORDER.index(step) + 1]
    return Step.TOPIC if after is Step.JOIN else after
