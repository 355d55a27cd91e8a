"""Statements for many rows, spelled once a dialect: SQLAlchemy's own way costs as much a row as SQLite's writing it."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection, Insert, Table, Update
from sqlalchemy.dialects import postgresql, sqlite

Rows = Sequence[Mapping[str, object]]


def upsert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say ON CONFLICT, in the dialect at hand."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


class Many:
    """A statement that is run for many rows at once. Values go to the driver as they are: numbers, text, None."""

    def __init__(self, statement: Callable[[Connection], Insert | Update], *, is_partial: bool = False) -> None:
        """`statement` makes it for a connection's dialect. Its columns are those it names, else all of its table; or
        (`is_partial`) those of the rows, which are the same each time."""
        self._statement, self._is_partial = statement, is_partial
        self._spelled: dict[str, tuple[str, Sequence[str] | None]] = {}

    def run(self, connection: Connection, rows: Rows) -> None:
        """Once for each row."""
        if not rows:
            return
        said, places = self._spelled.get(connection.dialect.name) or self._spell(connection, list(rows[0]))
        if places is None:
            connection.exec_driver_sql(said, [dict(row) for row in rows])
        else:
            connection.exec_driver_sql(said, [tuple([row[place] for place in places]) for row in rows])

    def _spell(self, connection: Connection, columns: list[str]) -> tuple[str, Sequence[str] | None]:
        """The statement in SQL; the order of its values where the driver counts them, None where it names them."""
        columns_ = columns if self._is_partial else None
        compiled = self._statement(connection).compile(dialect=connection.dialect, column_keys=columns_)
        found = self._spelled[connection.dialect.name] = (str(compiled), compiled.positiontup)
        return found
