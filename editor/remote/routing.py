"""Who carries which tool’s tasks out, and how each service is reached: the environment first, then the desk.

Asked anew for each task, so that a change takes effect without a restart.
"""

from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from typing import Any, Self

from django.apps import apps
from django.conf import settings

from editor import services
from editor.models import Provider as ProviderRow
from editor.models import Route, clock
from editor.providers.contract import Connection
from editor.tools import SPECS, Tool
from web.statements.queries import Statement

from . import sealed_keys

KEY_UNREADABLE = "The key cannot be read: SECRET_KEY is not what it was. Enter the key again."


NO_SCENES = "This studio makes no scenes: {reason}."
SENTENCES = {
    "else": "{title}, else this studio",
    "waits": "{title}; waits while it does not answer",
}
"""What a service does with work, by what follows where it cannot."""
SWITCHED_OFF, NO_BLENDER = "they are switched off", "Blender is not installed on its machine"


@dataclass(frozen=True)
class Way:
    """Who carries a tool's tasks out. provider: "" for the studio itself.

    fallback: whether the studio does it where the provider cannot; else tasks wait for it.
    """

    provider: str = ""
    fallback: bool = False
    fixed: bool = False  # by the environment

    @classmethod
    def read(cls, text: str, *, fixed: bool = False) -> Self:
        name = text.removesuffix(services.FALLBACK)
        return cls("" if name == services.LOCAL else name, text != name, fixed)

    @property
    def label(self) -> str:
        """For people."""
        if not self.provider:
            return "This studio"
        title = services.SERVICES[self.provider].title
        return SENTENCES["else" if self.fallback else "waits"].format(title=title)


ROUTE = Statement(lambda tool: Route.objects.filter(pk=tool).values_list("way"))


def find_way(tool: str) -> Way:
    """Return who carries a tool's tasks out now."""
    fixed = settings.WAYS[tool]
    rows = [] if fixed else ROUTE.ask(tool)
    # A row may name what a later version of the studio no longer speaks with.
    known = [way for (way,) in rows if way in services.list_ways(tool)]
    chosen = Way.read(known[0]) if known else Way()
    if fixed:
        chosen = Way.read(fixed, fixed=True)
    # What the studio cannot do it cannot do in a service's stead either.
    return replace(chosen, fallback=False) if explain_want(tool) else chosen


@cache
def has_blender() -> bool:
    """Whether Blender is installed, as a package; it is not loaded. It has none for some machines."""
    return find_spec("bpy") is not None


def explain_want(tool: str) -> str:
    """Return why the studio cannot carry a tool's tasks out itself, for people; "" where it can."""
    if tool != Tool.SCENE or (settings.SCENES and has_blender()):
        return ""
    return NO_SCENES.format(reason=NO_BLENDER if settings.SCENES else SWITCHED_OFF)


def explain_absence(tool: str) -> str:
    """Return why nobody carries a tool's tasks out here, for people; "" where somebody does."""
    want = explain_want(tool)
    return want if want and not find_way(tool).provider else ""


def get_connection(provider: ProviderRow, *, though_off: bool = False) -> Connection:
    """Return how a provider is reached, as the environment says it, or else its row.

    though_off: that it is switched off is no trouble.
    """
    given = settings.SERVICES[provider.name]
    # The environment's key goes to no address but the environment's.
    base_url = given.base_url or ("" if given.key else provider.base_url.rstrip("/"))
    heeds = given.heeds_idempotency_keys or provider.heeds_idempotency_keys
    key, trouble = given.key, ""
    if not key and provider.sealed_key:
        try:
            key = sealed_keys.unseal(provider.sealed_key)
        except sealed_keys.Unreadable:
            trouble = KEY_UNREADABLE
    if not provider.enabled and not though_off:
        trouble = "It is switched off."
    elif not trouble and not (base_url and key):
        trouble = "Its key is missing." if base_url else "Its address is missing."
        if not (base_url or key):
            trouble = "Its address and key are missing."
    return Connection(provider.name, base_url, key, heeds, trouble)


def list_tools(name: str) -> dict[str, Way]:
    """Return the tools that a provider carries out now, and how."""
    ways = {tool: find_way(tool) for tool in services.SERVICES[name].tools}
    return {tool: one for tool, one in ways.items() if one.provider == name}


@dataclass(frozen=True)
class Standing:
    """How it goes with a provider, in a word or two. is_bad: None where there is nothing to say."""

    words: str
    is_bad: bool | None = None


def describe_standing(provider: ProviderRow) -> Standing:
    trouble = get_connection(provider).trouble
    if not list_tools(provider.name):
        return Standing("Not used")
    if trouble:
        return Standing(trouble, is_bad=True)
    if provider.is_paused:
        return Standing(f"Does not answer since {clock(provider.failing_since)}", is_bad=True)
    if provider.last_call_failed:
        return Standing("The last call failed", is_bad=True)
    return Standing("Ready", is_bad=False)


def write_notice(tool: str) -> str:
    """Return what people should know about who carries a tool's tasks out right now; "" for nothing."""
    chosen = find_way(tool)
    if not chosen.provider:
        return ""
    provider = ProviderRow.objects.get(pk=chosen.provider)
    tasks = SPECS[Tool(tool)].jobs
    if get_connection(provider).trouble:
        if chosen.fallback:
            return f"{provider} is not ready; {tasks} run locally."
        return f"{provider} is not ready; {tasks} fail until the studio’s admin sets it up."
    if provider.is_paused:
        since = clock(provider.failing_since)
        if chosen.fallback:
            return f"{provider} does not answer since {since}; {tasks} run locally."
        return f"{provider} does not answer since {since}; {tasks} wait."
    return ""


def list_troubles() -> list[str]:
    """Return what stands in the way of a provider that a tool's tasks go to, for who runs the studio."""
    found = []
    for provider in ProviderRow.objects.all():
        tools = list_tools(provider.name)
        trouble = get_connection(provider).trouble if tools else ""
        if trouble:
            tasks = " and ".join(SPECS[Tool(tool)].jobs for tool in tools)
            found.append(f"{provider} is to carry {tasks} out. {trouble}")
    return found


def make_rows(**signal: Any) -> None:
    """Make a row of every provider and tool that has none yet. What was set at the desk stays."""
    database = signal.get("using", "default")
    state = signal.get("apps", apps)
    try:
        providers, routes = state.get_model("editor", "Provider"), state.get_model("editor", "Route")
    except LookupError:  # migrated back to before there were providers
        return
    for name in services.SERVICES:
        providers.objects.using(database).get_or_create(pk=name)
    for tool in Tool:
        routes.objects.using(database).get_or_create(pk=tool.value)
