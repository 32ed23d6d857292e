"""E-mails: what they say, the queue they go through, the signed links in them; not who is sent one."""
