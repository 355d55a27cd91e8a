"""A Redis that sentinels watch over: one address for it, and how Celery and redis-py want it said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import redis
from redis.sentinel import Sentinel

from timeline.errors import BrokerError

SCHEME = "sentinel"
PORT = 26379
# Seconds a sentinel is given to answer: one that is dead must not keep us from asking the next.
PATIENCE = 2.0
FORM = "sentinel://:password@host1:26379,host2:26379,host3:26379/mymaster"


@dataclass(frozen=True, slots=True)
class Watched:
    """Who to ask for the master of that name, and what to say to both."""

    sentinels: tuple[tuple[str, int], ...]
    master: str
    database: int = 0
    username: str | None = None
    password: str | None = None
    sentinel_password: str | None = None

    def client(self, **options: Any) -> "redis.Redis":
        """A connection that asks for the master anew whenever it has lost it."""
        asked = Sentinel(
            self.sentinels,
            sentinel_kwargs={"password": self.sentinel_password, "socket_timeout": PATIENCE},
            username=self.username,
            password=self.password,
            db=self.database,
        )
        client: redis.Redis = asked.master_for(self.master, **options)
        return client

    @property
    def broker_url(self) -> str:
        """As Celery spells it."""
        secret = f"{quote(self.username or '', safe='')}:{quote(self.password, safe='')}@" if self.password else ""
        return ";".join(f"{SCHEME}://{secret}{host}:{port}/{self.database}" for host, port in self.sentinels)

    @property
    def transport_options(self) -> Mapping[str, object]:
        """What kombu is told besides."""
        said: dict[str, object] = {"socket_timeout": PATIENCE}
        if self.sentinel_password:
            said["password"] = self.sentinel_password
        return {"master_name": self.master, "sentinel_kwargs": said}


def watched(url: str) -> Watched | None:
    """The parts of a sentinels' address; None for any other. Raises BrokerError for one that makes no sense."""
    if not url.startswith(f"{SCHEME}://"):
        return None
    try:
        parts = urlsplit(url)
        secret, _, hosts = parts.netloc.rpartition("@")
        user, _, password = secret.partition(":")
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        found = Watched(
            sentinels=tuple(_place(host) for host in hosts.split(",")),
            master=unquote(parts.path.strip("/")),
            database=int(asked.get("db", "0")),
            username=unquote(user) or None,
            password=unquote(password) or None,
            sentinel_password=asked.get("sentinel_password"),
        )
    except ValueError as error:
        raise BrokerError(f"TIMELINE_REDIS_URL is no address of sentinels: use {FORM}") from error
    if not found.master:
        raise BrokerError(f"TIMELINE_REDIS_URL names no master: use {FORM}")
    return found


def _place(said: str) -> tuple[str, int]:
    parts = urlsplit(f"//{said}")
    if not parts.hostname:
        raise ValueError(said)
    return parts.hostname, parts.port or PORT
