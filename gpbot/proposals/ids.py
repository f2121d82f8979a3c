"""Action and callback ids of proposals; those in messages live as long as Slack does, so they never change."""

PROPOSE = "proposal.propose"
FORM = "proposal.form"

SUPPORT = "proposal.support"
WANT_IN = "proposal.want_in"

OPEN = "proposal.open"
LIST = "proposal.list"
VIEW = "proposal.view"

APPROVE = "proposal.approve"
WRITE_QUESTION = "proposal.write_question"
ASK = "proposal.ask"
WRITE_DECLINING = "proposal.write_declining"
DECLINE = "proposal.decline"
POST_AGAIN = "proposal.post_again"

WRITE_ANSWER = "proposal.write_answer"
ANSWER = "proposal.answer"
WITHDRAW = "proposal.withdraw"
STEP_DOWN = "proposal.step_down"

WRITE_CONCERN = "proposal.write_concern"
CONCERN = "proposal.concern"
REPORT_INSTEAD = "proposal.report_instead"
READ_CONCERN = "proposal.read_concern"
END_CONCERN = "proposal.end_concern"
MAKE_REPORT = "proposal.make_report"
ABOUT = "proposal.about"
CONVERT = "proposal.convert"
