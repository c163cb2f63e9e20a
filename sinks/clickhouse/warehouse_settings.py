"""Where the warehouse is: plain values, read from one URL, the password kept out of every repr and log."""

import re
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, quote, unquote, urlsplit

PORT, SECURE_PORT = 9000, 9440
EXAMPLE = "clickhouse://user:password@localhost:9000/prescribers?secure=false"
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FLAGS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


class WarehouseUrlError(ValueError):
    """The URL cannot be used. The message names the part that is wrong and never quotes a password."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"{problem}; an example: {EXAMPLE}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseSettings:
    """Address, identity and patience. Times in seconds; `cluster` names the ClickHouse cluster, "" for a single node."""

    host: str = "localhost"
    port: int = PORT
    database: str = "prescribers"
    user: str = "default"
    password: str = field(default="", repr=False)
    secure: bool = False
    verify: bool = True
    ca_file: str = ""
    cluster: str = ""
    connect_timeout: float = 5.0
    send_receive_timeout: float = 60.0

    @property
    def address(self) -> str:
        """Host and port, for messages."""
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL with its password masked, for `config` and logs."""
        secret = ":***" if self.password else ""
        scheme = "clickhouses" if self.secure else "clickhouse"
        return f"{scheme}://{quote(self.user, safe='')}{secret}@{self.address}/{self.database}"


def parse_warehouse_url(url: str, *, password: str | None = None) -> WarehouseSettings:
    """Settings from `clickhouse://user:password@host:port/database?secure=true&verify=…&ca_file=…&cluster=…`.

    `password`, from a secret of its own, wins over the URL's. Raises `WarehouseUrlError`.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"clickhouse", "clickhouses"}:
        raise WarehouseUrlError(f"the scheme is {parts.scheme!r}, not clickhouse or clickhouses")
    if not parts.hostname:
        raise WarehouseUrlError("the URL names no host")
    options = _options(parts.query)
    secure = _flag(options, "secure", default=parts.scheme == "clickhouses")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    settings = WarehouseSettings(
        host=host.strip("[]"),
        port=_port(url, default=SECURE_PORT if secure else PORT),
        database=_identifier("database", unquote(parts.path.strip("/")) or "prescribers"),
        user=unquote(parts.username or "default"),
        password=unquote(parts.password or ""),
        secure=secure,
        verify=_flag(options, "verify", default=True),
        ca_file=options.get("ca_file", ""),
        cluster=_identifier("cluster", options["cluster"]) if options.get("cluster") else "",
    )
    return settings if password is None else replace(settings, password=password)


def _options(query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    unknown = sorted(options.keys() - {"secure", "verify", "ca_file", "cluster"})
    if unknown:
        raise WarehouseUrlError(f"unknown option {unknown[0]!r}: secure, verify, ca_file and cluster are known")
    return options


def _flag(options: dict[str, str], name: str, *, default: bool) -> bool:
    if name not in options:
        return default
    if options[name].lower() not in _FLAGS:
        raise WarehouseUrlError(f"{name} must be true or false")
    return _FLAGS[options[name].lower()]


def _port(url: str, *, default: int) -> int:
    try:
        return urlsplit(url).port or default
    except ValueError:
        raise WarehouseUrlError("the port is not a number between 1 and 65535") from None


def _identifier(what: str, name: str) -> str:
    """Names that go into DDL unquoted: letters, digits and underscores only."""
    if not _IDENTIFIER.fullmatch(name):
        raise WarehouseUrlError(f"the {what} may hold letters, digits and _ only")
    return name
