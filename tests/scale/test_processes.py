"""Real processes of a trial: started, killed, stopped, and never taken for somebody else's."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from comity.domain.errors import Conflict, Unavailable
from comity.testing.processes import CAST, RunningFederation, found

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningFederation]:
    federation = found(tmp_path_factory.mktemp("alone"), (), CAST[:1], first_port=26_000)
    yield federation
    federation.kill()


def test_a_node_starts_stops_and_starts_again(hub: RunningFederation) -> None:
    hub.start()
    assert hub["hub"].ready()
    with pytest.raises(Conflict, match="running already"):
        hub["hub"].start()
    hub["hub"].kill()
    assert not hub["hub"].ready()
    hub.start()
    hub.stop()
    assert not hub["hub"].pid_file.exists()


def test_what_an_earlier_trial_left_running_is_stopped(hub: RunningFederation) -> None:
    hub.start()
    later = RunningFederation(hub.folder, list(hub.nodes))
    assert later.end_leftovers() == ["hub"]
    assert not hub["hub"].running


def test_another_program_with_the_number_of_the_old_process_is_left_alone(hub: RunningFederation) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        hub["hub"].pid_file.write_text(str(other.pid), encoding="ascii")
        assert hub.end_leftovers() == []
        assert other.poll() is None
        other.kill()


def test_a_node_that_cannot_start_says_why(hub: RunningFederation) -> None:
    settings = hub["hub"].folder / "comity.toml"
    before = settings.read_text("utf-8")
    settings.write_text(before + "\n[misspelt]\n", encoding="utf-8")
    try:
        with pytest.raises(Unavailable, match="misspelt"):
            hub.start()
    finally:
        settings.write_text(before, encoding="utf-8")
