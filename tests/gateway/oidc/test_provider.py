"""Tokens of a real provider: whom they name, when they open nothing, and its keys over time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from joserfc.jwk import RSAKey

from avoir.lifecycles import PARTIES, Role
from avoir_gateway.oidc import (
    AGAIN_SECONDS,
    KEPT_SECONDS,
    LONGEST,
    RENEW_SECONDS,
    IssuerUnavailable,
)
from tests.gateway.oidc.conftest import STAFF, Reader, reading
from tests.gateway.oidc.forging import claims_of, signed, unsigned
from tests.gateway.oidc.provider import Provider, free_port


async def test_who_has_logged_in_is_known(provider: Provider, reader: Reader) -> None:
    """A token of the provider names tenant, actor, role and name; the actor is none of ours."""
    who = await reader.issuer.identify(provider.token("anna@example.org", STAFF))
    assert who is not None
    assert (who.tenant, who.id) == ("t-en", "oidc:anna@example.org")
    assert (who.role, who.name, who.party) == (Role.OPERATOR, "Anna Roy", None)
    assert who.scopes == frozenset()


async def test_a_credential_names_the_token(provider: Provider, reader: Reader) -> None:
    """Records call a token by its own id; one without by a digest, which opens nothing."""
    named = await reader.issuer.identify(provider.token("jon", {**STAFF, "jti": "T-1"}))
    assert named is not None
    assert named.credential == "oidc:T-1"
    text = provider.token("ann", STAFF)
    other = await reader.issuer.identify(text)
    assert other is not None
    assert other.credential.startswith("oidc:")
    assert other.credential.removeprefix("oidc:") not in text
    assert await reader.issuer.identify(other.credential) is None


@pytest.mark.parametrize("role", sorted(PARTIES))
async def test_a_party_comes_for_itself(provider: Provider, reader: Reader, role: Role) -> None:
    """One who acts for a party has it in his token."""
    claims = {**STAFF, "avoir_role": role.value, "avoir_party": f"{role.value}:P-1"}
    who = await reader.issuer.identify(provider.token("party", claims))
    assert who is not None
    assert (who.role, who.party) == (role, f"{role.value}:P-1")


@pytest.mark.parametrize(
    ("named", "wanted", "role"),
    [
        ("auditor", None, "auditor"),
        ("auditor", "auditor", "auditor"),
        ("auditor", "operator", None),
        (["offline_access", "reviewer", "operator"], None, "reviewer"),
        (["offline_access", "reviewer", "operator"], "operator", "operator"),
        (["reviewer", "operator"], "manager", None),
        (["reviewer"], "offline_access", None),
        (["reviewer"], "", None),
        (["offline_access"], None, None),
        ("Operator", None, None),
        ([], None, None),
        ("system", None, None),
        (["system", "operator"], None, "operator"),
        (["system", "operator"], "system", None),
        ("administrator", None, None),
        (["administrator", "operator"], None, "operator"),
        (["administrator", "operator"], "administrator", None),
        ("reviewer operator", None, None),
    ],
)
async def test_one_of_several_roles(
    provider: Provider, reader: Reader, named: object, wanted: str | None, role: str | None
) -> None:
    """The role is the one asked for, or the first of ours; system and administrator never are."""
    text = provider.token("many", {**STAFF, "avoir_role": named})
    who = await reader.issuer.identify(text, wanted)
    assert (who and who.role.value) == role


@pytest.mark.parametrize(("role", "comes"), [("administrator", True), ("operator", False)])
async def test_administrators_are_of_the_platform(
    provider: Provider, reader: Reader, role: str, comes: bool
) -> None:
    """The platform has administrators, and nobody else."""
    claims = {**STAFF, "avoir_tenant": "platform", "avoir_role": role}
    assert (await reader.issuer.identify(provider.token("root", claims)) is not None) is comes


@pytest.mark.parametrize(
    "changes",
    [
        {"avoir_tenant": None},
        {"avoir_tenant": ""},
        {"avoir_tenant": 5},
        {"avoir_tenant": ["t-en"]},
        {"avoir_tenant": {"$ne": None}},
        {"avoir_tenant": "t-en\n"},
        {"avoir_tenant": "t" * 256},
        {"avoir_role": None},
        {"avoir_role": 5},
        {"avoir_role": {"operator": True}},
        {"avoir_role": ["operator", 5]},
        {"avoir_role": [["operator"]]},
        {"avoir_role": "professional"},
        {"avoir_role": "professional", "avoir_party": None},
        {"avoir_role": "professional", "avoir_party": ""},
        {"avoir_role": "professional", "avoir_party": "P-1"},
        {"avoir_role": "professional", "avoir_party": "professional:"},
        {"avoir_role": "professional", "avoir_party": "professional: P-1"},
        {"avoir_role": "professional", "avoir_party": "professional:P-1:balance"},
        {"avoir_role": "professional", "avoir_party": "professional:P-1@cronoshare"},
        {"avoir_role": "professional", "avoir_party": "client:C-1"},
        {"avoir_role": "professional", "avoir_party": ["professional:P-1"]},
        {"avoir_role": "operator", "avoir_party": "operator:O-1"},
        {"avoir_role": "operator", "avoir_party": "professional:P-1"},
        {"avoir_role": "operator", "avoir_party": ""},
        {"name": 5},
        {"name": ["Anna"]},
        {"jti": 5},
        {"nbf": "yesterday"},
        {"nbf": True},
        {"exp": "tomorrow"},
        {"exp": None},
        {"iat": "now"},
        {"aud": 5},
        {"iss": 5},
    ],
    ids=str,
)
async def test_claims_that_are_not_right(
    provider: Provider, reader: Reader, changes: dict[str, object]
) -> None:
    """A claim that is lacking, of another type, or at odds with another opens nothing."""
    text = provider.token("odd", {**STAFF, **changes})
    assert await reader.issuer.identify(text) is None


@pytest.mark.parametrize("subject", ["a\nb", "a\x1b[31m", "\u202eanna", "a" * 256, " anna"])
async def test_a_subject_stands_in_a_line_of_the_log(
    provider: Provider, reader: Reader, subject: str
) -> None:
    """A subject that would spoil a line of the log is nobody."""
    assert await reader.issuer.identify(provider.token(subject, STAFF)) is None


@pytest.mark.parametrize(
    ("name", "read"),
    [
        (None, "nn"),
        ("", "nn"),
        ("Zoé\u00a0Roy", "Zoé Roy"),
        ("a\u202eb\n", "a b"),
        ("é" * 300, "é" * 255),
    ],
)
async def test_a_name_is_what_can_be_shown(
    provider: Provider, reader: Reader, name: str | None, read: str
) -> None:
    """A name is shown to people: without what cannot be seen, and the subject where it is empty."""
    who = await reader.issuer.identify(provider.token("nn", {**STAFF, "name": name}))
    assert who is not None
    assert who.name == read


async def test_claims_have_the_names_of_the_settings(provider: Provider) -> None:
    """Claims may have any name: one with dots, or a path into objects, as issuers have them."""
    claims = {
        "https://avoir.example/tenant": "t-en",
        "realm_access": {"roles": ["offline_access", "client"]},
        "for": {"party": "client:C-1"},
        "given": "Anna",
    }
    named = {
        "tenant_claim": "https://avoir.example/tenant",
        "role_claim": "realm_access.roles",
        "party_claim": "for.party",
        "name_claim": "given",
    }
    async with reading(provider.issuer, **named) as reader:
        who = await reader.issuer.identify(provider.token("kc", claims))
        assert who is not None
        assert (who.tenant, who.role, who.party) == ("t-en", Role.CLIENT, "client:C-1")
        assert who.name == "Anna"
        assert await reader.issuer.identify(provider.token("kc", STAFF)) is None


async def test_whom_a_token_is_for(provider: Provider, reader: Reader) -> None:
    """A token for another client of the same issuer opens nothing; either of our names does."""
    for audience, comes in (("avoir", 1), ("https://avoir.example", 1), ("shop", 0), ("avoi", 0)):
        text = provider.token("anna", STAFF, audience=audience)
        assert (await reader.issuer.identify(text) is not None) == comes


async def test_another_issuer_with_the_same_keys(provider: Provider, reader: Reader) -> None:
    """A token in the name of another issuer opens nothing, though the very same keys signed it."""
    text = provider.token("anna", STAFF, host="localhost")
    assert await reader.issuer.identify(text) is None


@pytest.mark.parametrize(
    ("off", "comes"),
    [
        (timedelta(hours=1, seconds=25), True),
        (timedelta(hours=1, seconds=35), False),
        (timedelta(days=365), False),
        (-timedelta(seconds=25), True),
        (-timedelta(seconds=35), False),
    ],
    ids=str,
)
async def test_the_time_of_a_token(
    provider: Provider, reader: Reader, off: timedelta, comes: bool
) -> None:
    """A token is good for its hour by the gateway's clock, give or take thirty seconds."""
    text = provider.token("anna", STAFF)
    reader.times.off = off
    assert (await reader.issuer.identify(text) is not None) is comes


async def test_a_token_expires_after_it_was_taken(provider: Provider, reader: Reader) -> None:
    """A token that was taken before is not taken after its time."""
    text = provider.token("anna", STAFF)
    assert await reader.issuer.identify(text) is not None
    reader.times.off = timedelta(hours=2)
    assert await reader.issuer.identify(text) is None


@pytest.mark.parametrize(("seconds", "comes"), [(20, True), (60, False)])
async def test_a_token_for_later(
    provider: Provider, reader: Reader, seconds: int, comes: bool
) -> None:
    """A token is not good before the moment it names."""
    text = provider.token("anna", {**STAFF, "nbf": int(time.time()) + seconds})
    assert (await reader.issuer.identify(text) is not None) is comes


async def test_a_token_that_is_too_long(provider: Provider, reader: Reader) -> None:
    """A token of more than 8 KB opens nothing, though the issuer signed it."""
    for size, comes in ((4_000, True), (7_000, False)):
        text = provider.token("long", {**STAFF, "pad": "x" * size})
        assert (len(text) <= LONGEST) is comes
        assert (await reader.issuer.identify(text) is not None) is comes


async def test_keys_are_asked_for_once(provider: Provider, reader: Reader) -> None:
    """However many come at once, and however often, the issuer is asked for its keys once."""
    asked = provider.asked_for_keys()
    texts = [provider.token(f"p{number}", STAFF) for number in range(5)]
    for _ in range(3):
        found = await asyncio.gather(*map(reader.issuer.identify, texts * 4))
        assert all(found)
    assert provider.asked_for_keys() == asked + 1


async def test_hostile_tokens_do_not_make_us_hammer_the_issuer(
    provider: Provider, reader: Reader, forger: RSAKey
) -> None:
    """Tokens under keys that nobody knows make us ask at most once in a few seconds."""
    good = provider.token("anna", STAFF)
    assert await reader.issuer.identify(good) is not None
    asked = provider.asked_for_keys()
    claims = claims_of(provider.issuer)
    for round in range(3):
        reader.times.ticks += AGAIN_SECONDS
        for number in range(10):
            text = signed(forger, claims, kid=f"k-{round}-{number}")
            assert await reader.issuer.identify(text) is None
            assert await reader.issuer.identify(signed(forger, claims)) is None
            assert await reader.issuer.identify(good) is not None
        assert provider.asked_for_keys() == asked + round + 1


async def test_garbage_asks_the_issuer_nothing(provider: Provider, reader: Reader) -> None:
    """What cannot be a token is refused before the issuer is asked for anything."""
    asked = provider.asked_for_keys()
    claims = claims_of(provider.issuer)
    texts = ["", "..", "a.b.c", "é.b.c", "x" * 9_000, unsigned({"alg": "none"}, claims)]
    for text in (*texts, provider.token("anna", STAFF).replace(".", "")):
        assert await reader.issuer.identify(text) is None
    assert provider.asked_for_keys() == asked


class TestOneThatStops:
    """A provider of one's own, to be stopped and started."""

    @pytest.fixture
    def own(self, tmp_path: Path) -> Provider:
        return Provider(tmp_path)

    @pytest.fixture
    async def reader(self, own: Provider) -> AsyncIterator[Reader]:
        async with reading(own.issuer) as made:
            yield made

    async def test_keys_change(self, own: Provider, reader: Reader) -> None:
        """A token under new keys is taken at once; those under keys that were withdrawn no more."""
        with own:
            before = own.token("anna", STAFF)
            assert await reader.issuer.identify(before) is not None
            own.restart()
            after = own.token("anna", STAFF)
            assert await reader.issuer.identify(before) is not None
            reader.times.ticks += AGAIN_SECONDS
            assert await reader.issuer.identify(after) is not None
            assert await reader.issuer.identify(before) is None

    async def test_withdrawn_keys_are_dropped_in_time(self, own: Provider, reader: Reader) -> None:
        """Keys that are no longer published open nothing once ours are old enough to be renewed."""
        with own:
            before = own.token("anna", STAFF)
            assert await reader.issuer.identify(before) is not None
            own.restart()
            reader.times.ticks += RENEW_SECONDS - 1
            assert await reader.issuer.identify(before) is not None
            reader.times.ticks += 1
            assert await reader.issuer.identify(before) is None

    async def test_an_issuer_that_is_away(self, own: Provider, reader: Reader) -> None:
        """Known keys serve for an hour while the issuer is away; without keys nobody is known."""
        with own:
            text = own.token("anna", STAFF)
            assert await reader.issuer.identify(text) is not None
        reader.times.ticks += RENEW_SECONDS + AGAIN_SECONDS
        assert await reader.issuer.identify(text) is not None
        reader.times.ticks = KEPT_SECONDS - 1
        assert await reader.issuer.identify(text) is not None
        reader.times.ticks += 1
        with pytest.raises(IssuerUnavailable):
            await reader.issuer.identify(text)

    async def test_an_issuer_that_comes_later(self, own: Provider, reader: Reader) -> None:
        """A gateway may start before its issuer: the first token after that is taken."""
        with own:
            text = own.token("anna", STAFF)
            keys = own.keys()
        with pytest.raises(IssuerUnavailable):
            await reader.issuer.identify(text)
        with own:
            text = own.token("anna", STAFF)
            assert own.keys() != keys
            with pytest.raises(IssuerUnavailable):
                await reader.issuer.identify(text)
            reader.times.ticks += AGAIN_SECONDS
            assert await reader.issuer.identify(text) is not None

    async def test_another_name_of_the_issuer(self, own: Provider) -> None:
        """Discovery must speak of the very issuer that was configured, to the last slash."""
        with own:
            text = own.token("anna", STAFF)
            async with reading(own.issuer + "/") as reader:
                with pytest.raises(IssuerUnavailable):
                    await reader.issuer.identify(text)

    async def test_nobody_listens(self, provider: Provider) -> None:
        """Where nobody listens, the issuer is not there; garbage is still garbage."""
        async with reading(f"http://127.0.0.1:{free_port()}") as reader:
            assert await reader.issuer.identify("a.b.c") is None
            with pytest.raises(IssuerUnavailable):
                await reader.issuer.identify(provider.token("anna", STAFF))
