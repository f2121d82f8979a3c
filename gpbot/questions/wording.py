"""What gpbot itself says in a question, and in the report that one becomes."""

STILL_WAITING = "Nobody has answered this for a week. The champions have been reminded."
IS_IT_ANSWERED = (
    "Nothing has been written here for a week. If this is answered, please close it. If not, add something. "
    "After another week without a word it is closed by itself."
)
CLOSED_BY_ITSELF = "This was closed, because nothing was written here for two weeks. Add something to open it again."
WAS_A_QUESTION = (
    "You asked this as a question. Someone who answers questions thought that it is a concern, and made it a report, "
    "so that it is handled in confidence. {who} could read this while it was a question. "
    "From now on only those can read it who are named above. It is your report: you can change who reads it, add to "
    "it, or withdraw it."
)
NAME_WAS_SHOWN = "They could also see your name then; in the report it is hidden."
IN_CHANNEL = "Everyone in the champions' channel"
PERHAPS_IN_CHANNEL = "All champions, and whoever else was in their channel if it stood there for a time,"
READ_BY_OTHER_CHAMPIONS = (
    "This was asked as a question. All champions could read it until it became a report: those who are not handling it "
    "too."
)
READ_BY_OTHERS = (
    "This was asked as a question. Everyone in the champions' channel could read it until it became a report: those "
    "who are not handling it too."
)
NOT_POSTED = (
    "The answer could not be posted in <#{channel}>. Invite gpbot to that channel, and answer again if it should still "
    "be posted there. The person who asked has it."
)
