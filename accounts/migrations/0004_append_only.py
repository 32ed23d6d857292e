"""The ledger and the audit log are refused changes by the database itself, whoever asks.

One change is let through: an actor who leaves is forgotten, as their row goes.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

LOGS = {
    "accounts_creditentry": (
        "actor_id",
        "The ledger is append-only. Add a correcting entry.",
        ["id", "account_id", "kind", "amount", "effect", "plan_effect", "month", "task_id", "tool", "reason", "created_at"],
    ),
    "accounts_auditentry": (
        "actor_id",
        "The audit log is append-only.",
        ["id", "created_at", "by", "action", "kind", "target_id", "target", "details"],
    ),
}


def sqlite(table: str, forgotten: str, sentence: str, columns: list[str]) -> list[str]:
    same = " AND ".join(f'NEW."{column}" IS OLD."{column}"' for column in columns)
    return [
        f'CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table} '
        f"WHEN NOT ({same} AND NEW.{forgotten} IS NULL) BEGIN SELECT RAISE(ABORT, '{sentence}'); END",
        f"CREATE TRIGGER {table}_undeleted BEFORE DELETE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END",
    ]


def postgresql(table: str, forgotten: str, sentence: str, columns: list[str]) -> list[str]:
    same = " AND ".join(f'NEW."{column}" IS NOT DISTINCT FROM OLD."{column}"' for column in columns)
    return [
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table} FOR EACH ROW "
        f"WHEN (NOT ({same} AND NEW.{forgotten} IS NULL)) EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_undeleted BEFORE DELETE ON {table} FOR EACH ROW "
        f"EXECUTE FUNCTION {table}_refuse()",
    ]


WRITERS = {"sqlite": sqlite, "postgresql": postgresql}


def refuse(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    writer = WRITERS.get(schema_editor.connection.vendor)
    if writer is None:
        return  # There the models refuse it alone.
    for table, (forgotten, sentence, columns) in LOGS.items():
        for statement in writer(table, forgotten, sentence, columns):
            schema_editor.execute(statement, params=None)


def allow(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    for table in LOGS:
        on = f" ON {table}" if vendor == "postgresql" else ""
        for name in ("unchanged", "undeleted"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}{on}", params=None)
        if vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {table}_refuse()", params=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_plans_and_credits")]

    operations = [migrations.RunPython(refuse, allow)]
