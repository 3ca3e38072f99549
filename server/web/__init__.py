"""Web: pages, the API, the worker link and the live socket. A handler is parse → service →
render.
"""
