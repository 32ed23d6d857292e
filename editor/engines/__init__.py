"""The local imaging engine: no Django, no database; only `weights` may use the network.

Public doors: `tools.dispatch.run` (what a warm worker process calls), `io.formats.probe` (what the web
process calls on an upload), `errors` (what may go wrong) and `python -m editor.engines` (the command line).
"""
