"""What somebody may see today of a finding that was kept for them: decided anew each time it is shown."""

from comity.domain.caller import Caller
from comity.domain.circumstances import Circumstances
from comity.domain.held import Held
from comity.domain.lookup import Finding
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.law.decision import Law
from comity.law.release import show


def seen(
    law: Law, held: Held[Finding], category: str, purpose: Purpose, caller: Caller, stated: Circumstances
) -> Finding | None:
    """Never more than was told; None where our own rules let this caller see nothing of it.

    `stated` is what was stated as it was asked.
    """
    decision = law.officer(caller.roles, category, purpose, ReplyLevel.FULL, caller.on_behalf_of, stated)
    return show(held, decision, law.book)
