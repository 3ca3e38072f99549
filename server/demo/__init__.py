"""The spoken demo: a short conference that shows the whole product on real, if synthetic, speech.

It drives web from outside, like any visitor: people sign in, a conference is scheduled, seats join
through the media engine and speak with espeak-ng's Vietnamese voices. Nothing inside is faked:
sound is recorded, transcribed and read like any other. The voices are a tool of demo and tests
only.
"""
