"""The recorder: a hidden participant that writes every seat's sound to disk and hands it to web.

From the wire to web: `room` (LiveKit) → `track_writer` (time and silence) → `chunk_file` (Ogg Opus)
→ `spool` (what lies on disk, also after a kill) → `uploader` (worker link). `conference` owns one
meeting, `service` the process. It must not decide what is recorded: web says `record` and `stop`.
"""
