"""Which numbers does /metrics show? Counters and timings, never an id of a person."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._webhook_children: dict[tuple[str, str], Counter] = {}
        self.webhooks = self._counter(
            "webhooks", "Webhook calls by channel and result", "channel", "result"
        )
        self.ack_seconds = self._histogram(
            "webhook_ack_seconds", "From request to answer", "channel"
        )
        self.spooled = self._counter("spooled", "Deliveries written to the spool")
        self.replayed = self._counter("replayed", "Deliveries replayed from the spool")
        self.spool_corrupt = self._counter("spool_corrupt", "Spool files set aside")
        self.ingest_failed = self._counter("ingest_failed", "Deliveries answered 503")
        self.messages = self._counter(
            "messages", "Events handled by channel and kind", "channel", "kind"
        )
        self.decisions = self._counter("decisions", "Readings by decision", "decision")
        self.rasa = self._counter(
            "rasa", "Texts that Rasa was to read, by what became of it", "result"
        )
        self.ai = self._counter(
            "ai", "Questions left open, by what became of them with AI", "result"
        )
        self.ai_tokens = self._counter("ai_tokens", "Tokens that AI cost, at most")
        self.ahead_failed = self._counter(
            "ahead_failed", "Servers that raised or hung while reading ahead", "stage"
        )
        self.files = self._counter(
            "files",
            "Tries to fetch a file, by what became of them",
            "channel",
            "result",
        )
        self.file_bytes = self._counter("file_bytes", "Bytes of stored files")
        self.poisoned = self._counter("poisoned", "Events set aside after N tries")
        self.attempts_failed = self._counter("attempts_failed", "Failed handling tries")
        self.sends = self._counter(
            "sends", "Sends by channel and result", "channel", "result"
        )
        self.answer_seconds = self._histogram(
            "answer_seconds", "From receipt to the platform's acceptance", "channel"
        )
        self.fires = self._counter(
            "fires", "Times the clock started a job", "schedule", "result"
        )
        self.escalations = self._counter(
            "escalations", "Steps of cases that were told", "step"
        )
        self.heartbeats = self._counter(
            "heartbeats", "Signs of life sent outside", "result"
        )
        self.escalations_late = Gauge(
            "thanthien_escalations_late",
            "Due escalations that an audit found not done",
            ["unit"],
            registry=self.registry,
        )
        self.backlog = Gauge(
            "thanthien_backlog", "Waiting rows", ["queue"], registry=self.registry
        )
        self.token_days = Gauge(
            "thanthien_refresh_token_days_left",
            "Days until a refresh token dies",
            ["unit"],
            registry=self.registry,
        )

    def count_webhook(self, channel: str, result: str) -> None:
        """Count a webhook call; the child counter is looked up only once."""
        child = self._webhook_children.get((channel, result))
        if child is None:
            child = self.webhooks.labels(channel, result)
            self._webhook_children[channel, result] = child
        child.inc()

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"thanthien_{name}", text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, *labels: str) -> Histogram:
        return Histogram(
            f"thanthien_{name}", text, labels, buckets=BUCKETS, registry=self.registry
        )
