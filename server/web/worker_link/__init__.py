"""Web's side of the worker link (design §9): recorders and workers call in, web never calls out.

`hub` knows who is in line and tells them what there is to do, `socket` is the line itself,
`recorder_http` and `worker_http` take what is too large or too weighty for it, `caller` finds out
who asks. Mounted by `server.web.api.worker`. Nothing here decides: services do.
"""
