"""Who carries a task out: our engine in a process of its own, and one client class for each contract that
services behind HTTP have. No Django, no rows: what a client must know it is handed by editor/wiring.py."""
