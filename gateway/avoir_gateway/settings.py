"""The settings: environment variables ``AVOIR_*``, read once into one typed object."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args, get_type_hints

import msgspec
from msgspec import Meta, field

from avoir.messages import N_, Message

if TYPE_CHECKING:
    from avoir_gateway.limits import Limits
    from avoir_gateway.oidc import Expected

PREFIX: Final = "AVOIR_"
OTHERS: Final = frozenset({"AVOIR_LANG"})
"""Variables of the prefix that are not the gateway's: the language of the command line."""

HOST: Final = r"^(\*|(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?|\[[0-9A-Fa-f:.]+\])$"

ISSUER: Final = r"^(https://[^\s/?#@\\]+|http://(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?)(/[^\s?#\\]*)?$"
"""The address of an issuer of tokens: without TLS on this machine only."""
CLAIM: Final = r"^[!-~]{1,200}$"


class Explorer(StrEnum):
    """Whether the explorer is served: always, never, or with the demonstration only."""

    ON = "on"
    OFF = "off"
    DEMO = "demo"


class LogLevel(StrEnum):
    """From which level on the log is written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Algorithm(StrEnum):
    """How a token of an issuer may be signed: with a key of which only the public half is told."""

    RS256 = "RS256"
    RS384 = "RS384"
    RS512 = "RS512"
    PS256 = "PS256"
    PS384 = "PS384"
    PS512 = "PS512"
    ES256 = "ES256"
    ES384 = "ES384"
    ES512 = "ES512"


def data_folder() -> Path:
    """Where the data of this user lies."""
    from platformdirs import user_data_path

    return user_data_path("avoir", appauthor=False)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What is in force. Each field is an environment variable: ``port`` is ``AVOIR_PORT``."""

    mongodb_uri: Annotated[
        Annotated[str, Meta(pattern=r"^mongodb(\+srv)?://.")] | None,
        Meta(description=N_("the store’s address; without it, a local store is run")),
    ] = None
    database: Annotated[
        str,
        Meta(pattern=r"^[A-Za-z0-9_-]{1,38}$", description=N_("the name of the database")),
    ] = "avoir"
    data: Annotated[Path, Meta(description=N_("the folder of the local store"))] = field(
        default_factory=data_folder
    )
    host: Annotated[
        str, Meta(pattern=r"^[^\s/]{1,255}$", description=N_("the address to listen on"))
    ] = "127.0.0.1"
    port: Annotated[
        int, Meta(ge=0, le=65_535, description=N_("the port to listen on; 0 takes a free one"))
    ] = 8_000
    allowed_hosts: Annotated[
        tuple[Annotated[str, Meta(pattern=HOST)], ...],
        Meta(description=N_("names this gateway is called by, beside those of this machine")),
    ] = ()
    explorer: Annotated[Explorer, Meta(description=N_("whether the explorer is served"))] = (
        Explorer.DEMO
    )
    deadline: Annotated[
        float, Meta(ge=0.1, le=600, description=N_("seconds within which a request is answered"))
    ] = 30.0
    max_body: Annotated[
        int, Meta(ge=1_024, le=16_777_216, description=N_("bytes of a request’s body"))
    ] = 1_048_576
    max_tokens: Annotated[int, Meta(ge=10, le=20_000, description=N_("tokens of a query"))] = 1_000
    max_depth: Annotated[int, Meta(ge=1, le=100, description=N_("levels of a query"))] = 16
    max_aliases: Annotated[
        int, Meta(ge=0, le=1_000, description=N_("aliases and repeated fields of a query"))
    ] = 30
    max_root_fields: Annotated[
        int, Meta(ge=1, le=1_000, description=N_("fields on the first level of a query"))
    ] = 20
    max_directives: Annotated[
        int, Meta(ge=0, le=1_000, description=N_("directives of a query"))
    ] = 50
    max_fields: Annotated[
        int, Meta(ge=10, le=20_000, description=N_("fields of a query, its fragments expanded"))
    ] = 1_000
    max_cost: Annotated[
        int, Meta(ge=10, le=1_000_000, description=N_("objects that a query may ask for"))
    ] = 10_000
    oidc_issuer: Annotated[
        Annotated[str, Meta(pattern=ISSUER, max_length=500)] | None,
        Meta(description=N_("the OpenID Connect issuer whose tokens are taken beside our own")),
    ] = None
    oidc_audience: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^[!-~]{1,500}$")], ...],
        Meta(
            description=N_("whom the issuer’s tokens are for: this gateway, as the issuer names it")
        ),
    ] = ()
    oidc_algorithms: Annotated[
        tuple[Algorithm, ...],
        Meta(min_length=1, description=N_("how the issuer’s tokens may be signed")),
    ] = (Algorithm.RS256, Algorithm.ES256)
    oidc_tenant_claim: Annotated[
        str, Meta(pattern=CLAIM, description=N_("the claim that names the tenant"))
    ] = "avoir_tenant"
    oidc_role_claim: Annotated[
        str, Meta(pattern=CLAIM, description=N_("the claim that names the role, or several"))
    ] = "avoir_role"
    oidc_party_claim: Annotated[
        str,
        Meta(pattern=CLAIM, description=N_("the claim that names the party, such as client:C-1")),
    ] = "avoir_party"
    oidc_name_claim: Annotated[
        str, Meta(pattern=CLAIM, description=N_("the claim that has the person’s name"))
    ] = "name"
    log_level: Annotated[
        LogLevel, Meta(description=N_("from which level on the log is written"))
    ] = LogLevel.INFO

    def __repr__(self) -> str:
        # A struct shows its fields, and the store's address may hold a password.
        rows = (f"{row.variable}={row.value!r}" for row in shown(self, {}))
        return f"Settings({', '.join(rows)})"

    @property
    def limits(self) -> Limits:
        """The limits of a query."""
        from avoir_gateway.limits import Limits

        return Limits(
            tokens=self.max_tokens,
            depth=self.max_depth,
            aliases=self.max_aliases,
            root_fields=self.max_root_fields,
            directives=self.max_directives,
            fields=self.max_fields,
            cost=self.max_cost,
        )

    @property
    def expected(self) -> Expected | None:
        """What is expected of an issuer’s tokens; None where there is no issuer."""
        if self.oidc_issuer is None:
            return None
        from avoir_gateway.oidc import Expected

        return Expected(
            issuer=self.oidc_issuer,
            audience=self.oidc_audience,
            algorithms=self.oidc_algorithms,
            tenant_claim=self.oidc_tenant_claim,
            role_claim=self.oidc_role_claim,
            party_claim=self.oidc_party_claim,
            name_claim=self.oidc_name_claim,
        )

    def for_demonstration(self) -> Settings:
        """The same with data of their own, and with the explorer unless it is off."""
        return msgspec.structs.replace(
            self,
            data=self.data / "demo",
            database=f"{self.database}_demo",
            explorer=Explorer.OFF if self.explorer is Explorer.OFF else Explorer.ON,
        )


class SettingsError(Exception):
    """A variable that cannot be; ``message`` names it and says what to give."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.text.format_map(message.values))


UNKNOWN = N_("{variable} is no setting: “avoir settings” lists them.")
UNKNOWN_NEAR = N_("{variable} is no setting: did you mean {near}?")
ONE_OF = N_("{variable} is “{value}”: give one of {choices}.")
SOME_OF = N_("{variable} is “{value}”: give some of {choices}, with commas between them.")
NEEDED = N_(
    "{variable} is needed with {other}: without it, whatever the issuer signs for anybody would "
    "open the gateway."
)
WHOLE = N_("{variable} is “{value}”: give a whole number from {least} to {most}.")
NUMBER = N_("{variable} is “{value}”: give a number from {least} to {most}.")
SPELLED = {
    "mongodb_uri": N_(
        "{variable} is no address of a store: give one that begins with mongodb:// or "
        "mongodb+srv://."
    ),
    "database": N_(
        "{variable} is “{value}”: give a name of at most 38 letters, digits, dashes and "
        "underscores."
    ),
    "host": N_("{variable} is “{value}”: give a name or an address to listen on."),
    "allowed_hosts": N_(
        "{variable} is “{value}”: give names without scheme and port, with commas between them."
    ),
    "oidc_issuer": N_(
        "{variable} is no address of an issuer: give one that begins with https://, or with "
        "http:// on this machine, without user, query and fragment."
    ),
    "oidc_audience": N_(
        "{variable} is “{value}”: give names without spaces, with commas between them."
    ),
}
CLAIM_NAME = N_("{variable} is “{value}”: give the name of a claim, without spaces.")
LISTS: Final = frozenset({"allowed_hosts", "oidc_audience", "oidc_algorithms"})
HELD_BACK: Final = frozenset({"mongodb_uri", "oidc_issuer"})
"""What was meant for these may hold a password."""


def variable(name: str) -> str:
    """The environment variable of a field."""
    return PREFIX + name.upper()


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings of an environment; an empty variable counts as unset. Raises
    ``SettingsError``."""
    kinds = get_type_hints(Settings, include_extras=True)
    names = {variable(name): name for name in kinds}
    given = {name: text for name, text in environment.items() if name.startswith(PREFIX)}
    for unknown in sorted(given.keys() - names.keys() - OTHERS):
        near = difflib.get_close_matches(unknown, names, 1, 0.8)
        values = {"variable": unknown[:60], "near": near[0] if near else ""}
        raise SettingsError(Message(UNKNOWN_NEAR if near else UNKNOWN, values=values))
    read: dict[str, Any] = {
        names[key]: _value(names[key], text, kinds[names[key]])
        for key, text in given.items()
        if text.strip() and key in names
    }
    settings = Settings(**read)
    if settings.oidc_issuer is not None and not settings.oidc_audience:
        values = {"variable": variable("oidc_audience"), "other": variable("oidc_issuer")}
        raise SettingsError(Message(NEEDED, values=values))
    return settings


def _value(name: str, text: str, kind: Any) -> object:
    raw: object = text.strip()
    if name in LISTS:
        raw = [part.strip() for part in text.split(",") if part.strip()]
    try:
        return msgspec.convert(raw, kind, strict=False, dec_hook=_folder)
    except msgspec.ValidationError:
        raise SettingsError(_complaint(name, text, kind)) from None


def _folder(kind: type, value: object) -> Path:
    return Path(str(value)).expanduser()


def _complaint(name: str, text: str, kind: Any) -> Message:
    plain, meta = get_args(kind)
    values = {"variable": variable(name), "value": "" if name in HELD_BACK else text[:60]}
    if name in SPELLED:
        return Message(SPELLED[name], values=values)
    if name.endswith("_claim"):
        return Message(CLAIM_NAME, values=values)
    if plain == tuple[Algorithm, ...]:
        return Message(SOME_OF, values={**values, "choices": ", ".join(Algorithm)})
    if isinstance(plain, type) and issubclass(plain, Enum):
        choices = tuple(str(choice.value) for choice in plain)
        return Message(ONE_OF, values={**values, "choices": choices})
    bounds = {"least": Decimal(str(meta.ge)), "most": Decimal(str(meta.le))}
    return Message(WHOLE if plain is int else NUMBER, values={**values, **bounds})


class Shown(msgspec.Struct, frozen=True):
    """One setting as it may be shown: its variable, its value, whether it was set, and what it
    is."""

    variable: str
    value: str
    is_set: bool
    about: str


def shown(settings: Settings, environment: Mapping[str, str]) -> list[Shown]:
    """All settings, without secrets."""
    kinds = get_type_hints(Settings, include_extras=True)
    rows = []
    for name, kind in kinds.items():
        value = getattr(settings, name)
        if isinstance(value, tuple):
            value = ",".join(value)
        text = "" if value is None else masked(str(value))
        is_set = bool(environment.get(variable(name), "").strip())
        rows.append(Shown(variable(name), text, is_set, get_args(kind)[1].description))
    return rows


HIDDEN: Final = "***"
_SECRET_OPTION: Final = re.compile(
    r"([?&;][^=&;]*(?:password|secret|token|properties)[^=&;]*=)[^&;]*", re.IGNORECASE
)


def masked(text: str) -> str:
    """An address without the password and the secret options in it; other texts as they are."""
    scheme, separator, rest = text.partition("://")
    if not separator or not scheme.startswith("mongodb"):
        return text
    # An unescaped slash or @ in a password is the user's mistake, and no reason to show it.
    user, at, hosts = rest.rpartition("@")
    if at:
        name, colon, _ = user.partition(":")
        rest = f"{name}{colon and f':{HIDDEN}'}@{hosts}"
    return f"{scheme}://" + _SECRET_OPTION.sub(rf"\g<1>{HIDDEN}", rest)
