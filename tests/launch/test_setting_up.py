"""The quick parts of the launcher: files, ports, stamps, sentences."""

import ast
import errno
import fcntl
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from launch import application, bootstrap, commands, frontend, lock, reset, services, terminal, testing
from launch.environment import environment
from launch.paths import CHECKOUT, Data, cannot_write
from launch.problems import Problem
from launch.terminal import explain


@pytest.fixture
def data(tmp_path: Path) -> Data:
    found = Data(tmp_path / "var")
    found.make()
    return found


def test_the_secret_key_is_made_once_and_is_private(data: Data) -> None:
    key = data.secret_key()
    assert len(key) >= 50
    assert data.secret_key() == key
    assert (data.root / "secret_key").stat().st_mode & 0o777 == 0o600
    assert not list(data.run.glob("secret_key*"))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "is full: free some space"),
        (errno.EACCES, "You may not write"),
        (errno.EROFS, "cannot be written"),
    ],
)
def test_a_disk_that_refuses_is_explained(number: int, words: str) -> None:
    assert words in cannot_write(Path("there"), OSError(number, os.strerror(number)))


def test_a_data_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Problem, match="THROUGHLINE_DATA"):
        Data(tmp_path / "file" / "var").make()


def test_a_disk_that_is_nearly_full_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=5_000_000))
    with pytest.raises(Problem, match="has 4 MB left and the database needs 200 MB: free some space"):
        Data(tmp_path / "var").make()


def test_what_the_person_set_stays(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("THROUGHLINE_ENV", "ALLOWED_HOSTS", "THROUGHLINE_BASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgresql://mine")
    monkeypatch.setenv("THROUGHLINE_DATA", "/elsewhere")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "another.project")
    found = environment(
        data, {"DATABASE_URL": "postgresql://embedded", "REDIS_URL": "redis://embedded"}, 8123
    )
    assert found["DATABASE_URL"] == "postgresql://mine"
    assert found["REDIS_URL"] == "redis://embedded"
    assert found["THROUGHLINE_DATA"] == str(data.root)
    assert found["THROUGHLINE_BASE_URL"] == "http://127.0.0.1:8123"
    assert found["THROUGHLINE_ENV"] == "development"
    assert "DJANGO_SETTINGS_MODULE" not in found


@pytest.fixture
def taken() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_named_port_that_is_taken_stops_the_start(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", str(taken))
    with pytest.raises(Problem, match=f"Port {taken} is taken: choose another"):
        application.choose_port()


def test_the_next_port_is_used_and_said(
    taken: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setattr(application, "FIRST_PORT", taken)
    port, reservation = application.choose_port()
    with reservation:
        assert port > taken
        assert f"Port {taken} is taken, so this runs on port {port}." in capsys.readouterr().out


def test_a_reserved_port_is_not_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)
    first, reservation = application.choose_port()
    with reservation:
        second, other = application.choose_port()
        other.close()
    assert first != second


@pytest.mark.parametrize("named", ["web", "0", "70000"])
def test_a_port_that_is_none_is_said(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", named)
    with pytest.raises(Problem, match="write a number"):
        application.choose_port()


def test_a_second_run_is_told_where_the_first_is(data: Data) -> None:
    with application.only_one(data):
        (data.run / "run.json").write_text('{"address": "http://127.0.0.1:8042", "pid": 1}')
        with pytest.raises(Problem, match=r"already running in this checkout at http://127\.0\.0\.1:8042"):
            application.only_one(data)
    application.only_one(data).close()


def test_reset_clears_ours_and_nothing_else(data: Data) -> None:
    data.secret_key()
    (data.media / "photo").touch()
    (data.root / "not-ours").touch()
    assert reset.main(data, yes=True) == 0
    assert [path.name for path in data.root.iterdir()] == ["not-ours"]


def test_reset_asks(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    (data.media / "photo").touch()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: "no")
    assert reset.main(data, yes=False) == 1
    assert (data.media / "photo").exists()
    monkeypatch.setattr("builtins.input", lambda question: "yes")
    assert reset.main(data, yes=False) == 0
    assert not (data.media / "photo").exists()


def test_reset_refuses_while_something_runs(data: Data) -> None:
    with application.only_one(data), pytest.raises(Problem, match="stop it first"):
        reset.main(data, yes=True)
    use = services.locked(data.run / "users.lock", fcntl.LOCK_SH)
    with use, pytest.raises(Problem, match="stop it first"):
        reset.main(data, yes=True)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("error: Temporary failure in name resolution", "Check the network connection"),
        ("npm error code ENOTFOUND", "Check the network connection"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("hash mismatch", "see the end of"),
    ],
)
def test_what_an_installer_says_becomes_one_sentence(said: str, words: str) -> None:
    assert words in explain("The packages could not be installed", said, Path("setup.log"))


def test_a_quiet_program_that_fails_tells_its_own_words_only(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert terminal.quietly(["sh", "-c", "echo well"], log) is None
    said = terminal.quietly(["sh", "-c", "echo badly; exit 3"], log)
    assert said == "badly\n"
    assert "well" in log.read_text()


def test_a_change_of_the_front_end_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontend, "CHECKOUT", tmp_path)
    for name, text in (("package.json", "{}"), ("package-lock.json", "{}"), ("assets/a.scss", "a")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    before = frontend.sources()
    assert frontend.sources() == before
    (tmp_path / "assets" / "a.scss").write_text("b")
    changed = frontend.sources()
    assert changed != before
    (tmp_path / "assets" / "a.scss").rename(tmp_path / "assets" / "c.scss")
    assert frontend.sources() not in (before, changed)


def test_a_changed_lock_is_installed_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "REQUIREMENTS", tmp_path)
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp")
    for name in ("embedded", "dev"):
        (tmp_path / f"{name}.txt").write_text(name)
    assert not bootstrap.is_installed("embedded")
    (tmp_path / "stamp").write_text(f'{{"dev": "{bootstrap.digest(tmp_path / "dev.txt")}"}}')
    assert bootstrap.is_installed("embedded")
    assert bootstrap.is_installed("dev")
    (tmp_path / "dev.txt").write_text("newer")
    assert not bootstrap.is_installed("embedded")


def test_the_locks_hold_no_address_and_agree() -> None:
    pins = {}
    for name in ("production", "embedded", "dev", "uv"):
        file = bootstrap.REQUIREMENTS / f"{name}.txt"
        lock.must_hold_no_address(file, "://")
        pins[name] = {line.split(" ")[0] for line in file.read_text().splitlines() if "==" in line}
    assert pins["production"] <= pins["embedded"] <= pins["dev"]
    lock.must_hold_no_address(CHECKOUT / "package-lock.json", '"resolved"')


def test_an_address_in_a_lock_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "dev.txt"
    file.write_text("thing @ https://index.example/thing.whl\n")
    with pytest.raises(Problem, match="holds an address"):
        lock.must_hold_no_address(file, "://")


REPORT = """<testsuites><testsuite>
<testcase name="a"/><testcase name="b"/>
<testcase name="c"><skipped message="no Chromium"/></testcase>
<testcase name="d"><{kind}/></testcase>
</testsuite></testsuites>"""


@pytest.mark.parametrize("kind", ["failure", "error"])
def test_the_tally_counts_what_failed(kind: str, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT.format(kind=kind))
    tally = testing.Tally()
    tally.add(report, 1)
    assert not tally.good
    assert tally.summary() == "Skipped 1: no Chromium\nTests: 2 passed, 1 failed, 1 skipped"


def test_a_run_that_broke_off_is_no_success(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite><testcase name="a"/></testsuite></testsuites>')
    tally = testing.Tally()
    tally.add(report, 0)
    assert tally.good
    tally.add(tmp_path / "never-written.xml", 3)
    assert not tally.good
    assert "broke off" in tally.summary()


def test_no_test_at_all_is_no_success(tmp_path: Path) -> None:
    tally = testing.Tally()
    tally.add(tmp_path / "never-written.xml", testing.NOTHING_COLLECTED)
    assert not tally.broken
    assert not tally.good


def test_what_killed_test_runs_left_is_swept_and_living_ones_stay(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    starting = str(os.getpid())
    for name in (str(ended.pid), "locked", starting):
        (tmp_path / name / "postgres").mkdir(parents=True)
    with services.locked(tmp_path / "locked" / "alive.lock", fcntl.LOCK_EX):
        testing.sweep(tmp_path)
        assert {path.name for path in tmp_path.iterdir()} == {"locked", starting}


def test_arguments_reach_the_command_as_they_are() -> None:
    for line in (["test", "--", "-k", "a or b", "-x"], ["test", "-k", "a or b", "-x"]):
        assert commands.plain(commands.parser().parse_args(line).rest) == ["-k", "a or b", "-x"]


def test_an_old_python_can_read_the_sentence_that_it_is_too_old() -> None:
    ast.parse((CHECKOUT / "launch" / "__main__.py").read_text(), feature_version=(3, 4))


def test_the_launcher_needs_nothing_but_the_standard_library() -> None:
    for file in (CHECKOUT / "launch").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.partition(".")[0] in {*sys.stdlib_module_names, "launch"}, (
                    f"{file.name} imports {name}"
                )


def test_make_alone_lists_every_target() -> None:
    said = subprocess.run(
        ["make", "--no-print-directory"], cwd=CHECKOUT, capture_output=True, text=True
    ).stdout
    for target in ("run", "test", "check", "manage", "reset", "lock"):
        assert f"make {target}" in said


def test_a_step_that_fetches_nothing_never_lacked_the_network():
    said = explain(
        "Migrating failed", "psycopg.OperationalError: connection refused", Path("a.log"), fetches=False
    )
    assert "network" not in said
    assert "a.log" in said
