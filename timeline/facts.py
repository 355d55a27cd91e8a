"""What workers say of documents. Fields are bounded: facts come over a stream that others may write to."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import StringConstraints

from timeline.model import Extraction

# Ids make the names of keys, so they are nothing but hexadecimal digits.
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
TaskId = Annotated[str, StringConstraints(pattern=r"^[0-9a-zA-Z-]{1,64}$")]
Revision = Annotated[int, Ge(0), Le(2**31)]
WorkerName = Annotated[str, MinLen(1), MaxLen(256)]
Line = Annotated[str, MaxLen(2000)]
Milliseconds = Annotated[float, Ge(0), Le(1e8)]


@dataclass(frozen=True, slots=True)
class Started:
    """A worker begins a document."""

    id: Id
    task: TaskId
    worker: WorkerName
    kind: Literal["started"] = "started"


@dataclass(frozen=True, slots=True)
class Done:
    """A document was read."""

    id: Id
    revision: Revision
    task: TaskId
    ms: Milliseconds
    extraction: Extraction
    kind: Literal["done"] = "done"


@dataclass(frozen=True, slots=True)
class Failed:
    """A document cannot be read, and what to do about it."""

    id: Id
    revision: Revision
    task: TaskId
    reason: Line
    kind: Literal["failed"] = "failed"


@dataclass(frozen=True, slots=True)
class Missing:
    """A worker found no bytes for a document: Redis was wiped, or somebody else was faster."""

    id: Id
    task: TaskId
    kind: Literal["missing"] = "missing"


@dataclass(frozen=True, slots=True)
class Died:
    """The process that carried a task was killed."""

    task: TaskId
    cause: Line
    kind: Literal["died"] = "died"


Fact = Started | Done | Failed | Missing | Died
