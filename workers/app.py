"""The Celery app and its few settings, each with its reason; and the worker role."""

import os
import warnings
from collections.abc import Mapping

from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import setup_logging, worker_init
from kombu.entity import Exchange, Queue

from timeline.errors import BrokerError
from timeline.settings import Settings, settings
from workers import keys
from workers.broker import demand_secret
from workers.sentinel import watched

# Where nothing is set: the address of a Redis on this machine. `timeline up` sets its own.
DEFAULT_REDIS = "redis://127.0.0.1:6379/0"


def configuration(redis_url: str, set_: Settings) -> Mapping[str, object]:
    """What Celery is told."""
    return {
        **address(redis_url, set_),
        # Facts travel on our own stream: Celery's results would be kept a day for nobody.
        "task_ignore_result": True,
        "task_store_errors_even_if_ignored": False,
        "result_backend": None,
        # A message may be forged: JSON cannot carry code.
        "accept_content": ["json"],
        "task_serializer": "json",
        "event_serializer": "json",
        # A worker that dies whole leaves its message unacknowledged, and the producer sees it within seconds.
        "task_acks_late": True,
        # A child that dies (segfault, memory, hard limit) is told by task_failure in the parent, and acknowledged:
        # redelivery would let a poisonous document kill child after child, 26 times in 28 s.
        "task_reject_on_worker_lost": False,
        "task_acks_on_failure_or_timeout": True,
        # One message a child: a fresh drop waits behind nothing but what is being read at the moment.
        "worker_prefetch_multiplier": 1,
        # The soft limit becomes a failure with its reason; the hard one kills what does not listen (C code).
        "task_soft_time_limit": set_.soft_time_limit,
        "task_time_limit": set_.hard_time_limit,
        # Without bindings, a FLUSHALL cannot take them: the default exchange routes by the queue's own name.
        "task_queues": [Queue(keys.QUEUE, Exchange(""), routing_key=keys.QUEUE)],
        "task_default_queue": keys.QUEUE,
        "task_default_exchange": "",
        "task_default_routing_key": keys.QUEUE,
        "task_create_missing_queues": False,
        # Parsers leak: a fresh child now and then, and at once above this (KB, looked at after each task).
        "worker_max_tasks_per_child": 500,
        "worker_max_memory_per_child": set_.child_memory_bytes // 2 // 1024,
        # A child loads the parsers before it says it is up. On a busy machine that outlasts the default of 4 s,
        # after which it would be killed, and the next one, and no document be read.
        "worker_proc_alive_timeout": 60.0,
        # On SIGQUIT what runs may end within this; then its message goes back to the queue.
        "worker_soft_shutdown_timeout": 5.0,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        # Celery's own waits half a minute between two tries when Redis has been away for some time.
        "worker_consumer": "workers.consuming:Consumer",
        # Celery's own world stays usable: `celery -A workers inspect`, Flower.
        "worker_send_task_events": True,
        "task_send_sent_event": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "enable_utc": True,
        "timezone": "UTC",
        "imports": ["workers.tasks"],
    }


def address(redis_url: str, set_: Settings) -> Mapping[str, object]:
    """Where Redis is, and how it is spoken to."""
    several = watched(redis_url)
    options = transport_options(set_)
    return {
        "broker_url": redis_url if several is None else several.broker_url,
        "broker_transport_options": options if several is None else {**options, **several.transport_options},
        # The same for our own keys, which kombu does not know.
        "timeline_redis_url": redis_url,
    }


def transport_options(set_: Settings) -> Mapping[str, object]:
    """What kombu is told of Redis."""
    return {
        # Longer than twice the hard limit: what runs is never delivered a second time meanwhile.
        "visibility_timeout": max(900, 2 * set_.hard_time_limit + 60),
        # How often messages past it are looked for; kombu multiplies the two, by 10 x 10 if not told.
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "priority_steps": [keys.FRESH, keys.BACKLOG],
        "sep": keys.SEPARATOR,
        "queue_order_strategy": "priority",
        # Seconds a BRPOP waits. It ends at once when work comes; but a stop waits for its end, so ten would cost ten.
        "polling_interval": 1,
        "health_check_interval": 30,
        "socket_keepalive": not _is_socket(set_),
        "retry_on_timeout": True,
    }


def _is_socket(set_: Settings) -> bool:
    return bool(set_.redis_url) and str(set_.redis_url).startswith(("redis+socket", "unix"))


def make_app(redis_url: str | None = None, set_: Settings | None = None) -> Celery:
    """An app on this Redis. The module's own, below, is on the one of the environment."""
    chosen = set_ or settings()
    made = Celery("timeline")
    made.conf.update(configuration(redis_url or chosen.redis_url or DEFAULT_REDIS, chosen))
    return made


app = make_app()


def run_worker(redis_url: str, concurrency: int) -> None:
    """The worker role: reads documents until SIGTERM. The limits are those of the environment."""
    app.conf.update(address(redis_url, settings()))
    # Who runs it as root was told by `timeline doctor`; here it would stand in the log at each start.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    setup_logging.connect(_leave_logging_alone)
    arguments = [
        "--quiet",  # no banner among the log lines
        "worker",
        "--pool=prefork",
        f"--concurrency={concurrency}",
        f"--hostname=reader-{os.getpid()}@%h",
        "-E",
    ]
    # Gossip and mingle are for clusters that vote: they cost wake-ups, and a second at the start.
    arguments += ["--without-gossip", "--without-mingle", "--loglevel=WARNING"]
    app.worker_main(arguments)


@worker_init.connect
def _refuse_an_open_redis(**_: object) -> None:
    """`celery -A workers worker` asks for the same as `timeline worker`: no Redis that anybody may read."""
    if settings().open_redis:
        return
    try:
        demand_secret(str(app.conf.timeline_redis_url))
    except BrokerError as error:
        raise SystemExit(f"timeline: {error}") from error  # any Exception would only be logged by Celery


def _leave_logging_alone(**_: object) -> None:
    """Celery sets up its own logging unless somebody listens here; the role has set up ours."""
