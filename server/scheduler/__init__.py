"""The scheduler: what is due is a stored time; this program only looks and claims.

Each round runs every duty once. A duty is a service that may be run by two schedulers at once
without harm (conditional updates). A failing duty is logged and tried again at the next round; the
others go on.
"""
