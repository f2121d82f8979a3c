"""Action and callback ids of questions; those in messages live as long as Slack does, so they never change."""

from gpbot.home import ids

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
