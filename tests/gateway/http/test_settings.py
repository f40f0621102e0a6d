"""The settings: read from the environment once, refused by name, shown without secrets."""

from pathlib import Path

import pytest

from avoir.host import Host
from avoir.readers import Reader
from avoir_gateway.settings import (
    Algorithm,
    Explorer,
    Settings,
    SettingsError,
    masked,
    read_settings,
    shown,
    variable,
)


def test_nothing_set() -> None:
    """An empty environment gives the defaults: this machine only, and a folder of the user's."""
    settings = read_settings({"PATH": "/bin", "AVOIR_LANG": "fr", "AVOIR_PORT": " "})
    assert settings == Settings()
    assert (settings.host, settings.port, settings.mongodb_uri) == ("127.0.0.1", 8_000, None)
    assert settings.data.is_absolute()
    assert settings.limits.tokens == 1_000


def test_everything_set() -> None:
    """Each field is read from its variable, as its type says."""
    settings = read_settings(
        {
            "AVOIR_MONGODB_URI": "mongodb://store.example/?replicaSet=rs0",
            "AVOIR_PORT": " 8080 ",
            "AVOIR_DATA": "~/avoir",
            "AVOIR_EXPLORER": "off",
            "AVOIR_DEADLINE": "2.5",
            "AVOIR_MAX_DEPTH": "7",
            "AVOIR_ALLOWED_HOSTS": "avoir.example, *.avoir.example,[::1]",
        }
    )
    assert settings.mongodb_uri == "mongodb://store.example/?replicaSet=rs0"
    assert settings.port == 8_080
    assert settings.data == Path.home() / "avoir"
    assert settings.explorer is Explorer.OFF
    assert settings.deadline == 2.5
    assert settings.limits.depth == 7
    assert settings.allowed_hosts == ("avoir.example", "*.avoir.example", "[::1]")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("AVOIR_PORT", "eighty", "AVOIR_PORT is “eighty”: give a whole number from 0 to 65535."),
        ("AVOIR_PORT", "70000", "from 0 to 65535"),
        ("AVOIR_PORT", "٣", "whole number"),
        ("AVOIR_PORT", "8_0", "whole number"),
        ("AVOIR_DEADLINE", "nan", "a number from 0.1 to 600"),
        ("AVOIR_DEADLINE", "inf", "a number from 0.1 to 600"),
        ("AVOIR_EXPLORER", "yes", "AVOIR_EXPLORER is “yes”: give one of"),
        ("AVOIR_LOG_LEVEL", "loud", "give one of"),
        ("AVOIR_DATABASE", "a b", "letters, digits, dashes"),
        ("AVOIR_ALLOWED_HOSTS", "a.example,http://b.example", "names without scheme"),
        ("AVOIR_MAX_BODY", "0", "from 1024 to 16777216"),
        ("AVOIR_OIDC_ISSUER", "issuer.example", "AVOIR_OIDC_ISSUER is no address of an issuer"),
        ("AVOIR_OIDC_ISSUER", "http://issuer.example", "https://"),
        ("AVOIR_OIDC_ISSUER", "http://127.0.0.1.issuer.example", "https://"),
        ("AVOIR_OIDC_ISSUER", "http://localhost@issuer.example", "https://"),
        ("AVOIR_OIDC_ISSUER", "https://issuer.example/?a=b", "without user, query and fragment"),
        ("AVOIR_OIDC_ISSUER", "https://issuer.example/#a", "without user, query and fragment"),
        ("AVOIR_OIDC_ISSUER", "file:///etc/passwd", "no address of an issuer"),
        ("AVOIR_OIDC_ISSUER", "https://issuer.example", "AVOIR_OIDC_AUDIENCE is needed"),
        ("AVOIR_OIDC_AUDIENCE", "two words", "AVOIR_OIDC_AUDIENCE is “two words”: give names"),
        ("AVOIR_OIDC_ALGORITHMS", "none", "AVOIR_OIDC_ALGORITHMS is “none”: give some of"),
        ("AVOIR_OIDC_ALGORITHMS", "RS256,HS256", "some of RS256, RS384, RS512, PS256, PS384,"),
        ("AVOIR_OIDC_ALGORITHMS", ",", "give some of"),
        ("AVOIR_OIDC_ROLE_CLAIM", "the role", "give the name of a claim"),
        ("AVOIR_PROT", "1", "AVOIR_PROT is no setting: did you mean AVOIR_PORT?"),
        ("AVOIR_XYZZY", "1", "AVOIR_XYZZY is no setting: “avoir settings” lists them."),
    ],
)
def test_a_wrong_variable_is_named(name: str, value: str, told: str) -> None:
    """A variable that is unknown, or that holds what it cannot, is named with what to give."""
    with pytest.raises(SettingsError) as refused:
        read_settings({name: value})
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_wrong_address_is_not_repeated() -> None:
    """An address of a store that cannot be may hold a password, and is not told again."""
    with pytest.raises(SettingsError, match="AVOIR_MONGODB_URI") as refused:
        read_settings({"AVOIR_MONGODB_URI": "mongo://user:hunter2@h"})
    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in repr(refused.value.message)


def test_an_issuer_with_a_password_is_not_repeated() -> None:
    """An issuer has no password; one that was given is not told again."""
    with pytest.raises(SettingsError, match="AVOIR_OIDC_ISSUER") as refused:
        read_settings({"AVOIR_OIDC_ISSUER": "https://user:hunter2@issuer.example"})
    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in repr(refused.value.message)


@pytest.mark.parametrize(
    "issuer",
    [
        "https://issuer.example",
        "https://issuer.example:8443/realms/acme/",
        "http://localhost:9400",
        "http://127.0.0.1:9400/a",
        "http://[::1]:9400",
    ],
)
def test_an_issuer(issuer: str) -> None:
    """An issuer is read as it is written, and is trusted for RS256 and ES256 unless told else."""
    environment = {"AVOIR_OIDC_ISSUER": issuer, "AVOIR_OIDC_AUDIENCE": "avoir, https://a.example"}
    expected = read_settings(environment).expected
    assert expected is not None
    assert (expected.issuer, expected.audience) == (issuer, ("avoir", "https://a.example"))
    assert expected.algorithms == (Algorithm.RS256, Algorithm.ES256)
    assert read_settings({}).expected is None
    pinned = read_settings(environment | {"AVOIR_OIDC_ALGORITHMS": "PS256"})
    assert pinned.oidc_algorithms == (Algorithm.PS256,)


def test_an_issuer_needs_an_audience() -> None:
    """Nothing is expected of an issuer whose tokens may be for anybody: it cannot be made."""
    with pytest.raises(ValueError, match="audience"):
        _ = Settings(oidc_issuer="https://issuer.example").expected


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("mongodb://u:p@h/?a=b", "mongodb://u:***@h/?a=b"),
        ("mongodb+srv://u:p@h", "mongodb+srv://u:***@h"),
        ("mongodb://u:p@w/x@h/", "mongodb://u:***@h/"),
        ("mongodb://u@h", "mongodb://u@h"),
        ("mongodb://h/?tlsCertificateKeyFilePassword=s&a=b", "mongodb://h/?tlsCertificateKeyFile"),
        ("mongodb://h/?authMechanismProperties=AWS_SESSION_TOKEN:s", "mongodb://h/?auth"),
        ("/a/folder@home:x", "/a/folder@home:x"),
    ],
)
def test_secrets_are_masked(address: str, told: str) -> None:
    """Passwords and secret options of an address are not shown; other texts are as they are."""
    assert masked(address).startswith(told)
    assert not masked(address).endswith(("=s", ":s"))
    settings = Settings(mongodb_uri=address)
    assert masked(address) in [row.value for row in shown(settings, {})]
    if masked(address) != address:
        assert address not in repr(settings)


def test_all_are_shown(host: Host) -> None:
    """Every setting is shown with its variable, its origin, and what it is in every language."""
    environment = {"AVOIR_PORT": "8080"}
    rows = shown(read_settings(environment), environment)
    assert {row.variable for row in rows} == {variable(name) for name in Settings.__struct_fields__}
    assert [row.variable for row in rows if row.is_set] == ["AVOIR_PORT"]
    assert all(row.about for row in rows)
    reader = Reader("en", "UTC", host.catalogs, "avoir_gateway")
    assert all(reader.word(row.about) for row in rows)


def test_the_demonstration_has_data_of_its_own() -> None:
    """The demonstration lies beside the data, in folder and in database, with the explorer."""
    settings = Settings(data=Path("/data"))
    demo = settings.for_demonstration()
    assert (demo.data, demo.database) == (Path("/data/demo"), "avoir_demo")
    assert demo.explorer is Explorer.ON
    off = Settings(explorer=Explorer.OFF).for_demonstration()
    assert off.explorer is Explorer.OFF
