"""What can go wrong, said so that a person can mend it."""


class TimelineError(Exception):
    """Something a person can mend; the message names the thing and the mend."""


class UnreadableError(TimelineError):
    """A document cannot be read: encrypted, damaged, empty, too large, of an unknown kind."""


class UsageError(TimelineError):
    """A command or setting makes no sense as given."""


class BrokerError(TimelineError):
    """Redis is missing, unreachable or refuses us."""


class StoreError(TimelineError):
    """The data folder or database cannot be used."""


class StoreFullError(StoreError):
    """The disk under the data folder is full; work goes on when there is room."""
