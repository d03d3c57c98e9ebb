"""Letters: written in a case, sent, read, answered, taken back; with their clocks and the evidence of their way."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from comity.desks.cases import WORK
from comity.domain.case import CaseState
from comity.domain.errors import Invalid, Refusal
from comity.domain.evidence import Step
from comity.domain.mail import Leg, LegState, Mail, Way
from comity.formats.catalogue import CatalogueLanguage, message_in_words
from comity.web.console.choices import chosen
from comity.web.console.mail_draft import NAMES, draft_of, lists, texts_of
from comity.web.console.page import Form, Moved, Page, Shown, Visit
from comity.web.console.refilled import again, blank, check_filled

PARTS = ("case", "reason", "language", "text", "bureau", "file")


def every(visit: Visit) -> Shown:
    """The caller's letters, those whose clock runs first; and what came and may not be read yet."""
    found = visit.desks.mail.every(visit.caller)
    return _listed(visit, found, visit.desks.proofs.waiting(visit.caller))


def of_case(visit: Visit) -> Shown:
    found = [one for one in visit.desks.mail.every(visit.caller) if one.case == visit.id]
    return _listed(visit, found, [])


def _listed(visit: Visit, found: list[Mail], waiting: list[Any]) -> Shown:
    text, way = visit.query.text("q"), chosen(Way, visit.query.text("way"), "way")
    shown = [one for one in found if way in (None, one.way) and _speaks_of(one, text)]
    values = {
        "letters": shown,
        "count": len(found),
        "waiting": waiting,
        "q": text,
        "way": way,
        "ways": list(Way),
        "names": _names(visit, found, *(one.sender for one in waiting)),
        "now": visit.now,
        "case": visit.id,
    }
    return Shown("letters.html", values)


def new(visit: Visit) -> Shown:
    """A letter from a case; `kind` in the address chooses a structured form."""
    return blank("letter_write.html", {"asks": "yes"}, **_writing(visit, visit.query.text("kind"), case_id=visit.id))


def write(visit: Visit) -> Shown | Moved:
    try:
        mail = visit.desks.mail.write(visit.id, draft_of(visit.form), visit.caller)
    except Refusal as refusal:
        values = _writing(visit, visit.form.text("kind"), case_id=visit.id)
        return again("letter_write.html", visit.form, refusal, NAMES, **values)
    return Moved(f"/letters/{mail.id}", "The draft is kept. Nothing has left yet.")


def reply(visit: Visit) -> Shown:
    """What is answered stands in it already: to whom, about what, under which marking."""
    asked = visit.desks.mail.show(visit.id, visit.caller)
    message = asked.message
    if message is None:
        raise Invalid("It is a draft.", do="Send it first.")
    about = message.subject if message.subject.startswith("Re: ") else f"Re: {message.subject}"
    texts = {"to": [message.sender], "subject": about, "urgency": message.urgency, "language": message.language}
    texts |= {
        "confidentiality": message.marking.confidentiality,
        "handling": list(message.marking.handling),
        "conditions": "\n".join(message.marking.conditions),
    }
    values = _writing(visit, visit.query.text("kind"), case_id=asked.case, answered=asked)
    return blank("letter_write.html", texts, **values)


def write_reply(visit: Visit) -> Shown | Moved:
    try:
        mail = visit.desks.mail.reply(visit.id, draft_of(visit.form), visit.caller)
    except Refusal as refusal:
        asked = visit.desks.mail.show(visit.id, visit.caller)
        if asked.message is None:
            raise
        values = _writing(visit, visit.form.text("kind"), case_id=asked.case, answered=asked)
        return again("letter_write.html", visit.form, refusal, NAMES, **values)
    return Moved(f"/letters/{mail.id}", "The draft is kept. Nothing has left yet.")


def edit(visit: Visit) -> Shown:
    mail = visit.desks.mail.show(visit.id, visit.caller)
    if mail.draft is None or mail.way is not Way.DRAFT:
        raise Invalid("It is no draft any more.", do="What was sent stays as it is; write another.")
    texts = texts_of(mail.draft)
    kind = visit.query.text("kind") or texts.get("kind", "")
    return blank("letter_write.html", texts, **_writing(visit, kind, case_id=mail.case, edited=mail))


def amend(visit: Visit) -> Shown | Moved:
    try:
        visit.desks.mail.amend(visit.id, draft_of(visit.form), visit.caller)
    except Refusal as refusal:
        mail = visit.desks.mail.show(visit.id, visit.caller)
        values = _writing(visit, visit.form.text("kind"), case_id=mail.case, edited=mail)
        return again("letter_write.html", visit.form, refusal, NAMES, **values)
    return Moved(f"/letters/{visit.id}", "The draft is kept. Nothing has left yet.")


def show(visit: Visit) -> Shown:
    return _shown(visit, None)


def refused(visit: Visit, refusal: Refusal) -> Shown:
    """The page of a letter with what was refused on it."""
    return _shown(visit, refusal)


def _shown(visit: Visit, refusal: Refusal | None) -> Shown:
    desks, caller = visit.desks, visit.caller
    mail = desks.mail.show(visit.id, caller)
    thread = desks.mail.thread(visit.id, caller)
    files = desks.files.of_mail(visit.id, caller)
    in_case = mail.message.recipients if mail.message else mail.draft.to if mail.draft else ()
    values: dict[str, Any] = {
        "mail": mail,
        "message": mail.message,
        "draft": mail.draft,
        "thread": thread,
        "files": files,
        "coming": any(one.state == "coming" for one in files),
        "translations": desks.translations.every(visit.id, caller) if mail.message else [],
        "words": _in_words(visit, mail),
        "ways": {leg.bureau: way_of(visit, mail, leg) for leg in mail.legs},
        "names": _names(visit, thread, *in_case),
        "cases": _open_cases(visit) if mail.way is Way.IN and not mail.case else [],
        "can_recall": mail.way is Way.OUT and any(leg.state is not LegState.RECALLED for leg in mail.legs),
        "now": visit.now,
    }
    if refusal is None:
        return blank("letter.html", {"language": visit.session.language.value}, **values)
    return again("letter.html", visit.form, refusal, PARTS, **values)


# step: what the evidence of it means to a reader
STEPS_IN_WORDS = {
    Step.SUBMITTED: "sealed, signed and written down in the sender's log",
    Step.RELAYED: "taken by the hub, which cannot read it",
    Step.DELIVERED: "delivered",
    Step.OPENED: "opened by an officer",
    Step.REFUSED: "refused",
    Step.RECALLED: "taken back and destroyed",
    Step.EXPIRED: "expired at the hub",
}


def way_of(visit: Visit, mail: Mail, leg: Leg) -> list[tuple[datetime, str, str]]:
    """(when, what, by whom) of one letter with one bureau: what was signed of it, and what we know ourselves."""
    name_of, steps = visit.desks.name_of, list[tuple[datetime, str, str]]()
    proofs = visit.desks.post.evidence(leg.letter) if leg.letter else []
    for one in (proof.evidence for proof in proofs):
        what = STEPS_IN_WORDS[one.step] + (f": {one.reason}" if one.reason else "")
        steps.append((one.at, what, name_of(one.by)))
    known = {proof.evidence.step for proof in proofs}
    if leg.opened_at and Step.OPENED not in known:
        steps.append((leg.opened_at, STEPS_IN_WORDS[Step.OPENED], name_of(_opener(visit, mail, leg))))
    if leg.answered_at:
        steps.append((leg.answered_at, "answered", name_of(_opener(visit, mail, leg))))
    if leg.escalated_at:
        steps.append((leg.escalated_at, "escalated: the time for an answer was over", ""))
    if not steps and mail.message is not None:
        steps.append((mail.noted_at, "written; it waits to be sealed" if mail.way is Way.OUT else "came", ""))
    return sorted(steps, key=lambda step: step[0])


def _opener(visit: Visit, mail: Mail, leg: Leg) -> str:
    return visit.caller.bureau if mail.way is Way.IN else leg.bureau


def _step(act: Callable[[Visit, Form], object], said: str, to: str = "") -> Callable[[Visit], Shown | Moved]:
    def do(visit: Visit) -> Shown | Moved:
        try:
            act(visit, visit.form)
        except Refusal as refusal:
            return _shown(visit, refusal)
        return Moved(to or f"/letters/{visit.id}", said)

    return do


def _send(visit: Visit, form: Form) -> None:
    visit.desks.mail.send(visit.id, visit.caller)


def _discard(visit: Visit, form: Form) -> None:
    visit.desks.mail.discard(visit.id, visit.caller)


def _again(visit: Visit, form: Form) -> None:
    visit.desks.mail.again(visit.id, form.text("bureau"), visit.caller)


def _recall(visit: Visit, form: Form) -> None:
    check_filled(form, "reason")
    visit.desks.message_recalls.recall(visit.id, form.text("reason"), form.text("bureau"), visit.caller)


def _file(visit: Visit, form: Form) -> None:
    check_filled(form, "case")
    visit.desks.mail.file(visit.id, form.text("case"), visit.caller)


def _translate(visit: Visit, form: Form) -> None:
    check_filled(form, "language", "text")
    by_machine = bool(form.text("by_machine"))
    visit.desks.translations.translate(visit.id, form.text("language"), form.text("text"), by_machine, visit.caller)


def _writing(
    visit: Visit, kind: str, *, case_id: str, answered: Mail | None = None, edited: Mail | None = None
) -> dict[str, Any]:
    """Where the form goes, in which case it is, and what of the case it may draw on."""
    whole = visit.desks.cases.show(case_id, visit.caller) if case_id else None
    action = f"/letters/{edited.id}/edit" if edited else f"/letters/{answered.id}/reply" if answered else ""
    return {
        "action": action or f"/cases/{case_id}/letters",
        "whole": whole,
        "answered": answered,
        "edited": edited,
        "names": _names(visit, whole.mail if whole else ()),
        **lists(visit, kind),
    }


def _in_words(visit: Visit, mail: Mail) -> list[str]:
    if mail.message is None or mail.message.form is None or mail.erased is not None:
        return []
    return list(message_in_words(mail.message, CatalogueLanguage(visit.session.language.value)))


def _open_cases(visit: Visit) -> list[Any]:
    return [one for one in visit.desks.cases.every(visit.caller) if one.state is CaseState.OPEN]


def _names(visit: Visit, letters: Any, *more: str) -> dict[str, str]:
    """What the bureaus that stand in them are called."""
    ids = {*more, *(leg.bureau for one in letters for leg in one.legs)}
    ids |= {one.message.sender for one in letters if one.message is not None}
    ids |= {to for one in letters if one.draft is not None for to in one.draft.to}
    return {one: visit.desks.name_of(one) for one in ids}


def _speaks_of(mail: Mail, text: str) -> bool:
    about = mail.message or mail.draft
    told = (
        about.subject if about else "",
        mail.message.case if mail.message else "",
        *(one.bureau for one in mail.legs),
    )
    return any(text.casefold() in one.casefold() for one in told)


STEPS: dict[str, tuple[Callable[[Visit, Form], None], str, str]] = {
    "send": (_send, "The letter is on its way.", ""),
    "discard": (_discard, "The draft is gone.", "/letters"),
    "again": (_again, "The letter is on its way again.", ""),
    "recall": (_recall, "The letter is taken back. What becomes of it at each bureau stands below.", ""),
    "file": (_file, "The letter lies in the case now.", ""),
    "translate": (_translate, "The translation stands beside the letter, and goes to whoever has it too.", ""),
}
PAGES = (
    Page(path="/letters", show=every, roles=WORK, name="Letters", letter="t"),
    Page(path="/cases/{id}/letters", show=of_case, roles=WORK),
    Page(path="/cases/{id}/letters/new", show=new, roles=WORK),
    Page(path="/cases/{id}/letters", show=write, method="POST", roles=WORK),
    Page(path="/letters/{id}", show=show, roles=WORK),
    Page(path="/letters/{id}/reply", show=reply, roles=WORK),
    Page(path="/letters/{id}/reply", show=write_reply, method="POST", roles=WORK),
    Page(path="/letters/{id}/edit", show=edit, roles=WORK),
    Page(path="/letters/{id}/edit", show=amend, method="POST", roles=WORK),
    *(
        Page(path=f"/letters/{{id}}/{name}", show=_step(act, said, to), method="POST", roles=WORK)
        for name, (act, said, to) in STEPS.items()
    ),
)
