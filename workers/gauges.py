"""The queue seen from outside: how long it is, who works on it, how much memory it holds."""

from dataclasses import dataclass

from redis import RedisError

from timeline.errors import BrokerError
from workers import keys
from workers.messages import Alive, unpack_alive


@dataclass(frozen=True, slots=True)
class QueueGauge:
    """What Redis tells at one moment."""

    messages: int  # on the queue, taken by nobody
    taken: int  # by a worker, and not acknowledged
    facts: int  # found by workers, not yet in the store
    memory: int  # bytes Redis uses
    workers: tuple[Alive, ...]


def gauge(redis_url: str) -> QueueGauge | None:
    """Look once; None when Redis does not answer."""
    try:
        with keys.connect(redis_url) as redis, redis.pipeline(transaction=False) as asked:
            names = sorted(redis.scan_iter(f"{keys.WORKERS}*", count=1000))
            for queue in keys.QUEUE_LISTS:
                asked.llen(queue)
            asked.hlen(keys.UNACKED)
            for stream in keys.STREAMS:
                asked.xlen(stream)
            asked.info("memory")
            for name in names:
                asked.get(name)
            answers = asked.execute()
    except (RedisError, BrokerError, OSError):
        return None
    lengths, rest = answers[: len(keys.QUEUE_LISTS)], answers[len(keys.QUEUE_LISTS) :]
    signs = (unpack_alive(sign) for sign in rest[4:] if sign is not None)
    return QueueGauge(
        messages=sum(map(int, lengths)),
        taken=int(rest[0]),
        facts=int(rest[1]) + int(rest[2]),
        memory=int(rest[3]["used_memory"]),
        workers=tuple(sign for sign in signs if sign is not None),
    )
