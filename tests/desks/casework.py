"""A case and a message in it, as the tests of cases, messages and operations begin with them."""

from typing import Any

import msgspec

from comity.domain.caller import Caller, Role
from comity.domain.case import Case, NewCase
from comity.domain.collection import Category
from comity.domain.mail import Draft, Mail
from comity.domain.purpose import Purpose
from comity.testing.federation import ALDOVA, BERGENIA, Federation
from tests.desks.cast import as_

ABOUT = NewCase(
    number="AL-2031-7",
    title="Robbery at the ferry terminal",
    category=Category.PERSONS,
    purpose=Purpose.CRIMINAL_INVESTIGATION,
    basis="Code of criminal procedure, section 94",
)
DRAFT = Draft(to=(BERGENIA,), subject="Who is the second man?", text="Please look at your files.", asks=True)


def opened(federation: Federation, login: str = "ada", **how: Any) -> Case:
    caller = federation.cast[login]
    return federation[caller.bureau].cases.open(msgspec.structs.replace(ABOUT, **how), caller)


def sent(federation: Federation, case: Case, login: str = "ada", **how: Any) -> Mail:
    """Written, sent and carried."""
    caller = federation.cast[login]
    desk = federation[caller.bureau].mail
    draft = desk.write(case.id, msgspec.structs.replace(DRAFT, **how), caller)
    mail = desk.send(draft.id, caller)
    federation.post()
    return mail


def answered(federation: Federation, mail: Mail, login: str = "ben", number: str = "BE-9", **how: Any) -> Mail:
    """Filed into a new case at its recipient, answered from there, and carried."""
    caller = federation.cast[login]
    node = federation[caller.bureau]
    node.mail.file(mail.id, opened(federation, login, number=number).id, caller)
    reply = Draft(to=(ALDOVA,), subject="Re: Who is the second man?", text="A ferryman.")
    draft = node.mail.reply(mail.id, msgspec.structs.replace(reply, **how), caller)
    found = node.mail.send(draft.id, caller)
    federation.post()
    return found


def mail_at(federation: Federation, node: str, mail_id: str) -> Mail | None:
    with federation[node].store.reading() as tx:
        return tx.mail.get(mail_id)


def duty(bureau: str) -> Caller:
    return as_({Role.DUTY_OFFICER}, bureau)
