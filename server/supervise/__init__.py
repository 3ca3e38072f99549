"""`giaoban serve`: every program of one installation under one roof, restarted when it dies.

The supervisor prepares the home (schema, units, tokens), starts media, web, recorder, worker and
scheduler as programs of their own, and ends them together. It does none of their work.
"""
