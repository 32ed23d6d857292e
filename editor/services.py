"""The services behind HTTP that can carry tasks out: one row for each. Everybody may read it.

What else a new service needs is a client: CONTRIBUTING.md lists the files.
"""

from dataclasses import dataclass

from .tools import Tool

# In PROVIDER_CUTOUT and the like, and in rows of routes: the studio itself; what it stands in for.
LOCAL, FALLBACK = "local", "+local"


@dataclass(frozen=True, kw_only=True)
class ServiceSpec:
    """What the whole studio must know of a service.

    title: its name for people. client: the class that speaks with it, by its address; see
    providers.contract.RemoteProvider. tools: what it can carry out.
    """

    title: str
    client: str
    tools: tuple[Tool, ...]


# By the names in settings (PICWISH_URL, PICWISH_KEY) and rows.
SERVICES: dict[str, ServiceSpec] = {
    "picwish": ServiceSpec(
        title="PicWish",
        client="editor.providers.picwish.PicWish",
        tools=(Tool.CUTOUT, Tool.HEAD, Tool.ERASE, Tool.SCENE),
    ),
    "removebackground": ServiceSpec(
        title="Remove Background",
        client="editor.providers.removebackground.RemoveBackground",
        tools=(Tool.CUTOUT,),
    ),
}

CHOICES = [(name, service.title) for name, service in SERVICES.items()]
"""As fields of models take them."""


def list_ways(tool: str) -> list[str]:
    """Return who may carry a tool's tasks out, in the words of PROVIDER_CUTOUT and the like."""
    able = [name for name, service in SERVICES.items() if tool in service.tools]
    return [LOCAL, *(name + more for name in able for more in ("", FALLBACK))]
