"""Speech recognition, in a child process that may die.

`process` is the parent's side, `child` the program, `whisper` the engine inside it (the only
importer of faster_whisper), `wire` what travels between them. `model_folder` and `profile` say
which model it is and how it wants to be used; `guards` flags what it made up; `segments` puts its
output on the meeting clock. Nothing here knows web or jobs.
"""
