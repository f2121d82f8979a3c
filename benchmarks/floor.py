"""The floor: bare Bolt that only acks, on the same server as gpbot: `python -m benchmarks.floor [LISTENERS]`."""

import sys

from slack_bolt import Ack, App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk.web import WebClient
from waitress.server import create_server  # type: ignore[import-untyped]

from benchmarks.load import SECRET
from benchmarks.people import BOT_TOKEN
from gpbot.web.server import SLACK_PATH, THREADS


def ack_only(ack: Ack) -> None:
    ack()


def main(api_url: str, extra: int) -> None:
    app = App(client=WebClient(token=BOT_TOKEN, base_url=api_url), signing_secret=SECRET, process_before_response=True)
    for number in range(extra):
        app.action(f"other.{number}")(ack_only)
    app.command("/report")(ack_only)
    app.action("proposal.support")(ack_only)
    app.view("report.form")(ack_only)
    app.view("report.review")(ack_only)
    server = create_server(SlackRequestHandler(app, path=SLACK_PATH), host="127.0.0.1", port=0, threads=THREADS)
    print(f"ready at 127.0.0.1:{server.effective_port}", file=sys.stderr, flush=True)
    server.run()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)
