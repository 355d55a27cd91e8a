"""All that knows there is a queue."""

from importlib import import_module


def __getattr__(name: str) -> object:
    """The app under the name that `celery -A workers` looks for, loaded when it is looked for (PEP 562)."""
    if name != "celery":
        raise AttributeError(f"module 'workers' has no attribute {name!r}")
    return import_module("workers.app").app
