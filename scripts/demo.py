"""Run a federation of four nodes on this machine, tell one day of it step by step, and leave it running.

UN_LIST=FILE: the hub enters that list too.  ONCE=1: stop after the story.  COMITY_DEMO_DIR: where everything lies.
"""

import os
import signal
import sys
import time
from pathlib import Path

from demonstration import by_hand, sanctions
from demonstration.ground import Ground
from demonstration.story import Story
from demonstration.terminal import WentWrong, console, expect, say, timed
from rich.text import Text

from comity.domain.errors import Refusal


def main() -> int:
    """0 where everything came about as it was told."""
    began = time.monotonic()
    folder = Path(os.environ.get("COMITY_DEMO_DIR") or ".demo")
    named = os.environ.get("UN_LIST", "")
    for one in (signal.SIGTERM, signal.SIGINT):  # also where a shell has taught us to ignore its interrupts
        signal.signal(one, signal.default_int_handler)
    try:
        expect(not named or Path(named).is_file(), f"there is no file {named}, which UN_LIST names")
        ground = Ground(folder)
        with ground.alone():
            _day(ground, Path(named) if named else None, began)
    except (WentWrong, Refusal) as wrong:
        console.print(Text(f"\nThe demonstration went wrong: {wrong}", style="bold red"))
        console.print(f"The nodes' logs are in {folder / 'logs'}.")
        return 1
    except KeyboardInterrupt:
        console.print("\nStopped; the next run goes on from here.")
        return 130
    return 0


def _day(ground: Ground, un_list: Path | None, began: float) -> None:
    federation = ground.founded()
    try:
        with timed("The four nodes start, each a process of its own."):
            federation.start()
        ground.filled()
        ground.signed_in()
        run = ground.next_run()
        if un_list:
            sanctions.enter(ground, un_list)
        Story(ground, federation, run).tell()
        if un_list:
            sanctions.tell(ground, un_list, run)
        by_hand.tell(ground, federation)
        console.print(Text(f"\nAll of it came about as told, in {time.monotonic() - began:.0f} s.", style="bold green"))
        if os.environ.get("ONCE", "") in ("", "0"):
            _leave_running()
    finally:
        federation.stop()
        say("All four nodes have stopped.")


def _leave_running() -> None:
    say("The federation runs until you press Ctrl-C.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        console.print()


if __name__ == "__main__":
    sys.exit(main())
