"""Runs: a recipe carried out over many photos, from the first file that comes in to the archive of all.

intake and tables take photos in; flow begins, stops and begins anew; plans tells names; progress how it goes;
archive hands all over. steps and delivery are the worker's. What is refused raises errors.RunRefused.
"""
