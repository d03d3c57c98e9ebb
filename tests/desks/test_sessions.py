"""Sessions at the console: how they begin, what they remember, and when they end."""

from datetime import timedelta

import pytest

from comity.desks.accounts import digest
from comity.desks.sessions import Sessions
from comity.domain import limits
from comity.domain.caller import Role
from comity.domain.errors import Invalid, Unauthenticated
from comity.domain.journal import Act
from comity.domain.session import Language, SignInBy, Theme
from comity.testing.federation import ALDOVA, Federation

DEMO = SignInBy.DEMO


def sessions_of(federation: Federation, **limited: float) -> Sessions:
    node = federation[ALDOVA]
    return Sessions(node.here, node.store, federation.time, node.accounts.entropy, **limited)


def test_a_session_is_whoever_signed_in_and_only_its_token_s_digest_is_kept(federation: Federation):
    sessions = sessions_of(federation)
    token, session = sessions.open("ada", DEMO)
    assert sessions.session(token) == session
    assert (session.caller, session.name) == (federation.cast["ada"], "Ada")
    with federation[ALDOVA].store.reading() as tx:
        assert [of for of, _ in tx.sessions.of(session.caller.account)] == [digest(token)]
    noted = federation.journal(ALDOVA)[-1]
    assert (noted.act, noted.details) == (Act.SIGNED_IN, {"by": "demo", "session": session.id})


def test_nobody_signs_in_as_nobody_nor_as_a_system(federation: Federation):
    node, sessions = federation[ALDOVA], sessions_of(federation)
    node.accounts.open("gate", "Gate", "border", [Role.SYSTEM], node.operator("test"))
    node.accounts.suspend("ada", "left the service", node.operator("test"))
    for login in ("nobody", "gate", "ada"):
        with pytest.raises(Unauthenticated, match="Nobody can sign in"):
            sessions.open(login, DEMO)
        assert federation.journal(ALDOVA)[-1].act is Act.SIGN_IN_REFUSED


def test_a_session_ends_by_its_holder_by_idleness_and_by_age(federation: Federation):
    sessions = sessions_of(federation)
    (left, _), (idle, _), (old, session), (screen, _) = (sessions.open("ada", DEMO) for _ in range(4))
    sessions.end(left)
    assert federation.journal(ALDOVA)[-1].act is Act.SIGNED_OUT
    _refused(sessions, left)
    began = federation.time()
    federation.time.pass_by(minutes=5)
    assert sessions.session(screen, is_asked=False)  # the screen itself keeps nobody signed in
    while federation.time() < began + timedelta(hours=limits.SESSION_HOURS_MAX, minutes=-50):
        assert sessions.session(old).id == session.id
        federation.time.pass_by(minutes=limits.SESSION_IDLE_MINUTES_MAX - 5)
    _refused(sessions, idle)
    _refused(sessions, screen)
    assert sessions.session(old)
    federation.time.pass_by(minutes=25)
    assert sessions.session(old).ends_at == began + timedelta(hours=limits.SESSION_HOURS_MAX)
    federation.time.pass_by(minutes=25)
    _refused(sessions, old)


def test_a_suspended_account_s_sessions_end_at_once_and_stay_ended(federation: Federation):
    node, sessions = federation[ALDOVA], sessions_of(federation)
    token, _ = sessions.open("ada", DEMO)
    node.accounts.suspend("ada", "phone lost", node.operator("test"))
    _refused(sessions, token)
    node.accounts.restore("ada", "found again", node.operator("test"))
    _refused(sessions, token)


def test_the_screen_is_the_person_s_and_the_shift_the_session_s(federation: Federation):
    sessions = sessions_of(federation)
    token, _ = sessions.open("ada", DEMO)
    chosen = sessions.choose(token, language="ar", theme="dark", purpose="border-control", case=" A-7 ")
    assert (chosen.language, chosen.theme) == (Language.ARABIC, Theme.DARK)
    assert (chosen.purpose, chosen.case) == ("border-control", "A-7")
    _, later = sessions.open("ada", DEMO)
    assert (later.language, later.theme, later.purpose, later.case) == (Language.ARABIC, Theme.DARK, "", "")


@pytest.mark.parametrize("chosen", [{"language": "tlh"}, {"theme": "pink"}, {"roles": "auditor"}, {"case": "x" * 999}])
def test_what_cannot_be_chosen_is_refused(federation: Federation, chosen: dict[str, str]):
    sessions = sessions_of(federation)
    token, _ = sessions.open("ada", DEMO)
    with pytest.raises(Invalid):
        sessions.choose(token, **chosen)


def test_what_is_said_is_said_once(federation: Federation):
    sessions = sessions_of(federation)
    token, _ = sessions.open("ada", DEMO)
    sessions.say(token, "The hit is confirmed.")
    assert sessions.session(token).said == "The hit is confirmed."
    sessions.told(token)
    assert sessions.session(token).said == ""


def test_the_oldest_session_ends_as_there_are_too_many(federation: Federation):
    sessions = sessions_of(federation)
    tokens = []
    for _ in range(limits.SESSIONS_PER_ACCOUNT_MAX + 1):
        tokens.append(sessions.open("ada", DEMO)[0])
        federation.time.pass_by(seconds=1)
    _refused(sessions, tokens[0])
    assert sessions.session(tokens[1])


def _refused(sessions: Sessions, token: str) -> None:
    with pytest.raises(Unauthenticated, match="Nobody is signed in"):
        sessions.session(token)
