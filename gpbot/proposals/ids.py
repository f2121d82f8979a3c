"""Action and callback ids of proposals; those in messages live as long as Slack does, so they never change."""

from gpbot.rights import Subject, Who, for_role, personal

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

PROPOSAL = Subject(name="a proposal")
WORRY = Subject(name="a concern", is_secret=True)
AGREED = personal("members who agreed to the guidelines", but=frozenset({Who.GUEST}))
SUPPORTER = personal("members who agreed to the guidelines, but who proposed it", PROPOSAL, but=frozenset({Who.GUEST}))
DECIDER = for_role(
    "champions who neither proposed it nor look after it; while there is none, such escalation contacts", PROPOSAL
)
CHAMPION = for_role("champions; while there is none, escalation contacts", PROPOSAL)
INVOLVED = personal("who proposed it, and who looks after it", PROPOSAL)
PROPOSER = personal("who proposed it", PROPOSAL)
STEWARD = personal("who looks after it", PROPOSAL)
CONCERN_READER = for_role("who may read the concern", WORRY)
