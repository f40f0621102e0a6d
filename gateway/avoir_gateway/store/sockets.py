"""Where the socket of a local mongod lies: a short folder that nobody else can write to."""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from .errors import SocketFolderUnsafe, SocketPathTooLong

SOCKET = "m.sock"
LONGEST = 107
"""Bytes: a socket address has room for 108, and the last one is a NUL."""


def socket_path(data_folder: Path, folder: Path | None = None) -> Path:
    """The path of the socket for a data folder, the same at each start; its folder is made.

    Without a `folder` it lies under XDG_RUNTIME_DIR, else under /tmp. Raises
    `SocketPathTooLong` and `SocketFolderUnsafe`.
    """
    name = sha256(os.fsencode(data_folder.resolve())).hexdigest()[:16]
    if folder is not None:
        root = folder.absolute()
        _check_length(root / SOCKET)
        _own(root)
        return root / SOCKET
    root = _root(name)
    path = root / name / SOCKET
    _check_length(path)
    _own(root)
    _own(root / name)
    return path


def socket_uri(path: Path) -> str:
    """The connection string of the replica set behind a socket."""
    return f"mongodb://{quote(str(path), safe='')}/?replicaSet=rs0"


def _root(name: str) -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and os.access(runtime, os.W_OK | os.X_OK):
        root = Path(runtime).absolute() / "avoir"
        if len(os.fsencode(root / name / SOCKET)) <= LONGEST:
            return root
    # Not the TMPDIR of the user, which is long on some systems.
    return Path("/tmp") / f"avoir-{os.getuid()}"


def _check_length(path: Path) -> None:
    length = len(os.fsencode(path))
    if length > LONGEST:
        raise SocketPathTooLong(path, length, LONGEST)


def _own(folder: Path) -> None:
    """Make a folder for this user alone, or see that it is one: /tmp belongs to everybody."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise SocketFolderUnsafe(folder, error.strerror or str(error)) from error
    if not stat.S_ISDIR(found.st_mode):
        raise SocketFolderUnsafe(folder, "it is a link, not a folder")
    if found.st_uid != os.getuid():
        raise SocketFolderUnsafe(folder, f"it belongs to user {found.st_uid}")
    if found.st_mode & 0o022:
        raise SocketFolderUnsafe(folder, "others may write to it")
