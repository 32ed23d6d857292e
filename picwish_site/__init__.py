"""The site: settings, addresses, the server around Django, the admin's desk, probes. No app imports it."""
