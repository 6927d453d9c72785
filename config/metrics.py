"""Metrics in the text form of Prometheus, as server and broadcast machine write them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Numbers = Mapping[tuple[str, ...], float | None]
"""A number for each set of labels; None for what is not known, which is not told."""


@dataclass(frozen=True)
class Metric:
    """One metric with its numbers."""

    name: str
    words: str
    labels: tuple[str, ...]
    numbers: Numbers
    counts: bool = False
    """True for a count that only rises while its process lives. Its name is given without the
    ending `_total`, which the text adds."""


def metrics_text(metrics: Iterable[Metric]) -> bytes:
    """Return the text of one scrape, of MEDIA_TYPE."""
    # Imported here, so that a process whose metrics are closed starts without the package.
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
    from prometheus_client.registry import Collector

    families = []
    for metric in metrics:
        known = {labels: one for labels, one in metric.numbers.items() if one is not None}
        family = CounterMetricFamily if metric.counts else GaugeMetricFamily
        told = family(metric.name, metric.words, labels=metric.labels)
        for labels, number in known.items():
            told.add_metric(labels, float(number))
        if known or metric.labels:
            families.append(told)

    class Collected(Collector):
        def collect(self) -> Iterable[Any]:
            return families

    registry = CollectorRegistry()
    registry.register(Collected())
    return bytes(generate_latest(registry))
