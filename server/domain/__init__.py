"""The rules: pure functions and values. No I/O, no clock, no framework (import-linter holds
this).
"""
