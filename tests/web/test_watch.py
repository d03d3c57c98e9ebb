"""What an operator sees of a node, and what nobody sees there."""

import msgspec
import pytest
from structlog.testing import capture_logs

from comity.web.metrics import Metrics
from comity.web.watch import ROUTES, WatchDoor
from comity.wire.http import Request, Response
from tests.web.opened import app, opened, send


def get(door: WatchDoor, target: str, method: str = "GET") -> Response:
    return door(Request(method=method, authority="127.0.0.1:9000", target=target, headers={}))


def checks(response: Response) -> dict[str, dict]:
    return {one["name"]: one for one in msgspec.json.decode(response.body)["checks"]}


def broken() -> str:
    raise OSError("cannot open /records/petrova")


def test_a_node_that_runs_is_alive_whatever_else():
    assert get(WatchDoor({"store": broken}, Metrics()), "/health/live").status == 200


def test_a_node_is_ready_when_every_check_holds():
    response = get(WatchDoor({"store": lambda: "", "directory": lambda: ""}, Metrics()), "/health/ready")
    assert response.status == 200
    assert checks(response) == {"store": {"name": "store", "ok": True}, "directory": {"name": "directory", "ok": True}}


def test_a_check_that_fails_is_named_with_its_reason():
    door = WatchDoor({"store": lambda: "", "directory": lambda: "it is 8 days old"}, Metrics())
    response = get(door, "/health/ready")
    assert response.status == 503
    assert checks(response)["directory"] == {"name": "directory", "ok": False, "why": "it is 8 days old"}
    assert checks(response)["store"]["ok"] is True


def test_a_check_that_breaks_fails_without_telling_its_text():
    with capture_logs() as logged:
        response = get(WatchDoor({"store": broken}, Metrics()), "/health/ready")
    assert response.status == 503
    assert checks(response)["store"]["why"] == "the check broke: OSError"
    assert "petrova" not in f"{response}{logged}"


def test_all_that_is_counted_can_be_read():
    metrics = Metrics()
    metrics.served("officer", "/v1/hits/{id}", 200, 0.02)
    metrics.refused("not-permitted")
    metrics.looked_up("document", {"hub": "hit", "bergenia": "silent"}, 0.3)
    metrics.answered("person", "no-record", 0.01)
    metrics.letter_sent("hit-alert")
    metrics.letter_received("confirmation-request")
    metrics.signature_failed("replayed")
    metrics.read_waiting(lambda: {"bergenia": 3})
    metrics.read_journal(lambda: 17)
    metrics.read("comity_records", "Records", "collection", lambda: {"sltd": 1_000_000})
    with opened(app(WatchDoor({}, metrics))) as servers:
        answer = send(servers, "GET", "/metrics")
    text = answer.data.decode()
    assert answer.headers["content-type"].startswith("text/plain")
    for line in (
        'comity_request_seconds_count{door="officer",route="/v1/hits/{id}",status="200"} 1.0',
        'comity_refusals_total{code="not-permitted"} 1.0',
        'comity_lookup_seconds_count{kind="document"} 1.0',
        'comity_source_outcomes_total{kind="document",outcome="silent",source="bergenia"} 1.0',
        'comity_question_seconds_count{kind="person",outcome="no-record"} 1.0',
        'comity_letters_total{kind="hit-alert",way="sent"} 1.0',
        'comity_letters_total{kind="confirmation-request",way="received"} 1.0',
        'comity_signature_failures_total{why="replayed"} 1.0',
        'comity_letters_waiting{recipient="bergenia"} 3.0',
        'comity_journal_entries{log="disclosures"} 17.0',
        'comity_records{collection="sltd"} 1e+06',
    ):
        assert line in text


def test_two_nodes_in_one_process_count_for_themselves():
    aldova, bergenia = Metrics(), Metrics()
    aldova.refused("missing")
    assert b'code="missing"' not in bergenia.text()


def test_what_is_read_when_asked_for_is_not_read_before():
    def never() -> int:
        raise AssertionError("read too early")

    Metrics().read_journal(never)


@pytest.mark.parametrize(("method", "target", "status"), [("GET", "/", 404), ("POST", "/metrics", 405)])
def test_there_is_nothing_else(method: str, target: str, status: int):
    assert get(WatchDoor({}, Metrics()), target, method).status == status


def test_a_query_is_refused():
    assert get(WatchDoor({}, Metrics()), "/metrics?name[]=x").status == 400


def test_logs_show_the_address_itself_and_of_others_nothing():
    door = WatchDoor({}, Metrics())
    for route in ROUTES:
        target = route.template.replace("{path}", "tile/0/000")
        assert door.route_of(Request(method="GET", authority="", target=target, headers={})) == route.template
    assert door.route_of(Request(method="GET", authority="", target="/petrova", headers={})) == "-"
