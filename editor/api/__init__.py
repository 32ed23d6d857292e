"""The HTTP API: one door, many dialects, one order behind them all.

Who may call is in access, what they ask in requests; then there is an order, and what they are told of it
(payloads, task_status, webhooks, picture_calls). The families of endpoints are folders of dialects.
"""
