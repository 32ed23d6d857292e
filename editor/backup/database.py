"""The database by its own means, in one moment: SQLite's backup interface, PostgreSQL's COPY in one snapshot.

COPY and not pg_dump: it asks for no program of the very version that the server has, and the tables are made
by the studio's own migrations before their rows come back.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from .errors import CannotBackUp, MadeByNewer, NotHere, Unsound
from .manifest import Manifest, read_pieces
from .stored_files import Cursor, open_private, read_columns

SQLITE_FILE = "database.sqlite3"
TABLES = "tables"
HISTORY = "django_migrations"


@contextmanager
def take_snapshot(folder: Path) -> Iterator[tuple[Cursor, dict[str, list[str]]]]:
    """Write the database as it is at this moment into a folder.

    Yields a cursor that sees that very moment as long as the context lasts, and the columns of each table
    that was written by itself. Raises CannotBackUp.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # It lasts for as long as the files take, and nobody waits for it.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield cursor, copy_out(folder)
        return
    path = folder / SQLITE_FILE
    open_private(path).close()
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as target:
        # All pages in one step: read in one transaction, beside which others go on writing.
        connection.connection.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        trouble = target.execute("PRAGMA quick_check").fetchone()[0]
        if trouble != "ok":
            raise CannotBackUp(
                f"The database is damaged ({trouble}). Restore the newest backup that is sound."
            )
        yield target.cursor(), {}


def copy_out(folder: Path) -> dict[str, list[str]]:
    """Write each table's rows into a file of its own, and return their columns."""
    (folder / TABLES).mkdir(mode=0o700)
    columns = {}
    with connection.cursor() as cursor:
        for table in list_tables():
            described = connection.introspection.get_table_description(cursor, table)
            columns[table] = [one.name for one in described]
            with (
                open_private(folder / TABLES / table) as file,
                cursor.copy(word_copy(table, columns[table], "TO STDOUT")) as rows,
            ):
                for piece in rows:
                    file.write(piece)
    return columns


def word_copy(table: str, columns: list[str], way: str) -> str:
    """Return the COPY of a table's columns one way or the other."""
    quote = connection.ops.quote_name
    return f"COPY {quote(table)} ({', '.join(map(quote, columns))}) {way}"


def list_tables() -> list[str]:
    """Return the database's tables but for the list of migrations."""
    return [name for name in connection.introspection.table_names() if name != HISTORY]


def list_applied(rows: Cursor) -> dict[str, list[str]]:
    """Return the migrations that were applied to a database, by app."""
    applied: dict[str, list[str]] = {}
    for app, name in sorted(read_columns(rows, HISTORY, ["app", "name"])):
        applied.setdefault(app, []).append(name)
    return applied


def list_applied_here() -> dict[str, list[str]]:
    """Return the same of this studio's database; empty where it has no tables."""
    if HISTORY not in connection.introspection.table_names():
        return {}
    with connection.cursor() as cursor:
        return list_applied(cursor)


def check_taken(manifest: Manifest) -> None:
    """Check that this studio's database can take a backup's. Raises MadeByNewer, NotHere."""
    if manifest.vendor != connection.vendor:
        raise NotHere(
            f"This backup is of a {manifest.vendor} database, and DATABASE_URL names a {connection.vendor} "
            "one. Set DATABASE_URL to one of the backup's kind."
        )
    known = MigrationLoader(None).disk_migrations
    unknown = [
        f"{app} {name}"
        for app, names in manifest.migrations.items()
        for name in names
        if (app, name) not in known
    ]
    if unknown:
        raise MadeByNewer(
            f"A newer Sweep ({manifest.version}) made this backup: its tables are not known here "
            f"({unknown[-1]}). Restore it with that version or a later one."
        )
    here = list_applied_here()
    if connection.vendor == "postgresql" and here and here != manifest.migrations:
        raise NotHere(
            "An older Sweep made this backup, and this database has newer tables already. Name an empty "
            "database in DATABASE_URL: its tables are made as the backup has them, then brought up to date."
        )


def put_back(folder: Path, manifest: Manifest) -> None:
    """Replace the database by a backup's, and bring its tables up to date. Raises Unsound."""
    if connection.vendor == "postgresql":
        copy_in(folder, manifest)
    else:
        connection.ensure_connection()
        with closing(sqlite3.connect(f"file:{folder / SQLITE_FILE}?mode=ro&immutable=1", uri=True)) as source:
            try:
                # One transaction: whoever has it open sees the one database, or the other.
                source.backup(connection.connection)
            except sqlite3.DatabaseError as exc:
                raise Unsound(f"{folder / SQLITE_FILE} is no database: {exc}") from exc
        connection.close()
    call_command("migrate", interactive=False, verbosity=0)


def copy_in(folder: Path, manifest: Manifest) -> None:
    """Make the tables that a backup has rows of where there are none, and fill them all at once."""
    if not list_applied_here():
        executor = MigrationExecutor(connection)
        there = {(app, name) for app, names in manifest.migrations.items() for name in names}
        newest = executor.loader.graph.leaf_nodes()
        plan = [
            step for step in executor.migration_plan(newest) if (step[0].app_label, step[0].name) in there
        ]
        executor.migrate(newest, plan)
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        # What migrations put there is in the backup too. References are checked at the end of all.
        emptied = ", ".join(quote(table) for table in list_tables())
        cursor.execute(f"TRUNCATE {emptied} RESTART IDENTITY CASCADE")
        for table, columns in manifest.columns.items():
            with (
                (folder / TABLES / table).open("rb") as file,
                cursor.copy(word_copy(table, columns, "FROM STDIN")) as rows,
            ):
                for piece in read_pieces(file):
                    rows.write(piece)
        models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
        tables = set(list_tables())
        numbered = [model for model in models if model._meta.db_table in tables]
        for statement in connection.ops.sequence_reset_sql(no_style(), numbered):
            cursor.execute(statement)
