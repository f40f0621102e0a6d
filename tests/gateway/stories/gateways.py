"""A gateway as an operator runs it: the command, its folder, its store, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import httpx

from avoir_gateway.store import attach
from tests.contracts.command import AVOIR, environment

PATIENCE_SECONDS: Final = 30.0
POLL_SECONDS: Final = 0.01
ANSWERS_AT: Final = "Avoir answers at "


def until(met: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until something is the case; an error names what never came."""
    give_up_at = time.monotonic() + seconds
    while not met():
        if time.monotonic() > give_up_at:
            raise AssertionError(f"waited {seconds:.0f} s in vain: {what}")
        time.sleep(POLL_SECONDS)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not collected yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


class Gateway:
    """``avoir serve`` on a folder of its own; it may be ended and started as often as one likes."""

    def __init__(
        self,
        folder: Path,
        *options: str,
        path: Sequence[Path] = (),
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.options = options
        self.url = ""
        self.told: list[str] = []
        self._environment = {
            **environment(path, "en"),
            "AVOIR_DATA": str(folder),
            # Its socket lies there too, and goes with the folder.
            "XDG_RUNTIME_DIR": str(folder / "run"),
            **(settings or {}),
        }
        self._process: subprocess.Popen[str] | None = None
        self._http: httpx.Client | None = None

    @property
    def data(self) -> Path:
        """Where the data lies."""
        return self.folder / "demo" if "--demo" in self.options else self.folder

    @property
    def database(self) -> str:
        """The name of the database."""
        return "avoir_demo" if "--demo" in self.options else "avoir"

    @property
    def store(self) -> str:
        """The address of its store."""
        return self._environment.get("AVOIR_MONGODB_URI") or attach(self.data).uri

    @property
    def process(self) -> subprocess.Popen[str]:
        """The process; there is one once it was launched."""
        assert self._process is not None, "the gateway was not started"
        return self._process

    @property
    def http(self) -> httpx.Client:
        """A client of the process that runs now."""
        if self._http is None:
            self._http = httpx.Client(base_url=self.url, trust_env=False, timeout=60)
        return self._http

    @property
    def log(self) -> str:
        """What it wrote to the standard error, over all its starts."""
        return (self.folder / "gateway.log").read_text()

    @property
    def mongod(self) -> int:
        """The process id of its store."""
        return int((self.data / "mongod" / "mongod.lock").read_text())

    def launch(self) -> Self:
        """Start the process and wait for nothing."""
        assert self._process is None or self._process.poll() is not None
        (self.folder / "run").mkdir(parents=True, exist_ok=True)
        self._hang_up()
        self.told = []
        with (self.folder / "gateway.log").open("a") as log:
            self._process = subprocess.Popen(
                [AVOIR, "serve", "--port", "0", *self.options],
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        return self

    def start(self) -> Self:
        """Start the process and wait until it answers."""
        self.launch()
        self.url = self.line(lambda line: line.startswith(ANSWERS_AT)).removeprefix(ANSWERS_AT)
        self.url = self.url.removesuffix("/graphql")
        until(lambda: self.http.get("/readyz").status_code == 200, "the gateway is ready")
        return self

    def line(self, wanted: Callable[[str], bool]) -> str:
        """Read what it tells up to a line, and give that line."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.told.append(line.rstrip("\n"))
            if wanted(self.told[-1]):
                return self.told[-1]
        raise AssertionError(f"it ended with {self.process.wait()}: {self.log[-2000:]}")

    def stop(self) -> int:
        """Ask it to end, as an operator or a supervisor would; gives its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self, *, mongod: bool = False) -> None:
        """End it by force, and its store with it if so wished."""
        if mongod:
            os.kill(self.mongod, signal.SIGKILL)
        self._end(signal.SIGKILL)

    def _hang_up(self) -> None:
        # Who was calling as it ended may have called the same address once more.
        if self._http is not None:
            self._http.close()
            self._http = None

    def _end(self, how: signal.Signals) -> int:
        self._hang_up()
        process = self.process
        if process.poll() is None:
            process.send_signal(how)
        code = process.wait(PATIENCE_SECONDS)
        if process.stdout is not None:
            process.stdout.close()
        return code

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self.stop()
