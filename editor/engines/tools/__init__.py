"""The tools, a module each: options, run, its command, warm. dispatch knows them; no tool knows it.

`canvas` is what cutouts and heads end in; `remote_prepare` and `remote_finish` are what lies before and
after the work of a service.
"""
