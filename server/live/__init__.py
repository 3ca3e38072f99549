"""Running conferences: one task and one inbox each, and the hub that knows them.

Nothing here is the truth: acts are stored by services first; a room tells the media server and the
pages what is stored. After a restart every room is made again from storage.
"""
