"""Whether Slack answers, asked apart from all sending."""

import threading

import pytest

from gpbot.outbox.types import AppTokenTrouble, OutcomeUnknown, RateLimited, SendingEnded
from gpbot.slack.pulse import Pulse
from tests.databases import ON_SQLITE
from tests.stage import Stage
from tests.waiting import HANGING


class Slack:
    """Answers until it is given a trouble."""

    def __init__(self) -> None:
        self.trouble: SendingEnded | None = None
        self.asked = threading.Semaphore(0)

    def __call__(self) -> None:
        self.asked.release()
        if self.trouble is not None:
            raise self.trouble


def after_a_beat(pulse: Pulse) -> str | None:
    pulse.beat()
    return pulse.trouble


def test_one_lost_answer_is_no_outage_and_two_are_until_slack_answers_again(caplog: pytest.LogCaptureFixture) -> None:
    slack = Slack()
    pulse = Pulse(slack)
    slack.trouble = OutcomeUnknown("TimeoutError")
    assert [after_a_beat(pulse) for _ in range(3)] == [None, "TimeoutError", "TimeoutError"]
    assert caplog.text.count("Slack cannot be used: TimeoutError") == 1
    slack.trouble = RateLimited(30)  # which is an answer
    assert after_a_beat(pulse) is None
    assert caplog.text.count("Slack can be used again") == 1


def test_a_token_slack_does_not_take_is_trouble_at_once() -> None:
    slack = Slack()
    slack.trouble = AppTokenTrouble("token_revoked")
    pulse = Pulse(slack)
    assert after_a_beat(pulse) == "token_revoked"


def test_it_asks_by_itself_until_it_is_stopped() -> None:
    slack = Slack()
    slack.trouble = OutcomeUnknown("TimeoutError")
    pulse = Pulse(slack, every=0.01, in_doubt=0.01)
    pulse.start()
    for _ in range(3):
        assert slack.asked.acquire(timeout=HANGING)
    pulse.stop()
    assert pulse.trouble == "TimeoutError"


@ON_SQLITE
def test_health_tells_of_a_revoked_token_though_there_is_nothing_to_send(community: Stage) -> None:
    community.workspace.faults.add(method="auth.test", error="token_revoked")
    community.bot.pulse.beat()
    assert (community.bot.health()["ok"], community.bot.health()["slack"]) == (False, "token_revoked")
    community.bot.pulse.beat()
    assert (community.bot.health()["ok"], community.bot.health()["slack"]) == (True, "ok")
