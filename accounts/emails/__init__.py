"""E-mails: what they say, the queue they go through, the signed links in them. Who gets one is not their say."""
