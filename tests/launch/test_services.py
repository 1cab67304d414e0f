"""The real embedded PostgreSQL and Valkey, in a data folder of their own."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from launch import postgres, valkey
from launch.paths import CHECKOUT, Data
from launch.postgres import holds_a_socket, socket_folder
from launch.problems import Problem
from tests.launch.processes import clean_environment, eventually, is_alive, parent

try:
    postgres.binaries()
    valkey.binary()
except Problem as problem:
    pytest.skip(str(problem), allow_module_level=True)

faults = pytest.mark.faults


@contextmanager
def used(folder: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """A command with services, which says where they are and waits until it is let go."""
    code = (
        "import json, os, sys\n"
        "print(json.dumps({name: os.environ[name] for name in ('DATABASE_URL', 'REDIS_URL', 'THROUGHLINE_DATA')}), flush=True)\n"
        "sys.stdin.read()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "launch", "services", "--", *(command or (sys.executable, "-c", code))],
        cwd=CHECKOUT,
        env=clean_environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


def told(process: subprocess.Popen[str]) -> dict[str, str]:
    found: dict[str, str] = json.loads(process.stdout.readline())
    return found


def postmaster(folder: Path) -> int:
    return int((folder / "postgres" / "postmaster.pid").read_text().split()[0])


def broker(url: str) -> int:
    return int(redis.Redis.from_url(url).info("server")["process_id"])


def is_up(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            return connection.execute("select 1").fetchone() == (1,)
    except psycopg.Error:
        return False


def pings(url: str) -> bool:
    try:
        return bool(redis.Redis.from_url(url, socket_timeout=2).ping())
    except redis.RedisError:
        return False


@faults
def test_the_services_serve_heal_and_end(tmp_path: Path) -> None:
    with used(tmp_path) as process:
        found = told(process)
        database, messages = found["DATABASE_URL"], found["REDIS_URL"]
        assert found["THROUGHLINE_DATA"] == str(tmp_path)
        the_role_is_as_it_should_be(database)

        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("create table kept (word text)")
            connection.execute("insert into kept values ('committed')")
        before = postmaster(tmp_path)
        os.kill(before, signal.SIGKILL)
        assert eventually(lambda: not is_alive(before))
        assert eventually(lambda: is_up(database), 20)
        with psycopg.connect(database) as connection:
            assert connection.execute("select word from kept").fetchall() == [("committed",)]
        assert postmaster(tmp_path) != before

        client = redis.Redis.from_url(messages)
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        for number in range(50):
            client.rpush("queue", number)
        before = broker(messages)
        os.kill(before, signal.SIGKILL)
        assert eventually(lambda: pings(messages) and broker(messages) != before, 20)
        assert redis.Redis.from_url(messages).llen("queue") == 50

        ends = [postmaster(tmp_path), broker(messages)]
    assert eventually(lambda: not any(map(is_alive, ends)), 20)
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()
    assert not (tmp_path / "run" / "env.json").exists()


def the_role_is_as_it_should_be(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        role = connection.execute(
            "select rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls from pg_roles where rolname = current_user"
        ).fetchone()
        assert role == ("throughline", False, True, False, False)
        locale = connection.execute(
            "select datlocprovider, datlocale, pg_encoding_to_char(encoding) from pg_database where datname = current_database()"
        ).fetchone()
        assert locale == ("b", "C.UTF-8", "UTF8")
        connection.execute("create database made_by_a_test")
    with psycopg.connect(url.removesuffix("throughline") + "made_by_a_test") as connection:
        names = {name for (name,) in connection.execute("select extname from pg_extension")}
        assert names >= {"btree_gist", "pg_trgm", "unaccent"}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("drop database made_by_a_test")


@faults
def test_several_commands_share_the_services_until_the_last_has_gone(tmp_path: Path) -> None:
    with used(tmp_path) as second:
        with used(tmp_path) as first:
            assert told(first) == told(second)
            shared = postmaster(tmp_path)
        # The linger after the last user is five seconds: longer than that, and nothing has ended.
        assert not eventually(lambda: not is_alive(shared), 7)
    assert eventually(lambda: not is_alive(shared), 20)


@faults
def test_a_killed_holder_takes_the_services_along_and_the_next_command_starts_them(tmp_path: Path) -> None:
    with used(tmp_path) as process:
        url = told(process)["DATABASE_URL"]
        pid = postmaster(tmp_path)
        guardian = parent(pid)
        os.kill(parent(guardian), signal.SIGKILL)
        assert eventually(lambda: not is_alive(pid) and not is_alive(guardian), 30)
    with used(tmp_path, sys.executable, "-c", "import os; print(os.environ['DATABASE_URL'])") as again:
        assert again.stdout.readline().strip() == url
        assert is_up(url)


@faults
def test_a_stale_pid_that_is_somebody_else_by_now_does_not_stop_the_start(tmp_path: Path) -> None:
    with used(tmp_path, "true") as process:
        process.wait(60)
    file = tmp_path / "postgres" / "postmaster.pid"
    assert eventually(lambda: not file.exists(), 30)
    # We are alive and of the same user: PostgreSQL alone would refuse to start.
    file.write_text(f"{os.getpid()}\n{tmp_path / 'postgres'}\n1700000000\n5432\n\n\n  1234567 1\n")
    with used(tmp_path) as process:
        assert is_up(told(process)["DATABASE_URL"])
        assert postmaster(tmp_path) != os.getpid()


@faults
def test_the_exit_code_and_the_words_of_a_command_are_passed_on(tmp_path: Path) -> None:
    with used(tmp_path, "sh", "-c", 'printf "%s\\n" "$1"; exit 7', "sh", "--two words") as process:
        assert process.stdout.readline() == "--two words\n"
        assert process.wait(60) == 7


@pytest.fixture
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Data]:
    """A data folder whose path leaves no room for a socket, on a machine whose temporary folder has a short one."""
    data = Data(tmp_path / ("long" * 20) / ("path" * 20))
    data.make()
    with tempfile.TemporaryDirectory(prefix="tl-", dir="/tmp") as short:
        monkeypatch.setattr("tempfile.tempdir", short)
        yield data


def test_a_path_too_long_for_a_socket_is_replaced_by_a_private_folder(deep: Data) -> None:
    folder = socket_folder(deep)
    assert not folder.is_relative_to(deep.root)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder == socket_folder(deep)
    assert holds_a_socket(folder)


def test_a_folder_that_others_may_enter_is_not_taken_for_the_socket(deep: Data) -> None:
    socket_folder(deep).chmod(0o755)
    with pytest.raises(Problem, match="is in the way of the database's socket"):
        socket_folder(deep)


@faults
def test_a_data_folder_with_a_long_path_works_and_leaves_nothing_elsewhere(
    deep: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tempfile.tempdir))
    with used(deep.root) as process:
        assert is_up(told(process)["DATABASE_URL"])
        pid = postmaster(deep.root)
    assert eventually(lambda: not is_alive(pid), 20)
    assert eventually(lambda: not list(Path(str(tempfile.tempdir)).iterdir()), 10)


def test_a_short_path_holds_a_socket(tmp_path: Path) -> None:
    assert holds_a_socket(tmp_path)
    assert not list(tmp_path.iterdir())
    assert not holds_a_socket(tmp_path / ("x" * 200))


def test_the_broker_keeps_its_address_and_hides_its_password(tmp_path: Path) -> None:
    data = Data(tmp_path)
    data.make()
    first = valkey.Valkey(data)
    assert valkey.Valkey(data).url == first.url
    child = first.child()
    assert first.password not in " ".join(child.command)
    configuration = data.run / "valkey.conf"
    assert configuration.stat().st_mode & 0o777 == 0o600
    assert f"requirepass {first.password}" in configuration.read_text()


def test_a_wrong_folder_of_binaries_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THROUGHLINE_PG_BIN", str(tmp_path))
    with pytest.raises(Problem, match="There is no postgres in"):
        postgres.binaries()


def test_data_of_another_major_version_is_not_touched(tmp_path: Path) -> None:
    data = Data(tmp_path)
    data.make()
    data.postgres.mkdir()
    (data.postgres / "PG_VERSION").write_text("9\n")
    with pytest.raises(Problem, match="was made by PostgreSQL 9 but this is"):
        postgres.Postgres(data).make()
