"""A federation that people watch over: one for all tests of pages that show what was done, for it is costly to make."""

import itertools
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from comity.domain.caller import Role
from comity.domain.misuse import MisuseAlarm, Oddity, Sign
from comity.testing.federation import BERGENIA, Federation
from tests.federation.conftest import STOLEN

SCRIPT = "<script>alert(1)</script>"
WATCHERS = {
    "dana": Role.DATA_PROTECTION_OFFICER,
    "aude": Role.AUDITOR,
    "alan": Role.AUDITOR,
    "sven": Role.SUPERVISOR,
    "vera": Role.REVIEWER,
}


@pytest.fixture(scope="session")
def watched(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    """Bergenia told Ada of a stolen passport, in a case with a hostile name; its people of WATCHERS look into that."""
    folder = tmp_path_factory.mktemp("watched") / "federation"
    shutil.copytree(furnished, folder)
    federation = Federation(folder)
    node = federation[BERGENIA]
    for login, role in WATCHERS.items():
        node.accounts.open(login, login.title(), "headquarters", (role,), node.operator("test"))
        federation.cast[login] = federation._signed_in(login, BERGENIA)
    federation.ask("ada", STOLEN, case=SCRIPT)
    federation.ask("ben", STOLEN, case="B-1")
    federation.post()
    federation.prove()
    yield federation
    federation.close()


def alarmed(federation: Federation, officer: str = "", told: str = "40 lookups, peers 4 " + SCRIPT) -> MisuseAlarm:
    """An alarm of misuse about somebody at Bergenia, as a scan raises it."""
    sign = Sign(oddity=Oddity.VOLUME, bits=9.0, score=9.0, told=told)
    alarm = MisuseAlarm(
        id=f"alarm-{next(_numbers)}",
        officer=officer or federation.cast["ben"].account,
        unit="headquarters",
        week=federation.time().date() - timedelta(days=federation.time().weekday()),
        score=9.0,
        threshold=5.0,
        signs=(sign,),
        bits={Oddity.VOLUME: 9.0},
        raised_at=federation.time(),
    )
    with federation[BERGENIA].store.transaction() as tx:
        tx.misuse_alarms.put(alarm)
        tx.commit()
    return alarm


_numbers = itertools.count()
