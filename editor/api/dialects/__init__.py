"""The dialects of the API, a folder each: names, values, answers and errors of one service, and nothing else.

What they share lies outside: who may call, orders, waiting, limits, and the bytes of pictures. registry.py
finds the folders; none of them knows another.
"""
