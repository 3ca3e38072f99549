"""Prometheus figures of web: requests as they happen, the installation's counts at each scrape.

A label never holds an id, a name or an address: routes are named by their pattern.
"""

from __future__ import annotations

import time

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from server.services.health import Installation

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """The figures of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route")
        self.requests = Counter(
            "giaoban_http_requests",
            "Requests answered.",
            (*labels, "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "giaoban_http_request_seconds",
            "Time to answer a request.",
            labels,
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.jobs = self._gauge("giaoban_jobs", "Jobs by kind and state.", "kind", "state")
        self.waiting = self._gauge(
            "giaoban_jobs_waiting_for_model", "Jobs that wait and need a speech model."
        )
        self.conferences = self._gauge("giaoban_conferences", "Conferences by state.", "state")
        self.sessions = self._gauge("giaoban_sessions", "Signed-in browsers.")
        self.free = self._gauge("giaoban_files_free_bytes", "Free space where recordings lie.")
        self.seen = self._gauge(
            "giaoban_program_seen_timestamp_seconds", "When a program was last let in.", "scope"
        )

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, registry=self.registry)

    def text(self, now: Installation) -> bytes:
        """The exposition, with the installation's counts as they are now."""
        for gauge in (self.jobs, self.conferences, self.seen):
            gauge.clear()
        for (kind, state), count in now.jobs.items():
            self.jobs.labels(kind, state).set(count)
        for state, count in now.conferences.items():
            self.conferences.labels(state).set(count)
        for scope, at in now.last_seen.items():
            self.seen.labels(scope).set(at.timestamp())
        self.waiting.set(now.waiting_for_model)
        self.sessions.set(now.sessions)
        self.free.set(now.free_bytes)
        return bytes(generate_latest(self.registry))


METRICS: web.AppKey[Metrics] = web.AppKey("metrics", Metrics)


@web.middleware
async def metrics_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count and time every answered request; sockets count when they end, without a time."""
    metrics = request.config_dict[METRICS]
    route = route_of(request)
    began = time.monotonic()
    try:
        response = await handler(request)
    except web.HTTPException as error:
        metrics.requests.labels(request.method, route, str(error.status)).inc()
        raise
    metrics.requests.labels(request.method, route, str(response.status)).inc()
    if not isinstance(response, web.WebSocketResponse):
        metrics.seconds.labels(request.method, route).observe(time.monotonic() - began)
    return response


def route_of(request: web.Request) -> str:
    """The pattern of the request's route (`/conferences/{id}`), `none` where nothing matched."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "none"
