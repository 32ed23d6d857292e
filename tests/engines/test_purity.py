"""What importing the engines may load. Each import runs in a fresh process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def loaded_by(module: str) -> set[str]:
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


@pytest.mark.parametrize(
    "module",
    [
        "tools.dispatch",
        "tools.cutout",
        "tools.erase",
        "inpainting.erase_mask",
        "io.pictures",
        "io.formats",
        "networks.weights",
        "networks.isnet",
        "matting.foreground_estimation",
        "tools.head",
        "matting.ink_extraction",
        "matting.stroke_correction",
        "tools.scene",
        "scenes.prompt",
        "scenes.templates.catalogue",
        "scenes.framing",
        "__main__",
    ],
)
def test_no_engine_loads_django_or_httpx(module: str) -> None:
    assert not {"django", "httpx"} & loaded_by(f"editor.engines.{module}")


def test_formats_is_light_enough_for_the_web_process() -> None:
    loaded = loaded_by("editor.engines.io.formats")
    assert "PIL" in loaded
    assert not {"numpy", "openvino", "numba", "scipy", "rawpy", "pillow_heif", "pymatting"} & loaded


@pytest.mark.parametrize("module", ["tools.dispatch", "types", "errors", "networks.weights", "__main__"])
def test_the_doors_load_no_heavy_library(module: str) -> None:
    assert not {"numpy", "openvino", "numba", "scipy"} & loaded_by(f"editor.engines.{module}")


def test_converting_needs_no_network_library() -> None:
    assert not {"openvino", "numba"} & loaded_by("editor.engines.io.compose")


def test_editor_is_an_empty_package() -> None:
    assert (ROOT / "editor" / "__init__.py").read_bytes() == b""
