"""Traces by OpenTelemetry and errors to Sentry: each when its own settings are there, else not loaded.

Neither package is the studio's own. Who sets SENTRY_DSN or OTEL_EXPORTER_OTLP_ENDPOINT installs them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from web import observation
from web.version import VERSION

SENTRY = "SENTRY_DSN"
TRACES = "OTEL_EXPORTER_OTLP_ENDPOINT"
PACKAGES = {
    SENTRY: ("sentry-sdk",),
    TRACES: (
        "opentelemetry-sdk",
        "opentelemetry-exporter-otlp-proto-http",
        "opentelemetry-instrumentation-django",
    ),
}


def start(environment: Mapping[str, str]) -> list[str]:
    """Begin to tell those that the environment names. Return their variables.

    Raises ImproperlyConfigured where a package is not there.
    """
    begun = []
    for variable, begin in ((SENTRY, start_sentry), (TRACES, start_traces)):
        if address := environment.get(variable):
            try:
                begin(address)
            except ModuleNotFoundError as exc:
                raise ImproperlyConfigured(
                    f"{variable} is set, and {exc.name} is not there. Install what it needs, "
                    f".venv/bin/pip install {' '.join(PACKAGES[variable])}, or unset it."
                ) from exc
            begun.append(variable)
    return begun


def start_sentry(dsn: str) -> None:
    """Send errors to Sentry, or what speaks its protocol. Nothing of who asked goes along but the ids."""
    sentry = import_module("sentry_sdk")
    sentry.init(dsn=dsn, release=f"sweep@{VERSION}", send_default_pii=False, max_request_body_size="never")

    def add_ids(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
        ids = {name: str(value) for name, value in observation.get_ids().items()}
        event.setdefault("tags", {}).update(ids)
        return event

    sentry.get_global_scope().add_event_processor(add_ids)


def start_traces(endpoint: str) -> None:
    """Send traces by OTLP over HTTP: each request by Django's instrumentation, each task as a span."""
    trace = import_module("opentelemetry.trace")
    sdk = import_module("opentelemetry.sdk.trace")
    export = import_module("opentelemetry.sdk.trace.export")
    otlp = import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    resources = import_module("opentelemetry.sdk.resources")
    django = import_module("opentelemetry.instrumentation.django")
    # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES are read by the package itself, and go first.
    named = resources.Resource({"service.name": "sweep", "service.version": VERSION})
    provider = sdk.TracerProvider(resource=named.merge(resources.OTELResourceDetector().detect()))
    provider.add_span_processor(export.BatchSpanProcessor(otlp.OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    django.DjangoInstrumentor().instrument()
    tracer = trace.get_tracer("sweep")

    @contextmanager
    def watch(name: str, ids: dict[str, Any]) -> Iterator[None]:
        said = {f"sweep.{key}": str(value) for key, value in ids.items()}
        with tracer.start_as_current_span(name, attributes=said):
            yield

    observation.watchers.append(watch)
