"""The media server, seen from the application: tokens, its server API, its webhooks.

It may be our own engine or a LiveKit cluster; only what both have is used. Nothing of
`server.media` is imported: they meet over HTTP.
"""
