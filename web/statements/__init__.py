"""Statements: what is asked of the database, and written to it, for every order, put into SQL once."""
