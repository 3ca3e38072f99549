"""The worker link, seen from recorder and worker: one socket, and HTTP beside it, only outwards.

`socket` keeps the line up and carries messages, `http` carries chunks and results, `retry` says
when to try again. Nothing here knows sound or text.
"""
