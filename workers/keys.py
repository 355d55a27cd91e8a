"""The names of our keys in Redis, and a connection to it."""

from typing import Any
from urllib.parse import urlsplit

import redis
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

from timeline.errors import BrokerError
from workers.sentinel import watched

QUEUE = "documents"
# Two lists for one queue, the first served first (kombu: priority 0 is the highest). What somebody dropped just now
# overtakes a backlog of thousands.
FRESH, BACKLOG = 0, 9
SEPARATOR = ":"
QUEUE_LISTS = (QUEUE, f"{QUEUE}{SEPARATOR}{BACKLOG}")
# kombu keeps what workers have taken and not yet acknowledged here.
UNACKED, UNACKED_INDEX = "unacked", "unacked_index"

RESULTS = "timeline:results"
# What somebody waits for does not stand behind a backlog's thousand results either.
RESULTS_FRESH = "timeline:results:fresh"
STREAMS = (RESULTS_FRESH, RESULTS)
GROUP = "assemble"
EPOCH = "timeline:epoch"  # gone or another: Redis was wiped, or is not the one we handed work to
WORKERS = "timeline:worker:"  # + name: a worker that lives
GOODBYES = "timeline:goodbye:"  # + name: a worker that was asked to stop, and did

Redis = redis.Redis  # bytes in, bytes out


def blob_key(document: str) -> str:
    """Where a document's bytes travel."""
    return f"timeline:blob:{document}"


def text_key(document: str) -> str:
    """Where the text of a document that was read before travels."""
    return f"timeline:text:{document}"


def connect(url: str, *, patience: float = 0.0) -> "Redis":
    """A client for a URL as Celery spells it (redis://, rediss://, redis+socket://, unix://), or of sentinels.

    `patience` is how many seconds it tries again by itself when Redis does not answer.
    """
    options: dict[str, Any] = {"health_check_interval": 30, "socket_keepalive": True}
    if patience:
        # 50 ms doubling up to a second: 10 tries are about 6 s, each further one a second.
        options["retry"] = Retry(ExponentialBackoff(cap=1.0, base=0.05), max(1, int(patience) + 4))
        options["retry_on_error"] = [redis.ConnectionError, redis.TimeoutError, redis.BusyLoadingError]
    if (several := watched(url)) is not None:
        return several.client(**options)
    parts = urlsplit(url)
    if parts.scheme in {"redis+socket", "unix"}:
        options.pop("socket_keepalive")
        database = dict(item.partition("=")[::2] for item in parts.query.split("&") if item)
        number = database.get("virtual_host", database.get("db", "0"))
        url = f"unix://{parts.netloc}{parts.path}?db={number}"
    try:
        return redis.Redis.from_url(url, **options)
    except ValueError as error:
        raise BrokerError(f"{url!r} is no Redis address: use redis://:password@host:6379/0") from error
