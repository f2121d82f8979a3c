"""Action and callback ids of questions; those in messages live as long as Slack does, so they never change."""

from gpbot.home import ids
from gpbot.rights import Subject, for_role, personal

ASK = ids.ASK
FORM = "question.form"
REPORT_INSTEAD = "question.report_instead"

OPEN = "question.open"
LIST = "question.list"
OWN_LIST = "question.own_list"
TURN = "question.turn"
VIEW = "question.view"

CLAIM = "question.claim"
RELEASE = "question.release"
WRITE_ANSWER = "question.write_answer"
TEMPLATE = "question.template"
ANSWER = "question.answer"
MAKE_REPORT = "question.make_report"
ABOUT = "question.about"
CONVERT = "question.convert"

WRITE_MORE = "question.write_more"
MORE = "question.more"
CLOSE = "question.close"
REOPEN = "question.reopen"
WITHDRAW = "question.withdraw"
CONCERN = "question.concern"

QUESTION = Subject(name="a question", is_secret=True)
ASKER = personal("who asked", QUESTION)
ANSWERER = for_role("champions who did not ask it; while there is none, escalation contacts", QUESTION)
ASKER_OR_ANSWERER = personal("who asked, and champions; while there is none, escalation contacts", QUESTION)
