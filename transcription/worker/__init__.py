"""The worker: takes jobs from web and brings back transcripts and candidates.

`service` is the process, `dialogue` its talk with web over the socket, `transcribe_job` and
`extract_job` the two kinds of work, `track_audio` a track's sound on the meeting clock. A worker
keeps nothing: killed at any moment, another one goes on from what web has.
"""
