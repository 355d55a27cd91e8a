"""The migrations end where the schema is."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from timeline.store import Arrival, Store, opening, schema


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
        "SELECT count(*) FROM documents WHERE unanchored > 0 AND state = 'done'": "COVERING INDEX documents_unanchored",
    }
    with engine.connect() as connection:
        for query, index in asked.items():
            plan = "; ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}"))
            assert index in plan, plan
            assert "TEMP B-TREE" not in plan, plan
    engine.dispose()


def test_a_store_of_the_revision_before_is_brought_up_to_date_with_all_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "timeline.db"
    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(opening.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    # What the store of that revision held: one document that is done, with two expressions nobody can date.
    with Store.open(tmp_path / "other.db") as other:
        other.register([Arrival("undated.txt", "ab" * 32, 5)], now=1.0)
    held = create_engine(f"sqlite:///{tmp_path / 'other.db'}")
    with held.connect() as kept, engine.connect() as connection, connection.begin():
        row = dict(kept.execute(schema.documents.select()).mappings().one())
        connection.execute(schema.documents.insert(), [row | {"state": "done", "pending": None, "unanchored": 2}])
    held.dispose()
    engine.dispose()

    with Store.open(path) as store:
        assert store.counts().undated == 1
        assert [found.path for found in store.undated()] == ["undated.txt"]
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == opening.SCHEMA
        indexes = {found["name"]: found["column_names"] for found in inspect(connection).get_indexes("documents")}
        assert indexes["documents_unanchored"] == ["state", "unanchored"]
    engine.dispose()
