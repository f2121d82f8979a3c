"""Reports on App Home: the button, what this person reported, and what waits for them."""

from gpbot.people.workflow import People
from gpbot.reports import ids
from gpbot.reports.cases import Cases
from gpbot.reports.own import OwnReports
from gpbot.reports.views import CLOSED_REPORTS, report_lines
from gpbot.slack.blocks import Block, actions, button, header, section


class ReportsSection:
    def __init__(self, people: People, cases: Cases, own: OwnReports) -> None:
        self._people = people
        self._cases = cases
        self._own = own

    def __call__(self, user_id: str) -> list[Block]:
        return [*self._for_everybody(user_id), *self._for_readers(user_id)]

    def _for_everybody(self, user_id: str) -> list[Block]:
        page = self._own.all(user_id)
        blocks = [
            section("Has somebody hurt or worried you? Tell the champions in confidence."),
            actions(button("Report a concern", ids.OPEN_FORM, style="primary")),
        ]
        if page.lines:
            blocks += [header("What you reported"), *report_lines(page, own=True)]
        if page.next:
            blocks.append(actions(button("Older", f"{ids.OWN_LIST}:home", page.next)))
        return blocks

    def _for_readers(self, user_id: str) -> list[Block]:
        if self._people.roster().role_of(user_id) is None:
            return []
        page = self._cases.waiting(user_id)
        blocks = [header("Reports waiting for you"), *report_lines(page, own=False, viewer=user_id)]
        if not page.lines:
            blocks.append(section("No report is waiting for you."))
        buttons = [button("Older", f"{ids.LIST}:home", f"open:{page.next}")] if page.next else []
        return [
            *blocks,
            actions(
                *buttons,
                button(CLOSED_REPORTS, f"{ids.LIST}:closed", "closed:"),
                button("Whom I should not handle", ids.CONFLICTS_FORM),
            ),
        ]
