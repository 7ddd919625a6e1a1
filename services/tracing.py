"""Traces of ingest, backfill and publish, sent to an OpenTelemetry collector where the settings name one."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from services.settings import Settings
from warehouse.loads import software_version

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import Tracer

    from services.ingest import Step

P = ParamSpec("P")
R = TypeVar("R")

_LOGGER = logging.getLogger("chitieu")
_SECONDS = 5  # to wait for the collector's answer
_tracer: ContextVar["Tracer | None"] = ContextVar("tracer", default=None)


@contextmanager
def traced(settings: Settings, name: str) -> Iterator[None]:
    """Trace a run, with the steps of `traced_steps` and `span` in it.

    The spans are sent when it ends, or failed. Does nothing without OTEL_EXPORTER_OTLP_ENDPOINT. A collector
    that does not answer is a warning.
    """
    if settings.otlp_endpoint is None:
        yield
        return
    try:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor
        from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
    except ImportError:
        _LOGGER.warning(
            "OTEL_EXPORTER_OTLP_ENDPOINT needs the packages of chitieu[observability]: no traces were sent"
        )
        yield
        return
    provider = TracerProvider(
        resource=Resource.create({"service.name": "chitieu", "service.version": software_version()}),
        shutdown_on_exit=False,
    )
    finished = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(finished))
    tracer = provider.get_tracer("chitieu")
    token = _tracer.set(tracer)
    try:
        with tracer.start_as_current_span(name):
            yield
    finally:
        _tracer.reset(token)
        _send(settings.otlp_endpoint, finished.get_finished_spans())


@contextmanager
def span(kind: str, title: str) -> Iterator[None]:
    """Trace a step of the present run; does nothing where the run is not traced."""
    tracer = _tracer.get()
    if tracer is None:
        yield
        return
    with tracer.start_as_current_span(kind, attributes={"chitieu.step": title}):
        yield


def traced_steps(step: "Step") -> "Step":
    """Return the steps of an ingest as spans of the present trace; unchanged where there is none."""
    tracer = _tracer.get()
    if tracer is None:
        return step
    from opentelemetry.context import get_current

    parent = get_current()  # steps may run in threads of their own

    def traced_step(kind: str, title: str, function: Callable[P, R], /) -> Callable[P, R]:
        run = step(kind, title, function)

        def call(*arguments: P.args, **options: P.kwargs) -> R:
            with tracer.start_as_current_span(kind, parent, attributes={"chitieu.step": title}):
                return run(*arguments, **options)

        return call

    return traced_step


def _send(endpoint: str, spans: "Sequence[ReadableSpan]") -> None:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import SpanExportResult

    logging.getLogger("opentelemetry.exporter").setLevel(logging.CRITICAL)  # the warning below is ours
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=_SECONDS)
    if exporter.export(spans) is not SpanExportResult.SUCCESS:
        _LOGGER.warning("The trace could not be sent to OTEL_EXPORTER_OTLP_ENDPOINT")
