"""Rows changed, taken away and made for every order, by statements that were put into SQL once.

They do what `update` and `delete` of a query set and `save` of a model do. No signals are sent, which nobody
hears of these rows, and what hangs on a row that is taken away is not looked for.
"""

from collections.abc import Hashable
from typing import Any

from django.db import connection
from django.db.models import AutoField, Expression, Field, Model
from django.db.models.sql import DeleteQuery, InsertQuery, UpdateQuery

from .queries import Statement


class Slot(Expression):
    """Where the value goes that is written to a column."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name, self.column = name, field

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


class Update(Statement):
    """An update of rows. build: returns them, and what is written that is the same each time, or varying."""

    def write(self, changes: dict[str, Any], *kind: Hashable, **values: Any) -> int:
        """Write to the rows, and return how many they were. changes: what else is written, by columns."""
        _, sql, params = self.fill(tuple(changes), *kind, **values)
        given = [
            one.column.get_db_prep_save(changes[one.name], connection) if isinstance(one, Slot) else one
            for one in params
        ]
        return change(sql, given)

    def make_compiler(self, *kind: Hashable) -> Any:
        names, *words = kind
        rows, same = self.build(*words, **self.stand_ins)
        slots = {name: Slot(name, rows.model._meta.get_field(name)) for name in names}  # type: ignore[attr-defined]
        query = rows.query.chain(UpdateQuery)
        query.add_update_values({**same, **slots})
        return query.get_compiler(connection=connection)


class Removal(Statement):
    """Rows taken away, of which nothing else is told or taken away."""

    def carry_out(self, *kind: Hashable, **values: Any) -> int:
        """Take the rows away. Return how many they were."""
        return change(*self.fill(*kind, **values)[1:])

    def make_compiler(self, *kind: Hashable) -> Any:
        rows = self.build(*kind, **self.stand_ins)
        return rows.query.chain(DeleteQuery).get_compiler(connection=connection)


def change(sql: str, params: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


_inserts: dict[tuple[str, type[Model]], tuple[str, list[Field[Any, Any]]]] = {}


def insert(row: Model) -> None:
    """Make a new row. Its number is not read where the database gives it one."""
    key = (connection.vendor, type(row))
    if key not in _inserts:
        _inserts[key] = compile_insert(row)
    sql, fields = _inserts[key]
    change(sql, [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields])
    row._state.adding, row._state.db = False, connection.alias


def compile_insert(row: Model) -> tuple[str, list[Field[Any, Any]]]:
    """Return the SQL by which rows of this one's model are made, and of which fields its parameters are."""
    fields = [field for field in row._meta.concrete_fields if not isinstance(field, AutoField)]
    query = InsertQuery(type(row))
    query.insert_values(fields, [row])
    ((sql, params),) = query.get_compiler(connection=connection).as_sql()
    if len(params) != len(fields):
        raise ValueError(f"{type(row).__name__} has columns that the database fills.")
    return sql, fields
