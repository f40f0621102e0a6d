"""A gateway as an operator runs it: its records are sealed while it serves, and over its ends."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bson.int64 import Int64
from pymongo import MongoClient

from avoir_gateway.demo import TENANTS
from tests.contracts.command import AVOIR, environment
from tests.gateway.stories.gateways import Gateway, until

TENANT = sorted(tenant.id for tenant in TENANTS)[0]


def verified(gateway: Gateway) -> tuple[int, Mapping[str, Any]]:
    """How ``avoir audit verify`` ends on the data of a gateway, and what it says."""
    settings = {
        "AVOIR_DATA": str(gateway.data),
        "AVOIR_DATABASE": gateway.database,
        "XDG_RUNTIME_DIR": str(gateway.folder / "run"),
    }
    done = subprocess.run(
        [AVOIR, "audit", "verify", "--tenant", TENANT, "--json"],
        env={**environment((), "en"), **settings},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def test_a_chain_over_a_kill(short_folder: Path) -> None:
    """What the demo recorded is sealed while the gateway serves; killed and started again, it
    seals on; and when one byte of a record is changed in the database, that is named."""
    gateway = Gateway(short_folder / "audit", "--demo")

    def is_sealed() -> bool:
        code, said = verified(gateway)
        assert code == 0, said
        return bool(said["records"]) and said["waiting"] == 0

    with gateway:
        until(is_sealed, "what the demo recorded is sealed")
        before = verified(gateway)[1]
        gateway.kill()
        # the store is started by the command where no gateway runs it
        assert verified(gateway) == (0, before)
        gateway.start()
        with MongoClient[dict[str, Any]](gateway.store) as client:
            journal = client[gateway.database]["journal"]
            found = journal.find_one({"tenant": TENANT})
            assert found is not None
            revised = {"$set": {"revision": Int64(found["revision"] + 1)}}
            journal.update_one({"_id": found["_id"]}, revised)
        code, said = verified(gateway)
        assert code == 1
        (finding,) = said["findings"]
        assert (finding["kind"], finding["record"]) == ("record_changed", str(found["_id"]))
        assert (finding["case"], finding["fields"]) == (found["case"], ["revision"])
