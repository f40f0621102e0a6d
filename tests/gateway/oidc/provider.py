"""A real OpenID Connect provider, in a process of its own on this machine."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import parse_qs, quote, urlsplit

import httpx

PATIENCE_SECONDS: Final = 30.0
POLL_SECONDS: Final = 0.02
BACK: Final = "http://client.example/back"


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        return port


class Provider:
    """``oidc_provider_mock`` on a port; each start has new keys."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.port = port or free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self._log = folder / f"provider-{self.port}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(self.port)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=_environment())
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > give_up_at:
                raise AssertionError(f"no provider: {self._log.read_text()[-2_000:]}")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """End it: its port is free, and its keys are gone."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE_SECONDS)
            self._process = None

    def restart(self) -> None:
        """The same issuer, with keys that nobody has seen."""
        self.stop()
        self.start()

    def asked_for_keys(self) -> int:
        """How often anybody asked for its keys, since it was first started."""
        return self._log.read_text().count('"GET /jwks ')

    def keys(self) -> list[dict[str, Any]]:
        """The keys that it publishes."""
        found: list[dict[str, Any]] = self._get("/jwks").json()["keys"]
        return found

    def token(
        self,
        subject: str = "anna",
        claims: Mapping[str, object] | None = None,
        *,
        audience: str = "avoir",
        host: str = "127.0.0.1",
    ) -> str:
        """The token of somebody who has logged in, with these claims of his."""
        with _client(f"http://{host}:{self.port}") as http:
            user = f"/users/{quote(subject, safe='')}"
            http.put(user, json=dict(claims or {})).raise_for_status()
            asked = {
                "client_id": audience,
                "response_type": "code",
                "redirect_uri": BACK,
                "scope": "openid profile",
            }
            sent = http.post("/oauth2/authorize", params=asked, data={"sub": subject})
            code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
            given = http.post(
                "/oauth2/token",
                data={
                    "grant_type": "authorization_code",
                    "code": code,
                    "redirect_uri": BACK,
                    "client_id": audience,
                    "client_secret": "known to both",
                },
            )
            return str(json.loads(given.raise_for_status().text)["id_token"])

    def _answers(self) -> bool:
        try:
            return self._get("/").is_success
        except httpx.TransportError:
            return False

    def _get(self, path: str) -> httpx.Response:
        with _client(self.issuer) as http:
            return http.get(path)


def _client(url: str) -> httpx.Client:
    # no certificates are read, which takes most of the time, where there is no TLS
    return httpx.Client(base_url=url, trust_env=False, timeout=PATIENCE_SECONDS, verify=False)


def _environment() -> dict[str, str]:
    # Its own warnings of deprecation are no concern of these tests.
    return {**os.environ, "PYTHONWARNINGS": "ignore", "NO_COLOR": "1"}
