"""Starting, dying, restarting, stopping: nothing is lost and nothing is done twice."""

import os
import signal
import socket
from pathlib import Path

import httpx

from tests.support.waiting import PATIENCE, wait_for

from .installation import Studio
from .outages import order, unseen

KILLS = 3


def test_work_survives_workers_killed_in_the_middle_of_it(studio: Studio) -> None:
    people = ["alice-works@example.com", "bob-works@example.com"]
    clients = [studio.client(email, studio.add_person(email)) for email in people]
    for number in range(8, 11):
        for client in clients:
            answer = order(client, f"{number}.jpg", unseen(number))
            assert answer.status_code == 201, answer.text

    held: set[str] = set()

    def in_hand() -> bool:
        """Whether the worker has something in the works that none before it had."""
        before = set(held)
        rows = studio.rows("SELECT owner_token FROM editor_task WHERE state = 4 AND owner_token IS NOT NULL")
        held.update(token for (token,) in rows)
        return held > before

    for _ in range(KILLS):
        wait_for(in_hand, "a worker in the middle of something", every=0.02)
        (pid,) = studio.processes("manage.py worker --queue quick")
        os.kill(pid, signal.SIGKILL)
    unfinished = (
        "SELECT t.state FROM editor_task t JOIN accounts_user u ON u.id = t.owner_id "
        "WHERE u.email LIKE '%-works@example.com' AND t.state != 1"
    )
    wait_for(lambda: not studio.rows(unfinished), lambda: f"the end of {studio.rows(unfinished)}")

    owners = studio.rows(
        "SELECT u.email, count(*), count(DISTINCT r.task_id) FROM editor_result r "
        "JOIN accounts_user u ON u.id = r.owner_id JOIN editor_photo p ON p.id = r.photo_id "
        "WHERE p.owner_id = r.owner_id AND u.email LIKE '%-works@example.com' "
        "GROUP BY u.email ORDER BY u.email"
    )
    assert owners == [(email, 3, 3) for email in people]
    stored = {path.name for path in (studio.data / "media/results").rglob("*.*")}
    named = {
        Path(name).name
        for row in studio.rows("SELECT file, thumbnail FROM editor_result")
        for name in row
        if name
    }
    assert named <= stored


def test_the_web_process_is_started_again(studio: Studio) -> None:
    (before,) = studio.processes("uvicorn")
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: studio.processes("uvicorn") not in ([], [before]), "a new web process")

    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", studio.port)) == 0

    wait_for(answers, "the new web process to listen")


def test_it_runs_where_its_output_cannot_be_opened_again(tmp_path: Path) -> None:
    """As a service manager's socket, and a terminal that another user began with."""
    studio = Studio(tmp_path / "own")
    studio.set_up()
    ours, theirs = socket.socketpair()
    with ours, ours.makefile() as said:
        ours.settimeout(PATIENCE)
        with theirs:
            studio.run(theirs.fileno())
        try:
            assert any("is ready at" in line for line in said)
            httpx.get(f"{studio.url}/healthz", headers={"Host": "somebody-elses.example"}, timeout=PATIENCE)
            assert any("somebody-elses.example" in line for line in said)
        finally:
            assert studio.stop() == 0
        said.read()
    wait_for(lambda: studio.processes("") == [], lambda: f"an end of {studio.commands()}")


def test_the_account_to_sign_in_with_is_on_the_terminal(studio: Studio) -> None:
    text = studio.log.read_text()
    email, password = (studio.data / "first-account").read_text().split()
    assert email in text
    assert password in text
    assert studio.url in text
    assert (studio.data / "first-account").stat().st_mode & 0o077 == 0


def test_the_web_process_stays_light(studio: Studio) -> None:
    """It never loads what only imaging needs."""
    (pid,) = studio.processes("uvicorn")
    maps = Path(f"/proc/{pid}/maps").read_text()
    for heavy in ("openvino", "llvmlite", "numba", "bpy", "scipy"):
        assert f"/site-packages/{heavy}" not in maps
