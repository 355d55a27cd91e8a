"""Celery's consumer, which comes back within seconds when Redis does."""

from functools import partial

from celery.worker import consumer
from kombu.connection import Connection

# Seconds between tries. Celery's own grow to thirty, and what arrives meanwhile would wait for them.
FIRST, STEP, LONGEST = 0.5, 0.5, 2.0


class Consumer(consumer.Consumer):  # type: ignore[misc]  # celery has no types
    """The usual one, less patient."""

    def ensure_connected(self, conn: Connection) -> Connection:
        """Tries until Redis answers."""
        tried = partial(conn.ensure_connection, interval_start=FIRST, interval_step=STEP, interval_max=LONGEST)
        conn.ensure_connection = tried  # type: ignore[method-assign]  # this connection's alone
        connected: Connection = super().ensure_connected(conn)
        return connected
