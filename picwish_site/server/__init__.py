"""ASGI applications around Django: each answers by itself or passes the call on; none reads the database."""
