"""Counters of the process and their Prometheus text.

Plain integers, because the hot path counts; a collector reads them when somebody asks. Everything
that is dropped is counted here under the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric


class Stats:
    """Counts since the start; `dropped` and `events` by reason."""

    def __init__(self) -> None:
        self.datagrams_in = 0
        self.packets_forwarded = 0
        self.dropped: Counter[str] = Counter()
        self.events: Counter[str] = Counter()


class Gauges:
    """What is counted when asked: rooms, participants, tracks."""

    def __init__(self, read: Callable[[], dict[str, int]]) -> None:
        self.read = read


class _Collector:
    """prometheus_client's collector protocol over Stats and Gauges."""

    def __init__(self, stats: Stats, gauges: Gauges) -> None:
        self._stats, self._gauges = stats, gauges

    def collect(self) -> Iterable[Metric]:
        stats = self._stats
        yield CounterMetricFamily(
            "giaoban_media_datagrams_in", "Datagrams received", value=stats.datagrams_in
        )
        yield CounterMetricFamily(
            "giaoban_media_packets_forwarded",
            "RTP packets sent to subscribers",
            value=stats.packets_forwarded,
        )
        for name, text, counts in (
            ("giaoban_media_dropped", "Input or output dropped, by reason", stats.dropped),
            ("giaoban_media_events", "Things that happened, by kind", stats.events),
        ):
            family = CounterMetricFamily(name, text, labels=["kind"])
            for kind, count in sorted(counts.items()):
                family.add_metric([kind], count)
            yield family
        for name, value in self._gauges.read().items():
            yield GaugeMetricFamily(f"giaoban_media_{name}", f"Present {name}", value=value)


class Exposition:
    """Renders /metrics."""

    def __init__(self, stats: Stats, gauges: Gauges) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Collector(stats, gauges))
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        """The whole exposition, Prometheus text format 0.0.4."""
        text: bytes = generate_latest(self._registry)
        return text
