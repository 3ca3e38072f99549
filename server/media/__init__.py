"""The media engine: a LiveKit-compatible SFU in one process.

It imports nothing of the rest of the server and nothing imports it: it is started as a program
(``python -m server.media``), told its settings by environment and spoken to over HTTP, WebSocket
and WebRTC only, so that a real LiveKit server can take its place.

Layers, top to bottom (imports only point down)::

    __main__ → app → signalling | room_service → requests → rooms → participants
      → negotiation → publishing | subscriptions → forward → tracks → peer
      → datachannel | dtls | ice → outbox | srtp
      → rtp | rtcp | vp8 | sequence | nack | keyframes | bandwidth | speakers | sdp
      → tokens | permissions | webhooks | stats | settings | limits | clock

Nothing is decoded here: a packet is unprotected, renumbered and protected again.
"""
