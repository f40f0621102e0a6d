"""The command ``avoir`` as a user runs it: in a process and an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

AVOIR = Path(sys.executable).with_name("avoir")


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The document that it wrote."""
        return msgspec.json.decode(self.out)


def environment(path: Sequence[Path] = (), language: str = "") -> Mapping[str, str]:
    """An environment that says nothing but where plugins are and which language is spoken."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "AVOIR_LANG": language,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def avoir(
    *arguments: str | bytes | Path,
    path: Sequence[Path] = (),
    language: str = "",
    stdin: bytes = b"",
    settings: Mapping[str, str] | None = None,
) -> Ran:
    """Run ``avoir`` with these arguments and settings, and with plugins from these folders."""
    done = subprocess.run(
        [AVOIR, *arguments],
        input=stdin,
        capture_output=True,
        env={**environment(path, language), **(settings or {})},
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def install(source: Path, target: Path) -> Path:
    """Install a distribution into a folder that is on nobody's path."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]
    options = ["--no-index", "--no-deps", "--no-build-isolation", "--no-compile"]
    subprocess.run(
        [*pip, "install", *options, "--target", target, source],
        env=environment(),
        timeout=120,
        check=True,
    )
    return target
