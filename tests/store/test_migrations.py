"""The migrations end where the schema is."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from timeline.store import Store, opening, schema


def test_the_migrations_make_the_schema_that_the_store_works_with(tmp_path: Path) -> None:
    path = tmp_path / "timeline.db"
    Store.open(path).close()
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        ours = {"include_object": lambda _object, name, kind, *_: kind != "table" or not name.startswith("events_text")}
        differences = compare_metadata(MigrationContext.configure(connection, opts=ours), schema.metadata)
        assert MigrationContext.configure(connection).get_current_revision() == opening.SCHEMA
    engine.dispose()
    # SQLAlchemy cannot reflect descending columns of an index: those are looked at below.
    assert [found for found in differences if "documents_waiting" not in str(found)] == []


def test_what_waits_is_found_by_its_index_and_ignored_paths_by_theirs(tmp_path: Path) -> None:
    path = tmp_path / "timeline.db"
    Store.open(path).close()
    engine = create_engine(f"sqlite:///{path}")
    asked = {
        "SELECT id FROM documents WHERE pending IS NOT NULL AND task IS NULL"
        " ORDER BY urgency DESC, registered_at DESC, id LIMIT 9": "documents_waiting",
        "SELECT count(*) FROM paths WHERE state = 'ignored'": "paths_ignored",
        "SELECT min(path) FROM paths WHERE document_id = 'x' AND state = 'present'": "paths_document",
        "SELECT * FROM events ORDER BY reported, seq LIMIT 9": "events_reported",
    }
    with engine.connect() as connection:
        for query, index in asked.items():
            plan = "; ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}"))
            assert index in plan, plan
            assert "TEMP B-TREE" not in plan, plan
    engine.dispose()
