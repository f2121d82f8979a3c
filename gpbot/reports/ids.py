"""Action and callback ids of reports; those in messages live as long as Slack does, so they never change."""

from gpbot.home import ids
from gpbot.rights import ANYONE, Subject, for_role, personal

OPEN_FORM = ids.REPORT
FORM = "report.form"
ABOUT = "report.about"
REVIEW = "report.review"
KEEP_OUT = "keep_out"  # the list of people who must not read it, wherever it is shown
ELSEWHERE = "report.elsewhere"
EDIT = "report.edit"
DISCARD = "report.discard"
CONTINUE = "report.continue"
PRIVACY = "report.privacy"

OPEN = "report.open"
LIST = ids.WAITING
CASE = ids.NOT_AVAILABLE
TAB = "report.tab"
CLAIM = "report.claim"
RELEASE = "report.release"
WRITE_NOTE = "report.write_note"
NOTE = "report.note"
WRITE_MESSAGE = "report.write_message"
MESSAGE = "report.message"
NAME_PEOPLE = "report.name_people"
PEOPLE = "report.people"
WRITE_CLOSING = "report.write_closing"
CLOSING = "report.closing"
REOPEN = "report.reopen"
STEP_BACK = "report.step_back"

OWN = "report.own"
OWN_LIST = "report.own_list"
WRITE_MORE = "report.write_more"
MORE = "report.more"
CHANGE_READERS = "report.change_readers"
READERS = "report.readers"
WRITE_DETAILS = "report.write_details"
DETAILS = "report.details"
SHOW_NAME = "report.show_name"
WITHDRAW = "report.withdraw"
HIDING = "report.hiding"

CONFLICTS_FORM = "report.conflicts_form"
CONFLICTS = "report.conflicts"

REPORT = Subject(name="a report", is_secret=True)
DRAFT = Subject(name="a draft", is_secret=True)
READER = for_role("who may read the report", REPORT)
REPORTER = personal("who sent the report", REPORT)
READER_OR_REPORTER = personal("who may read the report, and who sent it", REPORT)
WRITER = personal("who wrote the draft", DRAFT)
ANY_DRAFT = ANYONE.of(DRAFT)  # a new one, or their own: what is nobody's or another's is no draft of theirs
