"""The faults of the store, each with what a caller needs to say or to do about it."""

# ruff: noqa: N818 - the names say what is the case, and all are a StoreError

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pymongo.errors import (
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
    WriteConcernError,
)

UNSETTLED = (ConnectionFailure, ExecutionTimeout, WriteConcernError)
"""What the driver raises when the store may or may not have done what was asked."""

TO_BE_REPEATED = "TransientTransactionError"
"""The label of an error after which the driver runs the whole transaction again."""

NEVER_SENT = (ServerSelectionTimeoutError, WaitQueueTimeoutError)
"""What the driver raises before it has sent anything."""

PASSING = frozenset({24, 112, 134, 189, 262})
"""Codes of refusals that pass: lock timeout, write conflict, no majority snapshot yet, stepping
down, time limit."""


class StoreError(Exception):
    """Any fault of the store."""


class StoreUnavailable(StoreError):
    """The store does not answer, or not in time. From `append`: nothing was written."""

    def __init__(self, doing: str, cause: str) -> None:
        self.doing = doing
        self.cause = cause
        super().__init__(f"the store does not answer ({doing}): {cause}")


class StoreRefused(StoreError):
    """The store answered, and refused for a reason that asking again does not cure."""

    def __init__(self, doing: str, code: int | None, reason: str) -> None:
        self.doing = doing
        self.code = code
        self.reason = reason
        super().__init__(f"the store refused ({doing}): {reason}")


class UnknownOutcome(StoreError):
    """The command may or may not have taken effect, and may do so yet."""

    def __init__(self, tenant: str, by: str, key: str) -> None:
        self.tenant = tenant
        self.by = by
        self.key = key
        super().__init__(f"it is unknown whether {key!r} took effect: ask again with the same key")


class NotStorable(StoreError):
    """A value that may not be stored; `path` says where it stands in the document."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path or 'the document'} cannot be stored: {reason}")


class Unreadable(StoreError):
    """A stored document that this version cannot read."""

    def __init__(self, collection: str, identity: str, reason: str) -> None:
        self.collection = collection
        self.identity = identity
        self.reason = reason
        super().__init__(f"{collection} {identity} cannot be read: {reason}")


class MarkLost(StoreError):
    """The journal's feed cannot be taken up at a mark any more."""


class AlreadyThere(StoreError):
    """What was to be created exists."""

    def __init__(self, what: str, identity: str) -> None:
        self.what = what
        self.identity = identity
        super().__init__(f"{what} {identity!r} is already there")


class NotThere(StoreError):
    """What was to be changed does not exist."""

    def __init__(self, what: str, identity: str) -> None:
        self.what = what
        self.identity = identity
        super().__init__(f"there is no {what} {identity!r}")


class MongodError(StoreError):
    """The local mongod could not be found, started or reached."""


class MongodMissing(MongodError):
    """No mongod on the PATH and none in the environment."""

    def __init__(self, searched: tuple[str, ...]) -> None:
        self.searched = searched
        super().__init__(
            f"no mongod found (searched {', '.join(searched)}): install MongoDB, "
            "or set AVOIR_MONGODB_URI to a replica set of your own"
        )


class MongodFailed(MongodError):
    """mongod was started and did not come to serve; `reason` is in its own words."""

    def __init__(self, reason: str, log: Path, advice: str = "") -> None:
        self.reason = reason
        self.log = log
        self.advice = advice
        super().__init__(f"mongod does not run: {reason}{advice and f'; {advice}'} (log: {log})")


class DataFolderInUse(MongodError):
    """Another owner, or another mongod, works on the data folder."""

    def __init__(self, folder: Path, owner: int | None = None) -> None:
        self.folder = folder
        self.owner = owner
        who = f" by process {owner}" if owner else ""
        super().__init__(
            f"the data folder {folder} is in use{who}: stop that one, attach to it, "
            "or name another folder"
        )


class DataFolderNotWritable(MongodError):
    """The data folder cannot be made or written to."""

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder = folder
        self.reason = reason
        super().__init__(f"the data folder {folder} cannot be written to: {reason}")


class SocketPathTooLong(MongodError):
    """The path of the socket does not fit into a socket address."""

    def __init__(self, path: Path, length: int, longest: int) -> None:
        self.path = path
        self.length = length
        self.longest = longest
        super().__init__(
            f"the socket path {path} has {length} bytes, at most {longest} fit: "
            "name a shorter folder for sockets"
        )


class SocketFolderUnsafe(MongodError):
    """The folder for sockets cannot be made, or others may write to it."""

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder = folder
        self.reason = reason
        super().__init__(f"the folder for sockets {folder} cannot be used: {reason}")


class NotRunning(MongodError):
    """No owner serves the data folder, so there is nothing to attach to."""

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder = folder
        self.reason = reason
        super().__init__(f"nobody serves the data folder {folder}: {reason}")


@contextmanager
def saying(doing: str) -> Iterator[None]:
    """Turn what the driver raises within into `StoreUnavailable` or `StoreRefused`.

    Within a transaction, what the driver itself repeats comes out as it is.
    """
    try:
        yield
    except DuplicateKeyError:
        raise
    except UNSETTLED as error:
        if error.has_error_label(TO_BE_REPEATED):
            raise
        raise StoreUnavailable(doing, brief(error)) from error
    except OperationFailure as error:
        if error.has_error_label(TO_BE_REPEATED):
            raise
        if error.code in PASSING:
            raise StoreUnavailable(doing, brief(error)) from error
        raise StoreRefused(doing, error.code, brief(error)) from error
    except PyMongoError as error:
        raise StoreUnavailable(doing, brief(error)) from error


def brief(error: PyMongoError) -> str:
    """The first sentence of a driver's error, without its dump of the topology."""
    return str(error).partition(", full error:")[0].partition(", Timeout:")[0]
