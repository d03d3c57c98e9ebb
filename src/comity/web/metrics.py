"""Counts and times of one node for its operator: how much, how fast, how often refused; never who or what."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """Handed by the node to the parts that count; each has its own registry, so that many nodes fit in one process.

    Labels come from closed lists (kinds, outcomes, codes, route templates, members), never from what was asked.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = self._histogram(
            "comity_request_seconds", "Requests at a door", ("door", "route", "status"), SECONDS
        )
        self._refusals = self._counter("comity_refusals", "Refusals by code", ("code",))
        self._lookups = self._histogram(
            "comity_lookup_seconds", "Lookups asked here, from question to screen", ("kind",), SECONDS
        )
        self._outcomes = self._counter(
            "comity_source_outcomes", "How each source stood to a lookup asked here", ("kind", "source", "outcome")
        )
        self._questions = self._histogram(
            "comity_question_seconds", "Questions of other nodes answered here", ("kind", "outcome"), SECONDS
        )
        self._letters = self._counter("comity_letters", "Letters sent and received", ("way", "kind"))
        self._signatures = self._counter("comity_signature_failures", "Signatures refused", ("why",))

    def served(self, door: str, route: str, status: int, seconds: float) -> None:
        """A request at a door; `route` is a template such as /v1/hits/{id}."""
        self._requests.labels(door, route, str(status)).observe(seconds)

    def refused(self, code: str) -> None:
        """A refusal left by a door."""
        self._refusals.labels(code).inc()

    def looked_up(self, kind: str, outcomes: Mapping[str, str], seconds: float) -> None:
        """A lookup asked here; `outcomes` gives the outcome by source."""
        self._lookups.labels(kind).observe(seconds)
        for source, outcome in outcomes.items():
            self._outcomes.labels(kind, source, outcome).inc()

    def answered(self, kind: str, outcome: str, seconds: float) -> None:
        """A question of another node was answered."""
        self._questions.labels(kind, outcome).observe(seconds)

    def letter_sent(self, kind: str) -> None:
        """A letter was taken by its recipient."""
        self._letters.labels("sent", kind).inc()

    def letter_received(self, kind: str) -> None:
        """A letter of another node was applied or parked."""
        self._letters.labels("received", kind).inc()

    def signature_failed(self, why: str) -> None:
        """A signed request, answer or letter was refused; `why` is a refusal's code."""
        self._signatures.labels(why).inc()

    def read(self, name: str, what: str, label: str, values: Callable[[], Mapping[str, float]]) -> None:
        """Something that is read when asked for: `values` gives it by label, such as records by collection."""
        self.registry.register(_Reading(name, what, label, values))

    def read_journal(self, size: Callable[[], int]) -> None:
        """`size` gives the number of entries in the journal."""
        self.read("comity_journal_entries", "Entries in the journal", "log", lambda: {"disclosures": size()})

    def read_waiting(self, depths: Callable[[], Mapping[str, int]]) -> None:
        """`depths` gives the letters not yet delivered, by recipient (`Outbox.depths`)."""
        self.read("comity_letters_waiting", "Letters not yet delivered", "recipient", depths)

    def read_postroom(self, depths: Callable[[], Mapping[str, int]]) -> None:
        """`depths` gives the sealed letters that wait at this hub, by recipient (`PostRoom.depths`)."""
        self.read("comity_postroom_waiting", "Sealed letters waiting to be fetched", "recipient", depths)

    def read_alarms(self, standing: Callable[[], Mapping[str, int]]) -> None:
        """`standing` gives the alarms of the sealed post that people have not cleared, by what is wrong."""
        self.read("comity_post_alarms", "Alarms of the sealed post not cleared", "wrong", standing)

    def read_log_alarms(self, standing: Callable[[], Mapping[str, int]]) -> None:
        """`standing` gives the alarms of logs that people have not cleared, by what is wrong."""
        self.read("comity_log_alarms", "Alarms of logs not cleared", "wrong", standing)

    def read_index(self, measures: Callable[[], Mapping[str, float]]) -> None:
        """`measures` gives what the index takes, and how far it is behind (`Index.measures`)."""
        self.read("comity_index", "The index of numbers and names: bytes, keys, changes behind", "measure", measures)

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)

    def _counter(self, name: str, what: str, labels: tuple[str, ...]) -> Counter:
        return Counter(name, what, labels, registry=self.registry)

    def _histogram(self, name: str, what: str, labels: tuple[str, ...], steps: tuple[float, ...]) -> Histogram:
        return Histogram(name, what, labels, buckets=steps, registry=self.registry)


class _Reading(Collector):
    def __init__(self, name: str, what: str, label: str, values: Callable[[], Mapping[str, float]]) -> None:
        self.name = name
        self.what = what
        self.label = label
        self.values = values

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """What it is called, without reading it: registering must not touch the store."""
        yield GaugeMetricFamily(self.name, self.what, labels=[self.label])

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily(self.name, self.what, labels=[self.label])
        for label, value in self.values().items():
            family.add_metric([label], value)
        yield family
