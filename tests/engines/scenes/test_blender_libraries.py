"""A machine without a screen may lack what Blender needs of the system: it is named, with how to get it."""

import pytest

from editor.engines.scenes import blender_libraries, blender_process

LOADER = (
    b"Traceback (most recent call last):\n"
    b"ImportError: libX11.so.6: cannot open shared object file: No such file or directory\n"
)


@pytest.mark.parametrize("name", ["libnowhere.so.1", "libXnone.so.6"])
def test_what_cannot_be_loaded_is_named_and_what_can_is_not(name: str) -> None:
    lacking = blender_libraries.find_missing(["libc.so.6", name])
    assert lacking == [name]
    sentence = blender_libraries.describe_missing(lacking)
    assert name in sentence
    assert "apt install" in sentence
    assert "dnf install" in sentence


def test_nothing_is_said_where_nothing_is_missing() -> None:
    assert blender_libraries.describe_missing(blender_libraries.find_missing(["libc.so.6"])) == ""


def test_a_scene_that_fails_for_want_of_one_says_so() -> None:
    assert blender_process._explain_exit(1, LOADER) == blender_process.LIBRARY_SENTENCE
    assert (
        blender_process._explain_exit(1, b"ModuleNotFoundError: No module named 'bpy'")
        == blender_process.MISSING_SENTENCE
    )
    assert blender_process._explain_exit(-11, b"") == blender_process.CRASH_SENTENCE
