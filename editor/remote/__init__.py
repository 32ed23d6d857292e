"""A task in another service's hands: which service, how it is reached, handing over, looking, fetching, and
when a service is left alone. Rows are read and written here; the calls themselves are the providers'."""
