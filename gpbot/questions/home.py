"""Questions on App Home and the Desk: the button, what this person asked, and what waits for those who answer."""

from gpbot.home import doors
from gpbot.questions import ids
from gpbot.questions.views import question_lines
from gpbot.questions.workflow import Questions
from gpbot.slack.blocks import Block, actions, button, header, section


class QuestionsSection:
    def __init__(self, questions: Questions) -> None:
        self._questions = questions

    def __call__(self, user_id: str) -> list[Block]:
        page = self._questions.own_list(user_id)
        blocks = [
            section("Do you want to know something? The champions answer questions about this community."),
            actions(doors.ask()),
        ]
        if page.lines:
            blocks += [header("What you asked"), *question_lines(page, own=True)]
        if page.next:
            blocks.append(actions(button("Older", f"{ids.OWN_LIST}:home", page.next)))
        return [*blocks, *self.waiting(user_id)]

    def waiting(self, user_id: str) -> list[Block]:
        """Open questions, for those who answer them; nothing when there is none."""
        page = self._questions.open_list(user_id)
        if not page.lines:
            return []
        older = [actions(button("Older questions", f"{ids.LIST}:more", page.next))] if page.next else []
        return [header("Questions"), *question_lines(page, own=False), *older]
