"""The tools, a module each: options, run, warm. dispatch knows them; no tool knows dispatch.

`canvas` is what cutouts and heads end in; `remote_prepare` and `remote_finish` are what lies before and
after the work of a service.
"""
