"""Queries that are asked for every order, put into SQL once for each process.

Django makes a query's SQL anew each time it is asked, which takes a worker several times as long as the
database's answer does. Here a query is built once of stand-ins for what differs from time to time.
"""

from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

# Values that nobody means, of each kind that can differ; added to it is which of a statement's it is.
STAND_INS: dict[type, Callable[[int], Any]] = {
    datetime: lambda number: datetime(1901, 1, 1, 0, 0, number, tzinfo=UTC),
    date: lambda number: date(1901, 1, 1 + number),
    int: lambda number: -1_000_000_007 - number,
    UUID: lambda number: UUID(int=2**127 + number),
}


class Statement:
    """A query of values (`values_list`), made by a function of what kind it is to be and of what differs.

    One of a model's rows gives their values, in the order of the columns.

    build: called with the kind's words, and by name with what is `varying`: names, each with its type.
    """

    def __init__(self, build: Callable[..., Any], **varying: type) -> None:
        self.build = build
        self.stand_ins = {name: STAND_INS[kind](i) for i, (name, kind) in enumerate(varying.items())}
        self.known: dict[Hashable, tuple[Any, str, list[Any], dict[int, str]]] = {}

    def ask(self, *kind: Hashable, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows. A query that locks is asked within a transaction, as everywhere."""
        compiler, sql, params = self.fill(*kind, **values)
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            rows = cursor.fetchall()
        return list(compiler.results_iter([rows], tuple_expected=True))

    def fill(self, *kind: Hashable, **values: Any) -> tuple[Any, str, list[Any]]:
        """Return what makes values of the rows, the SQL, and its parameters as they are this time."""
        key = (connection.vendor, kind)
        if key not in self.known:
            self.known[key] = self.compile(*kind)
        compiler, sql, params, places = self.known[key]
        given = [adapt(values[places[i]]) if i in places else one for i, one in enumerate(params)]
        return compiler, sql, given

    def compile(self, *kind: Hashable) -> tuple[Any, str, list[Any], dict[int, str]]:
        """Return what makes values of the rows, the SQL, its parameters, and which of them differ."""
        compiler = self.make_compiler(*kind)
        sql, params = compiler.as_sql()
        places = {
            i: name
            for i, given in enumerate(params)
            for name, stand_in in self.stand_ins.items()
            if isinstance(given, type(adapt(stand_in))) and given == adapt(stand_in)
        }
        if missing := self.stand_ins.keys() - set(places.values()):
            raise ValueError(f"The query makes no use of {', '.join(sorted(missing))}.")
        return compiler, sql, list(params), places

    def make_compiler(self, *kind: Hashable) -> Any:
        """Return what puts it into SQL."""
        return self.build(*kind, **self.stand_ins).query.get_compiler(connection=connection)


def adapt(value: Any) -> Any:
    """Return a value as the database has it, where its fields do that and not its driver."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def list_columns(model: type[Model], *, only: Iterable[str] = ()) -> list[str]:
    """Return the names of a model's columns in its own order, as `values_list` and `make_row` take them."""
    names = [field.attname for field in model._meta.concrete_fields]
    return [name for name in names if not only or name in set(only)]


def make_row[Row: Model](model: type[Row], names: Iterable[str], values: Iterable[Any]) -> Row:
    """Return a row of values in the order of its columns; those that are not among the names are deferred."""
    return model.from_db(connection.alias, list(names), list(values))
