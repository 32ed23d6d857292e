"""A network of a worker's own, with one cable to this machine that can be pulled."""

import os
import subprocess
import time
from typing import Self

from tests.support.relay import Relay

HERE, THERE = "10.231.77.1", "10.231.77.2"
ENDS = ("sweep-chaos-a", "sweep-chaos-b")


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


class Cable:
    """A network namespace behind a pair of virtual ends; the ports of this machine that it reaches."""

    def __init__(self, ports: list[int]) -> None:
        self.ports = ports
        self.holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        self.relays: dict[int, Relay] = {}

    @classmethod
    def lay(cls, ports: list[int]) -> tuple["Cable | None", str]:
        """Return the cable, or None and why this machine has none."""
        if os.geteuid() != 0:
            return None, "a network namespace takes root"
        cable = cls(ports)
        try:
            cable.plug_in()
        except (subprocess.CalledProcessError, OSError) as exc:
            cable.holder.kill()
            return None, str(getattr(exc, "stderr", "") or exc).strip()
        return cable, ""

    def plug_in(self) -> None:
        pid = self.holder.pid
        while os.readlink(f"/proc/{pid}/ns/net") == os.readlink("/proc/self/ns/net"):
            time.sleep(0.05)
        ip("link", "add", ENDS[0], "type", "veth", "peer", "name", ENDS[1], "netns", str(pid))
        ip("addr", "add", f"{HERE}/30", "dev", ENDS[0])
        ip("link", "set", ENDS[0], "up")
        for words in (["addr", "add", f"{THERE}/30", "dev", ENDS[1]], ["link", "set", ENDS[1], "up"]):
            subprocess.run(self.wrap(["ip", *words]), check=True, capture_output=True, text=True)
        subprocess.run(self.wrap(["ip", "link", "set", "lo", "up"]), check=True, capture_output=True)
        self.relays = {port: Relay([port], HERE) for port in self.ports}

    def __enter__(self) -> Self:
        for relay in self.relays.values():
            relay.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        for relay in self.relays.values():
            relay.__exit__()
        self.holder.kill()
        self.holder.wait()

    def wrap(self, command: list[str]) -> list[str]:
        """Return the command as it is run in that network."""
        return ["nsenter", "--target", str(self.holder.pid), "--net", *command]

    def translate(self, environment: dict[str, str]) -> dict[str, str]:
        """Return settings with the addresses under which that network reaches the servers."""
        told = dict(environment)
        for name, value in told.items():
            for port, relay in self.relays.items():
                told[name] = told[name].replace(f"127.0.0.1:{port}", f"{HERE}:{relay.port}")
            del value
        return told

    def pull(self) -> None:
        ip("link", "set", ENDS[0], "down")

    def plug(self) -> None:
        ip("link", "set", ENDS[0], "up")
