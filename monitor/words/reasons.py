"""Why a source fails, in the reader's language."""

from monitor.errors import Reason
from monitor.words.voice import message

REASONS = {
    Reason.KEY: message("its key is refused"),
    Reason.RIGHTS: message("we are not allowed to see it"),
    Reason.PAID: message("it wants to be paid"),
    Reason.GONE: message("there is nothing at its address"),
    Reason.QUESTION: message("it does not accept what we ask"),
    Reason.BUDGET: message("its budget is used up"),
    Reason.SLOW: message("it takes too long"),
    Reason.UNREACHED: message("it can not be reached"),
    Reason.TROUBLE: message("its server has trouble of its own"),
    Reason.CHANGED: message("what it answers is not what was agreed"),
}
