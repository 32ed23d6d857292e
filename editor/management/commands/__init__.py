"""The studio's own commands, each one call into editor/work, editor/tasks or the engines."""
