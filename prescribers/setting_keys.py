"""Every setting there is: its name, kind, default, an example, and what it is for. `*` stands for a theme's or list's name."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from graph.score_version import split_scores

ValueKind = Literal["text", "texts", "scores", "whole", "share", "flag", "duration", "choice"]
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """One setting. `example` is written as in the environment; `choices` are the only texts allowed."""

    name: str
    kind: ValueKind
    default: object
    example: str
    meaning: str
    secret: bool = False
    choices: tuple[str, ...] = ()
    least: int = 1

    @property
    def path(self) -> Path:
        """The name in parts."""
        return tuple(self.name.split("."))

    def in_toml(self) -> str:
        """The example as a line of `prescribers.toml`."""
        if self.kind in {"texts", "scores"}:
            parts = self.example.split(",") if self.kind == "texts" else split_scores(self.example)
            value = "[" + ", ".join(f'"{part}"' for part in parts) + "]"
        else:
            value = self.example if self.kind in {"whole", "share", "flag"} else f'"{self.example}"'
        *table, last = self.path
        return f"[{'.'.join(table)}] {last} = {value}" if table else f"{last} = {value}"


def key_of(path: Path) -> Key | None:
    """The key that a path in parts names, or None."""
    return next((key for key in KEYS if _matches(key.path, path)), None)


def nearest_key(path: Path) -> Key:
    """The known key most like an unknown one: what was probably meant."""
    written = ".".join(path)
    names = {".".join(_filled(key.path, path)): key for key in KEYS}
    found = difflib.get_close_matches(written, names, n=1, cutoff=0.0)
    return names[found[0]]


def is_table(path: Path) -> bool:
    """Whether keys live below this path."""
    return any(len(key.path) > len(path) and _matches(key.path[: len(path)], path) for key in KEYS)


def _matches(pattern: Sequence[str], path: Sequence[str]) -> bool:
    return len(pattern) == len(path) and all(part in {"*", name} for part, name in zip(pattern, path, strict=True))


def _filled(pattern: Path, path: Path) -> Path:
    return tuple(path[i] if part == "*" and i < len(path) else part for i, part in enumerate(pattern))


PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
CLICKHOUSE = "clickhouse://localhost:9000/prescribers"
KEYS = (
    Key("data_dir", "text", ".prescribers", "/var/lib/prescribers", "where the local stack and the feeds' progress are kept"),
    Key(
        "state_dir",
        "text",
        "",
        "/var/lib/prescribers/state",
        "snapshots of rank; default: state in data_dir; not used on the local stack",
    ),
    Key(
        "snapshot_url",
        "text",
        "",
        "s3://bucket/prescribers",
        "snapshots of rank elsewhere: any fsspec URL; not used on the local stack",
    ),
    Key("kafka.brokers", "texts", (), "kafka-1:9092,kafka-2:9092", "where Kafka is; not set: the local stack"),
    Key("kafka.security_protocol", "choice", "PLAINTEXT", "SASL_SSL", "how to speak to Kafka", choices=PROTOCOLS),
    Key("kafka.sasl_mechanism", "choice", "PLAIN", "SCRAM-SHA-512", "how to prove who we are", choices=MECHANISMS),
    Key("kafka.sasl_username", "text", "", "prescribers", "who we are"),
    Key("kafka.sasl_password", "text", "", "change-me", "environment or *_FILE only", secret=True),
    Key("kafka.ca_file", "text", "", "/etc/ssl/kafka-ca.pem", "the authority that signed the brokers' certificates"),
    Key("kafka.mentions", "text", "mentions", "mentions", "topic of the raw input"),
    Key("kafka.interactions", "text", "interactions", "interactions", "topic of the normalised events"),
    Key("kafka.rankings", "text", "rankings", "rankings", "topic of the runs"),
    Key("kafka.dead", "text", "mentions.dead", "mentions.dead", "topic of the dead letters"),
    Key("kafka.controls", "text", "controls", "controls", "topic of objections and erasures"),
    Key("kafka.mentions_partitions", "whole", 6, "6", "partitions of mentions"),
    Key(
        "kafka.interactions_partitions",
        "whole",
        6,
        "6",
        "partitions of interactions: they fix where a theme lives, never change it",
    ),
    Key("kafka.rankings_partitions", "whole", 6, "6", "partitions of rankings"),
    Key("kafka.replication_factor", "whole", 1, "3", "copies of each partition"),
    Key("kafka.group_prefix", "text", "prescribers", "prescribers", "start of the consumer groups' names"),
    Key("clickhouse.url", "text", "", CLICKHOUSE, "where ClickHouse is; not set: the local stack"),
    Key("clickhouse.password", "text", "", "change-me", "environment or *_FILE only", secret=True),
    Key("worker.host", "text", "127.0.0.1", "10.0.0.7", "address of /livez, /readyz and /metrics"),
    Key("worker.normalise_port", "whole", 6066, "6066", "port of normalise; 0: none", least=0),
    Key("worker.rank_port", "whole", 6067, "6067", "port of rank; 0: none", least=0),
    Key("worker.store_port", "whole", 6068, "6068", "port of store; 0: none", least=0),
    Key(
        "worker.instance",
        "text",
        "",
        "host-1",
        "lasting name of this worker, one of its own each: a restart within 10 s keeps its partitions",
    ),
    Key("worker.checkpoint", "duration", 5_000, "5s", "time between snapshots of rank"),
    Key("worker.ahead_bytes", "whole", 0, "2097152", "how far an app may outrun its reader, a partition; 0: any", least=0),
    Key("worker.brake_share", "share", 0.01, "0.01", "share of dead letters in a partition that stops normalise; 0: none does"),
    Key(
        "worker.brake_window",
        "whole",
        10_000,
        "10000",
        "the last so many records of a partition, of which brake_share is a share",
    ),
    Key("worker.brake_run", "whole", 100, "100", "dead letters in a row in a partition that stop normalise; 0: none", least=0),
    Key("input.allow_private", "flag", default=False, example="false", meaning="whether private mentions are taken in"),
    Key("input.max_bytes", "whole", 262_144, "262144", "longest mention event, bytes"),
    Key(
        "input.hash_key", "text", "", "change-me", "key of the identity hashes, environment or *_FILE only; keep it", secret=True
    ),
    Key("themes.*.sources", "texts", (), "zulip:lean,discourse:forum.example.fr", "sources whose events belong to the theme"),
    Key("themes.*.keywords", "texts", (), "lean4,mathlib", "words and hashtags that make an event belong to it"),
    Key("themes.*.accounts", "texts", (), "mastodon:example", "accounts that make an event belong to it"),
    Key("themes.*.staff", "texts", (), "mastodon:anna", "accounts of staff: never ranked"),
    Key("themes.*.brands", "texts", (), "mastodon:brand", "accounts of the brand: never ranked"),
    Key("themes.*.competitors", "texts", (), "mastodon:rival", "accounts of competitors: never ranked"),
    Key("themes.*.window", "duration", 28 * 86_400_000, "28d", "how far back a ranking looks"),
    Key("themes.*.half_life", "duration", 10 * 86_400_000, "10d", "age at which a response counts half"),
    Key("themes.*.step", "duration", 3_600_000, "1h", "event time between rankings"),
    Key("themes.*.lateness", "duration", 600_000, "10m", "how long a ranking waits for late events"),
    Key(
        "themes.*.preset",
        "text",
        "recommend",
        "recommend",
        "the theme's own score: which acts count how much, and parameters as in shadow (recommend,tau=0.5)",
    ),
    Key(
        "themes.*.shadow",
        "scores",
        (),
        "help,recommend,tau=0.5",
        "other scores that rank the theme beside its own, at most 4, as in replay --score",
    ),
    Key("themes.*.seeds", "texts", (), "mastodon:anna", "hand-picked people whose word is credible"),
    Key("themes.*.plain", "texts", (), "mail:sales", "sources without trust: every responder counts alike"),
    Key("lists.*.theme", "text", "", "lean", "the theme that the list is about"),
    Key("lists.*.lang", "choice", "fr", "fr", "language of the list", choices=("fr", "en")),
    Key("lists.*.size", "whole", 25, "25", "how many people it names"),
    Key("lists.*.recipients", "texts", (), "marketing@example.com", "who gets it"),
)
