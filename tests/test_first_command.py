"""The first command finds a Python by itself, or says in a sentence where to get one."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FIND = Path(__file__).resolve().parent.parent / "bin" / "find-python"

WHOLE = f'exec "{sys.executable}" "$@"'
# pyenv's shim for a version that is installed but not chosen.
SHIM = 'echo "pyenv: python3.13: command not found" >&2; exit 127'
OTHER = f'''exec "{sys.executable}" -c "import sys; sys.version_info = (3, 14, 0); exec(sys.argv[-1])" "$@"'''
UNLOCKED = f'''exec "{sys.executable}" -c "import sys, sysconfig
sysconfig.get_config_var = lambda name: 1; exec(sys.argv[-1])" "$@"'''
BARE = f'''exec "{sys.executable}" -c "import sys, importlib.util
importlib.util.find_spec = lambda name: None if name == 'ensurepip' else 1; exec(sys.argv[-1])" "$@"'''
FETCHING_UV = '''[ "$1 $2" = "python install" ] && echo yes > "$HOME/fetched" && exit 0
[ "$1 $2" = "python find" ] && [ -f "$HOME/fetched" ] && echo "$HOME/got/python3.13"'''


def put(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose name has a space, on a machine that has bash and little else."""
    folder = tmp_path / "our home"
    for tool in ("bash", "cat", "sort", "sh"):
        (folder / "bin").mkdir(parents=True, exist_ok=True)
        (folder / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    return folder


def found(home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Look for a Python as `make` does, with nothing but that home's bin on the path."""
    given = {"HOME": str(home), "PATH": str(home / "bin"), **environment}
    return subprocess.run(
        [shutil.which("bash") or "bash", str(FIND)], env=given, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", ["python3.13", "python3", "python"])
def test_one_on_the_path_is_taken(home: Path, name: str) -> None:
    path = put(home / "bin" / name, WHOLE)
    assert found(home).stdout == f"{path}\n"


@pytest.mark.parametrize("script", [SHIM, OTHER, UNLOCKED, "exit 0"])
@pytest.mark.parametrize(
    "kept", [".pyenv/versions/3.13.2", ".local/share/uv/python/cpython-3.13.2-linux-x86_64-gnu"]
)
def test_what_only_looks_like_one_is_passed_over_for_pyenvs_or_uvs(
    home: Path, script: str, kept: str
) -> None:
    put(home / "bin" / "python3.13", script)
    put(home / "bin" / "python3", script)
    path = put(home / kept / "bin" / "python3.13", WHOLE)
    assert found(home).stdout == f"{path}\n"


@pytest.mark.parametrize("variable", ["PYENV_ROOT", "UV_PYTHON_INSTALL_DIR"])
def test_versions_kept_elsewhere_are_found_and_the_newest_is_taken(
    home: Path, tmp_path: Path, variable: str
) -> None:
    folder = tmp_path / "kept"
    kept = folder / "versions" if variable == "PYENV_ROOT" else folder
    prefix = "" if variable == "PYENV_ROOT" else "cpython-"
    for patch in ("3.13.9", "3.13.10", "3.12.11"):
        put(kept / f"{prefix}{patch}" / "bin" / "python3.13", WHOLE)
    assert found(home, **{variable: str(folder)}).stdout == f"{kept}/{prefix}3.13.10/bin/python3.13\n"


def test_uv_fetches_one_where_there_is_none(home: Path) -> None:
    put(home / "bin" / "uv", FETCHING_UV)
    path = put(home / "got" / "python3.13", WHOLE)
    assert found(home).stdout == f"{path}\n"


@pytest.mark.parametrize("uv", ["exit 1", None])
def test_without_any_a_sentence_says_where_to_get_one(home: Path, uv: str | None) -> None:
    put(home / "bin" / "python3", OTHER)
    if uv:
        put(home / "bin" / "uv", uv)
    answer = found(home)
    assert (answer.returncode, answer.stdout) == (1, "")
    for way in ("Python 3.13", "Debian", "Ubuntu", "Fedora", "macOS", "uv"):
        assert way in answer.stderr


def test_debians_python_without_its_other_half_is_named(home: Path) -> None:
    path = put(home / "bin" / "python3.13", BARE)
    answer = found(home)
    assert answer.returncode == 1
    assert f"{path} cannot" in answer.stderr
    assert "apt install python3.13-venv" in answer.stderr


@pytest.mark.parametrize("script", [SHIM, OTHER, BARE])
def test_a_wrong_one_by_name_is_not_silently_replaced(home: Path, script: str) -> None:
    put(home / "bin" / "python3.13", WHOLE)
    named = put(home / "mine", script)
    answer = found(home, PYTHON313=str(named))
    assert (answer.returncode, answer.stdout) == (1, "")
    assert str(named) in answer.stderr


def test_one_by_name_goes_before_all_others(home: Path) -> None:
    put(home / "bin" / "python3.13", WHOLE)
    named = put(home / "mine", WHOLE)
    assert found(home, PYTHON313=str(named)).stdout == f"{named}\n"


@pytest.mark.parametrize("others", [["curl", "ps"], []])
@pytest.mark.parametrize("sudo", [True, False])
def test_what_the_tests_need_is_installed_or_asked_for(home: Path, sudo: bool, others: list[str]) -> None:
    noting = 'echo "$@" >> "$HOME/done"'
    fetches = 'case "$2" in tests.support.packages | tests.clients.environments) exit 0 ;; esac'
    python = put(home / "python", f"{fetches}; {noting}; exit 1")
    tools = {"id": "echo 1000", "apt-get": "exit 0", "dirname": "echo .", **dict.fromkeys(others, "exit 0")}
    for tool, script in (tools | ({"sudo": noting} if sudo else {})).items():
        put(home / "bin" / tool, script)
    answer = subprocess.run(
        [shutil.which("bash") or "bash", str(FIND.with_name("browser"))],
        env={"HOME": str(home), "PATH": str(home / "bin"), "PYTHON": str(python)},
        cwd=FIND.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    needed = "chromium" if others else "chromium curl procps"
    done = (home / "done").read_text() if (home / "done").exists() else ""
    if sudo:
        assert answer.returncode == 0
        assert done.endswith(f"apt-get install -y -qq {needed}\n")
    else:
        assert answer.returncode == 1
        assert done == ("-m playwright install chromium\n" if others else "")
        assert f"{needed}. Install" in answer.stderr
