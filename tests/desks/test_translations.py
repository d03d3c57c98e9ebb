"""A translation is a word of its own beside the message; whoever has the message too gets it, and nobody else."""

import pytest
from msgspec.structs import replace

from comity.domain import limits
from comity.domain.bureau import Standing
from comity.domain.caller import Role
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted, TooLarge
from comity.domain.forms import Sought, Trace, TracedThing
from comity.domain.letter import CaseMessageTranslated
from comity.domain.mail import Translation
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, Federation
from tests.desks.casework import DRAFT, answered, mail_at, opened, sent
from tests.desks.cast import everyone_but, send, why_not

TRACE = Trace(thing=TracedThing.FIREARM, number="MQ1", sought=(Sought.OWNER,))


def at(federation: Federation, node: str, mail_id: str) -> list[Translation]:
    with federation[node].store.reading() as tx:
        return tx.mail.translations(mail_id)


def test_both_sides_have_it_and_the_original_stays(federation: Federation):
    mail = sent(federation, opened(federation))
    ben = federation.cast["ben"]
    desk = federation[BERGENIA].translations
    made = desk.translate(mail.id, "fr", "Veuillez consulter vos fichiers.", False, ben)
    federation.post()
    assert (made.bureau, made.translator, made.from_language, made.to_language) == (BERGENIA, ben.account, "en", "fr")
    assert federation[ALDOVA].translations.every(mail.id, federation.cast["ada"]) == [made]
    assert desk.every(mail.id, ben) == [made]
    assert mail_at(federation, ALDOVA, mail.id).message.text == DRAFT.text


def test_what_may_not_go_there_does_not_go_there_in_another_language(federation: Federation):
    """Corvia may have the form, whose core it may be told; text in any language it may not."""
    case, ada = opened(federation), federation.cast["ada"]
    form = sent(federation, case, to=(CORVIA,), text="", form=TRACE)
    with pytest.raises(Conflict):
        federation[ALDOVA].translations.translate(form.id, "fr", "Qui est-ce ?", False, ada)
    assert mail_at(federation, CORVIA, form.id).message.form == TRACE
    nobody = everyone_but(Role.OFFICER, Role.DUTY_OFFICER, Role.SUPERVISOR)
    for step in (
        lambda: federation[ALDOVA].translations.translate(form.id, "fr", "Qui ?", False, nobody),
        lambda: federation[ALDOVA].translations.every(form.id, nobody),
    ):
        with pytest.raises(NotPermitted):
            step()


def test_a_law_that_changed_since_holds_for_the_translation(federation: Federation):
    mail = sent(federation, opened(federation))
    federation.measure(BERGENIA, Standing.SUSPENDED, "misuse")
    federation[ALDOVA].follower.follow_once()
    with pytest.raises(NotPermitted):
        federation[ALDOVA].translations.translate(mail.id, "fr", "Qui ?", False, federation.cast["ada"])
    assert at(federation, ALDOVA, mail.id) == []


def test_only_whoever_has_the_message_is_believed_and_only_for_itself(federation: Federation):
    mail = sent(federation, opened(federation))
    made = federation[BERGENIA].translations.translate(mail.id, "fr", "Qui ?", False, federation.cast["ben"])
    federation.post()
    send(federation, BERGENIA, ALDOVA, CaseMessageTranslated(translation=made))  # again
    forged = replace(made, id="t-1", bureau=CORVIA)
    send(federation, CORVIA, ALDOVA, CaseMessageTranslated(translation=forged))
    send(federation, BERGENIA, ALDOVA, CaseMessageTranslated(translation=forged))
    assert at(federation, ALDOVA, mail.id) == [made]
    assert why_not(federation, ALDOVA, mail.id) == [
        "a translation of that id is here",
        "it was not sent there",
        "it names another bureau",
    ]


def test_there_is_an_end_to_them(federation: Federation):
    mail = sent(federation, opened(federation))
    desk, ada = federation[ALDOVA].translations, federation.cast["ada"]
    first = desk.translate(mail.id, "fr", "Qui ?", True, ada)
    for node in (ALDOVA, BERGENIA):
        with federation[node].store.transaction() as tx:
            for number in range(limits.TRANSLATIONS_PER_MESSAGE_MAX):
                tx.mail.annotate(replace(first, id=f"t-{number}"))
            tx.commit()
    with pytest.raises(TooLarge):
        desk.translate(mail.id, "es", "¿Quién?", False, ada)
    send(federation, ALDOVA, BERGENIA, CaseMessageTranslated(translation=replace(first, id="t-more")))
    assert "there are too many of it" in why_not(federation, BERGENIA, mail.id)


def test_it_is_of_another_language_not_empty_and_by_somebody_who_reads_the_message(federation: Federation):
    mail = sent(federation, opened(federation))
    answered(federation, mail)
    desk = federation[ALDOVA].translations
    for language, text in (("en", "Who?"), ("fr", " ")):
        with pytest.raises(Invalid):
            desk.translate(mail.id, language, text, False, federation.cast["ada"])
    for step in (
        lambda: desk.translate(mail.id, "fr", "Qui ?", False, federation.cast["dora"]),
        lambda: desk.every(mail.id, federation.cast["dora"]),
    ):
        with pytest.raises(Missing):
            step()
