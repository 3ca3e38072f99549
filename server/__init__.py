"""Giao Ban's server: pages, live conferences, directives; `server.media` is an engine of its
own.
"""
