"""What is heard of the process that Blender runs in."""

from typing import Any

import pytest

from editor.engines.scenes import blender_process


def test_blender_may_complain_on_stdout_and_only_the_news_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blender_process, "MODULE", "tests.engines.scenes.chatty_blender")
    heard: list[dict[str, Any]] = []
    blender_process.render({"nice": 0, "memory_mb": 1024}, heard.append, lambda share: None)
    assert heard == [{"share": 0.5}, {"done": 1}]
