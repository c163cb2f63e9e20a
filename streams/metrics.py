"""What an app counts: a closed vocabulary of names, so that dashboards and alarms cannot miss."""

from typing import Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CounterName = Literal[
    "prescribers_records_total",  # records taken in, by topic and partition
    "prescribers_bytes_total",  # bytes of their values, by topic and partition
    "prescribers_dead_letters_total",  # refused records since the start of the process, by partition and reason
    "prescribers_interactions_total",  # interactions written, copies for other partitions not counted
    "prescribers_publications_total",  # publications that rank wrote, by theme
    "prescribers_rows_written_total",  # publications and dead letters that the warehouse accepted
    "prescribers_foreign_records_total",  # records on our topics that none of our apps wrote, by topic
    "prescribers_warehouse_retries_total",  # writes that had to be tried again
]
GaugeName = Literal[
    "prescribers_lag",  # end offset minus consumer position, by topic and partition
    "prescribers_fates",  # cumulative input events by partition of `interactions` and fate: state, late, duplicate
    "prescribers_next_offset",  # how far the app has come, by topic and partition
    "prescribers_snapshot_bytes",  # written by the last snapshot, by partition
    "prescribers_waiting_for_warehouse",  # 1 while the warehouse does not answer
]
HistogramName = Literal[
    "prescribers_checkpoint_seconds",  # saving and committing, all partitions together
    "prescribers_batch_seconds",  # work on one batch
]
LABELS: dict[str, tuple[str, ...]] = {
    "prescribers_records_total": ("topic", "partition"),
    "prescribers_bytes_total": ("topic", "partition"),
    "prescribers_dead_letters_total": ("partition", "reason"),
    "prescribers_publications_total": ("theme",),
    "prescribers_foreign_records_total": ("topic",),
    "prescribers_lag": ("topic", "partition"),
    "prescribers_fates": ("partition", "fate"),
    "prescribers_next_offset": ("topic", "partition"),
    "prescribers_snapshot_bytes": ("partition",),
}
HELP: dict[str, str] = {
    "prescribers_records_total": "Records taken in",
    "prescribers_bytes_total": "Bytes of the records taken in",
    "prescribers_dead_letters_total": "Records refused since the start of the process",
    "prescribers_interactions_total": "Interactions written",
    "prescribers_publications_total": "Publications written to the rankings topic",
    "prescribers_rows_written_total": "Publications and dead letters accepted by the warehouse",
    "prescribers_foreign_records_total": "Records that none of our apps wrote",
    "prescribers_warehouse_retries_total": "Writes to the warehouse that had to be tried again",
    "prescribers_lag": "End offset minus consumer position",
    "prescribers_fates": "Cumulative input events by fate",
    "prescribers_next_offset": "Next offset to be taken in",
    "prescribers_snapshot_bytes": "Bytes that the last snapshot wrote, new volumes included",
    "prescribers_waiting_for_warehouse": "1 while the warehouse does not answer",
    "prescribers_checkpoint_seconds": "Saving and committing",
    "prescribers_batch_seconds": "Work on one batch",
}


class Metrics:
    """A registry of its own per app, so that nothing is global and tests can run many."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        every = self._registry
        self._counters = {name: Counter(name, HELP[name], LABELS.get(name, ()), registry=every) for name in get_args(CounterName)}
        self._gauges = {name: Gauge(name, HELP[name], LABELS.get(name, ()), registry=every) for name in get_args(GaugeName)}
        self._histograms = {name: Histogram(name, HELP[name], registry=every) for name in get_args(HistogramName)}

    def add(self, name: CounterName, amount: float = 1, *labels: object) -> None:
        """Count; `labels` in the order of `LABELS`."""
        counter = self._counters[name]
        (counter.labels(*labels) if labels else counter).inc(amount)

    def put(self, name: GaugeName, value: float, *labels: object) -> None:
        """Set a gauge."""
        gauge = self._gauges[name]
        (gauge.labels(*labels) if labels else gauge).set(value)

    def drop(self, name: GaugeName) -> None:
        """Forget a gauge's labels, so that partitions owned by others are not shown as ours."""
        self._gauges[name].clear()

    def observe(self, name: HistogramName, value: float) -> None:
        """Record a duration in seconds."""
        self._histograms[name].observe(value)

    def text(self) -> bytes:
        """Prometheus' text format."""
        return generate_latest(self._registry)
