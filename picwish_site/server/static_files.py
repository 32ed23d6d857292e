"""Static files: hashed and compressed when collected, served before Django by the ASGI server."""

from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

from web.asgi import App, Receive, Scope, Send


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Give ES modules hashed names too, and rewrite the imports that name them."""

    # Ours alone: modules of packages name each other in ways that only their own builds resolve.
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )
    manifest_strict = True

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """Return a file's hashed address. A page asks for some thirty, and the manifest is read but once."""
        if settings.DEBUG or force:
            return super().url(name, force)
        if name not in self._addresses:
            self._addresses[name] = super().url(name)
        return self._addresses[name]


class StaticFiles:
    """ASGI app that answers for collected files and passes everything else on.

    WhiteNoise's own middleware is synchronous. Within Django's chain it would put every request,
    also one that waits three minutes for a task, onto a thread. So only its table of files, with
    their headers and compressed twins, is used here.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self.table = WhiteNoiseMiddleware(get_response=None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = self.table.files.get(scope["path"]) if scope["type"] == "http" else None
        if file is None:
            await self.app(scope, receive, send)
            return
        environ = {
            f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}": value.decode("latin-1")
            for name, value in scope["headers"]
        }
        response = file.get_response(scope["method"], environ)
        body = b""
        if response.file is not None:
            with response.file as opened:
                body = await sync_to_async(opened.read, thread_sensitive=False)()
        headers = [(name.lower().encode(), str(value).encode()) for name, value in response.headers]
        await send({"type": "http.response.start", "status": int(response.status), "headers": headers})
        await send({"type": "http.response.body", "body": body})
