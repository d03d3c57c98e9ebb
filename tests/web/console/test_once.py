"""A form is done once, however often somebody presses; one that was refused may be sent again."""

from threading import Barrier, Thread

import pytest

from comity.domain.errors import Conflict
from comity.web.console.once import Once
from comity.web.console.page import Moved, Shown


def test_two_presses_at_once_do_it_once():
    once, done, both = Once(), [], Barrier(2)

    def act():
        done.append(1)
        return Moved(f"/cases/{len(done)}")

    outcomes = []

    def press():
        both.wait()
        outcomes.append(once.done(("ada", "m"), act))

    presses = [Thread(target=press) for _ in range(2)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert (len(done), outcomes) == (1, [Moved("/cases/1"), Moved("/cases/1")])


def test_what_was_refused_may_be_sent_again_and_others_are_not_touched():
    once = Once()

    def refuses():
        raise Conflict("Taken.")

    with pytest.raises(Conflict):
        once.done(("ada", "m"), refuses)
    assert once.done(("ada", "m"), lambda: Shown("home.html")) == Shown("home.html")
    assert once.done(("ada", "m"), lambda: Moved("/done")) == Moved("/done")
    assert once.done(("ben", "m"), lambda: Moved("/mine")) == Moved("/mine")
