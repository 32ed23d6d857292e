"""The HTTP API, in the words of the seeds and no others.

Who may call is in access, what they ask in requests; then there is an order, and what they are told of it
(payloads, task_status, webhooks). The families of endpoints are rows of dialects.py.
"""
