"""Services: one function per intention of a person, one transaction each.

A service is an ordinary synchronous function `f(ctx, …)`: it opens one transaction, loads what it
needs together with the permission to touch it, lets the domain decide, saves, writes history. Web
awaits it on a small thread pool.
"""
