"""The settings of a node: one TOML file, read once, whole; what is misspelt is refused."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from comity.analysis.linkage import Engine
from comity.domain import limits
from comity.domain.bureau import NodeRole
from comity.domain.country import country
from comity.domain.disclosed import ProofRules
from comity.domain.errors import Invalid, Missing
from comity.domain.ids import slug
from comity.domain.promise import Unproved
from comity.web.console.origin import host_of, is_loopback, origin_of

FILE_NAME = "comity.toml"
Port = Annotated[int, Meta(ge=1, le=65535)]
Seconds = Annotated[float, Meta(gt=0, le=86_400)]


class NodeSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who this node is. `id` is its name everywhere; `contact` is where its duty desk is reached day and night."""

    id: str
    name: str
    role: NodeRole
    country: str = ""
    contact: str = ""

    def __post_init__(self) -> None:
        slug(self.id, "name of a node")
        # In three letters, or small ones, no agreement would name it.
        if self.country and country(self.country) != self.country:
            raise Invalid(
                f"{self.country!r} is not in two letters.", where="country", do=f"Write {country(self.country)}."
            )
        if self.role is NodeRole.BUREAU and not self.country:
            raise Invalid("A bureau needs its country.", where="country", do="Give two letters, such as XA.")


class DatabaseSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where state lies: empty for SQLite in the node's folder, or a URL such as postgresql+pg8000://user@host/name."""

    url: str = ""


class IndexSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The index beside the database: empty for `index` in the node's folder; `encrypted` seals it by keys/index.key."""

    folder: str = ""
    encrypted: bool = False
    compact_hours: Annotated[float, Meta(gt=0, le=limits.INDEX_COMPACT_DAYS_MAX * 24)] = 24.0


class FederationSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The door for other nodes. `address` is how they reach it; `host` and `port` where it listens."""

    host: str = "127.0.0.1"
    port: Port = 7701
    address: str = "https://127.0.0.1:7701"


class OfficerSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The door for officers and national systems. A hub does not open it."""

    host: str = "127.0.0.1"
    port: Port = 7702


class WatchSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Health and metrics, plain HTTP: keep it on loopback or behind a proxy."""

    host: str = "127.0.0.1"
    port: Port = 7703


class ConsoleSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The console, in browsers. `address` is what people type; passkeys are bound to its host.

    Empty files: the node's own certificate. `plain` is HTTP without TLS, for a demonstration or behind the bureau's
    own proxy on the same machine; `demo_sign_in` lets anyone in as anyone.
    """

    host: str = "127.0.0.1"
    port: Port = 7704
    address: str = "https://localhost:7704"
    tls_certificate: str = ""
    tls_key: str = ""
    plain: bool = False
    demo_sign_in: bool = False
    session_hours: Annotated[float, Meta(gt=0, le=limits.SESSION_HOURS_MAX)] = limits.SESSION_HOURS_MAX
    idle_minutes: Annotated[float, Meta(gt=0, le=limits.SESSION_IDLE_MINUTES_MAX)] = limits.SESSION_IDLE_MINUTES_MAX

    def __post_init__(self) -> None:
        secure, here = self.address.startswith("https:"), is_loopback(host_of(self.address))
        if not self.address or origin_of(self.address) != self.address:
            raise Invalid(
                f"{self.address!r} is not what a browser has before the first path.",
                where="console.address",
                do="Write https://HOST or https://HOST:PORT, in small letters, without the scheme's own port.",
            )
        if bool(self.tls_certificate) != bool(self.tls_key):
            raise Invalid("A certificate and its key go together.", where="console", do="Name both files, or neither.")
        # Each of these has its case in tests/nodes/test_settings.py.
        if self.plain and not (is_loopback(self.host) and (secure or here)):
            raise Invalid(
                "Without TLS the console may be reached from this machine alone.",
                where="console.plain",
                do="Set console.host to 127.0.0.1; behind a proxy, console.address is the proxy's, with https.",
            )
        if not self.plain and not secure:
            raise Invalid("A door with TLS has https.", where="console.address", do="Write https://, or set plain.")
        if self.demo_sign_in and not (self.plain and here):
            raise Invalid(
                "Where anyone may sign in as anyone, nobody from outside may come in.",
                where="console.demo_sign_in",
                do="Use it with plain and a loopback address, for a demonstration; else leave it out.",
            )


class LookupSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long each source may take, and how many questions may be under way to others at once."""

    answer_within_seconds: Annotated[float, Meta(gt=0, le=limits.ANSWER_WITHIN_SECONDS_MAX)] = 2.0
    asked_at_once_max: Annotated[int, Meta(ge=1, le=1000)] = 64


class LinkageSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where runs over whole collections are computed, and from which probability on a link is proposed."""

    engine: Engine = Engine.DUCKDB
    memory_gb: Annotated[int, Meta(ge=1, le=1024)] = 4
    spark_master: str = "local[*]"
    propose_from: Annotated[float, Meta(gt=0, lt=1)] = 0.5


class LawSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`trial_texts`: law that nobody signed may be put here by hand. For a trial alone, never with real records."""

    trial_texts: bool = False


class RoundSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often the node looks after itself."""

    deliver_seconds: Seconds = 1.0
    fetch_seconds: Seconds = 1.0
    follow_seconds: Seconds = 5.0
    checkpoint_seconds: Seconds = 1.0
    witness_seconds: Seconds = 10.0
    proofs_seconds: Seconds = 2.0
    logs_seconds: Annotated[float, Meta(gt=0, le=limits.LOG_ALIVE_SECONDS)] = 60.0
    clocks_seconds: Seconds = 5.0
    compare_seconds: Seconds = 1.0
    expiry_seconds: Seconds = 600.0
    index_seconds: Seconds = 1.0
    keys_seconds: Annotated[float, Meta(gt=0, le=limits.KEYS_HEARD_WITHIN_SECONDS_MAX / 2)] = 10.0


class KeySettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The key under which this node's secrets lie wrapped, and where the recovery package is copied to.

    `wrapping_file` holds 32 bytes and should lie on another medium; `wrapping_variable` names a variable of the
    environment that holds them in base64url. Where neither is given, keys/wrapping.key is made and used.
    """

    wrapping_file: str = ""
    wrapping_variable: str = ""
    recovery_folder: str = ""

    def __post_init__(self) -> None:
        if self.wrapping_file and self.wrapping_variable:
            raise Invalid("Two wrapping keys are named.", where="keys", do="Name a file or a variable.")


class FileSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where sealed files beside messages lie: `folder`, empty for `files` in the node's folder; `clamd` scans them.

    At the hub, with `s3_bucket`, the whole ones lie in a store that speaks S3.
    """

    folder: str = ""
    clamd: str = ""
    s3_bucket: str = ""
    s3_endpoint: str = ""
    s3_region: str = "us-east-1"
    s3_prefix: str = "comity/"
    s3_credentials: str = ""
    s3_authority: str = ""


class OversightSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is told of every override: a member by its name, or this node itself where its own people oversee it."""

    body: str = ""


class WitnessSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom this node believes about logs: a file (C2SP tlog-policy), or where it is empty all members, by region."""

    policy: str = ""


class ProofSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """No proof, no read: what becomes of content whose sender has not shown that its log holds the disclosure.

    `grace_seconds` it waits for that, then there is an alarm; `after_grace` says whether it waits on. With 0 and "show"
    nothing waits. `earlier_releases` is for senders whose release proves nothing; `merge_within_seconds` is what this
    node promises with its own answers.
    """

    grace_seconds: Annotated[float, Meta(ge=0, le=limits.PROOF_GRACE_SECONDS_MAX)] = 300.0
    after_grace: Unproved = Unproved.HOLD
    earlier_releases: Unproved = Unproved.SHOW
    merge_within_seconds: Annotated[int, Meta(ge=1, le=limits.PROMISE_MERGE_SECONDS_MAX)] = 60

    def __post_init__(self) -> None:
        if self.grace_seconds == 0 and self.after_grace is Unproved.HOLD:
            raise Invalid(
                "Without a grace nothing could ever be proved in time.",
                where="proofs.grace_seconds",
                do="Give a time, or set proofs.after_grace to show.",
            )

    @property
    def rules(self) -> ProofRules:
        return ProofRules(timedelta(seconds=self.grace_seconds), self.after_grace, self.earlier_releases)


class MisuseSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`false_alarms`: so many a week for 200 officers are looked into; `sites` is a file with places and networks."""

    false_alarms: Annotated[float, Meta(gt=0, le=100)] = 1.0
    sites: str = ""


class LogSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Structured logs on standard error, as JSON lines without personal data."""

    level: Annotated[str, Meta(pattern="^(debug|info|warning|error)$")] = "info"


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    node: NodeSettings
    database: DatabaseSettings = DatabaseSettings()
    index: IndexSettings = IndexSettings()
    federation: FederationSettings = FederationSettings()
    officer: OfficerSettings = OfficerSettings()
    console: ConsoleSettings | None = None
    watch: WatchSettings = WatchSettings()
    lookups: LookupSettings = LookupSettings()
    linkage: LinkageSettings = LinkageSettings()
    law: LawSettings = LawSettings()
    rounds: RoundSettings = RoundSettings()
    keys: KeySettings = KeySettings()
    log: LogSettings = LogSettings()
    oversight: OversightSettings = OversightSettings()
    files: FileSettings = FileSettings()
    witnesses: WitnessSettings = WitnessSettings()
    proofs: ProofSettings = ProofSettings()
    misuse: MisuseSettings = MisuseSettings()

    def files_folder(self, folder: Path) -> Path:
        return Path(self.files.folder) if self.files.folder else folder.resolve() / "files"

    def database_url(self, folder: Path) -> str:
        return self.database.url or f"sqlite:///{folder.resolve() / 'comity.sqlite3'}"

    def index_folder(self, folder: Path) -> Path:
        return Path(self.index.folder) if self.index.folder else folder.resolve() / "index"


def read_settings(folder: Path) -> Settings:
    """The settings of the node in that folder. Raises Missing or Invalid, naming the key."""
    path = folder / FILE_NAME
    try:
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise Missing(
            f"There is no node in {folder}.", do=f"Run `comity node init {folder} --role … --name …`."
        ) from None
    return _settings(text)


def _settings(text: bytes) -> Settings:
    try:
        return msgspec.toml.decode(text, type=Settings)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Invalid(f"{wrong}.", where=FILE_NAME, do="Correct it; docs/operating.md lists every key.") from None


def settings_file(settings: Settings) -> bytes:
    """A commented file with what differs between nodes; every other setting has its default.

    Raises Invalid for settings that could not be read back.
    """
    node, federation, officer, watch = settings.node, settings.federation, settings.officer, settings.watch
    text = f"""\
# Settings of this node. Every key is listed in docs/operating.md; one that is misspelt is refused at start.

[node]
id = {_quoted(node.id)}
name = {_quoted(node.name)}
role = {_quoted(node.role)}
country = {_quoted(node.country)}
contact = {_quoted(node.contact)}

[database]
url = {_quoted(settings.database.url)}  # empty: SQLite in this folder

[federation]
host = {_quoted(federation.host)}
port = {federation.port}
address = {_quoted(federation.address)}

[officer]
host = {_quoted(officer.host)}
port = {officer.port}

[watch]
host = {_quoted(watch.host)}
port = {watch.port}

[oversight]
body = {_quoted(settings.oversight.body)}  # who is told of every override: a member, or this node; empty: none can be
"""
    if (console := settings.console) is not None:
        text += f"\n[console]\nhost = {_quoted(console.host)}\nport = {console.port}\n"
        text += f"address = {_quoted(console.address)}\n"
        text += "plain = true\n" if console.plain else ""
        text += "demo_sign_in = true  # anyone as anyone: for a demonstration alone\n" if console.demo_sign_in else ""
    if settings.law.trial_texts:
        text += "\n[law]\ntrial_texts = true  # law that nobody signed counts here: for a trial alone\n"
    written = text.encode()
    _settings(written)
    return written


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()  # a JSON string is a TOML basic string
