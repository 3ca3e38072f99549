"""Tokens and permissions: who may do what."""

from __future__ import annotations

import datetime

import jwt
import pytest
from livekit import api
from livekit.protocol import models

from server.media.permissions import (
    Permission,
    permission_from_grants,
    permission_from_proto,
    proto_from_permission,
)
from server.media.settings import Announced, SettingsError, settings_from_env
from server.media.signalling import TokenBucket
from server.media.tokens import TokenRefused, TokenVerifier

KEY, SECRET = "key", "a secret of more than sixty-four characters, enough for HS512 as well"
CAMERA, MICROPHONE = models.TrackSource.CAMERA, models.TrackSource.MICROPHONE


def token(**grants: object) -> api.AccessToken:
    return (
        api.AccessToken(KEY, SECRET)
        .with_identity("dam-doi/an/1")
        .with_name("Xã Đầm Dơi")
        .with_attributes({"seat": "dam-doi"})
        .with_grants(api.VideoGrants(room_join=True, room="c-1", **grants))
    )


class TestPermission:
    def test_no_list_means_every_source(self) -> None:
        assert Permission().may_publish(CAMERA)
        assert Permission().may_publish(models.TrackSource.UNKNOWN)

    def test_a_list_allows_what_it_names(self) -> None:
        permission = Permission(sources=frozenset({CAMERA}))
        assert permission.may_publish(CAMERA)
        assert not permission.may_publish(MICROPHONE)

    def test_nothing_may_be_published_without_the_right_whatever_the_list(self) -> None:
        assert not Permission(can_publish=False).may_publish(CAMERA)
        assert not Permission(can_publish=False, sources=frozenset({CAMERA})).may_publish(CAMERA)

    def test_grants_that_are_absent_are_given(self) -> None:
        permission = permission_from_grants({})
        assert permission.can_publish
        assert permission.can_subscribe
        assert permission.can_publish_data
        assert not permission.hidden

    def test_a_list_of_unknown_sources_allows_none(self) -> None:
        permission = permission_from_grants({"canPublishSources": ["smell"]})
        assert not permission.may_publish(CAMERA)
        assert not permission.may_publish(models.TrackSource.UNKNOWN)

    def test_a_message_replaces_the_permission_whole(self) -> None:
        permission = permission_from_proto(models.ParticipantPermission(can_publish=True))
        assert permission == Permission(
            can_subscribe=False, can_publish=True, can_publish_data=False
        )

    def test_it_survives_the_way_there_and_back(self) -> None:
        permission = Permission(
            can_publish_data=False, sources=frozenset({CAMERA, MICROPHONE}), hidden=True
        )
        assert permission_from_proto(proto_from_permission(permission)) == permission


class TestTokens:
    verifier = TokenVerifier(KEY, SECRET)

    def refused(self, text: str) -> int:
        with pytest.raises(TokenRefused) as error:
            self.verifier.verify_join(text)
        return error.value.status

    def test_livekits_token_is_read(self) -> None:
        claims = self.verifier.verify_join(token(can_publish_sources=["camera"]).to_jwt())
        assert (claims.identity, claims.name, claims.room) == ("dam-doi/an/1", "Xã Đầm Dơi", "c-1")
        assert claims.attributes == {"seat": "dam-doi"}
        assert claims.permission.sources == {CAMERA}
        assert claims.not_before > 1e9

    def test_an_expired_or_future_token_is_refused(self) -> None:
        hour = datetime.timedelta(hours=1)
        assert self.refused(token().with_ttl(-hour).to_jwt()) == 401
        claims = jwt.decode(token().to_jwt(), SECRET, algorithms=["HS256"])
        assert self.refused(jwt.encode({**claims, "nbf": claims["nbf"] + 3600}, SECRET)) == 401

    def test_another_key_or_secret_is_refused(self) -> None:
        claims = jwt.decode(token().to_jwt(), SECRET, algorithms=["HS256"])
        assert self.refused(jwt.encode(claims, SECRET + "x")) == 401
        assert self.refused(jwt.encode({**claims, "iss": "other"}, SECRET)) == 401
        assert self.refused(jwt.encode(claims, SECRET, algorithm="HS512")) == 401
        assert self.refused(jwt.encode(claims, "", algorithm="none")) == 401

    def test_a_token_without_an_end_is_refused(self) -> None:
        claims = jwt.decode(token().to_jwt(), SECRET, algorithms=["HS256"])
        del claims["exp"]
        assert self.refused(jwt.encode(claims, SECRET)) == 401

    def test_a_token_that_opens_no_room_is_forbidden(self) -> None:
        admin = api.AccessToken(KEY, SECRET).with_grants(api.VideoGrants(room_admin=True, room="x"))
        assert self.refused(admin.to_jwt()) == 403

    def test_odd_claims_do_not_break_it(self) -> None:
        odd = {"iss": KEY, "exp": 1 << 40, "sub": "x", "video": "all", "attributes": [1]}
        claims = self.verifier.verify(jwt.encode(odd, SECRET))
        assert claims.room == ""
        assert claims.attributes == {}

    def test_a_signed_body_satisfies_livekits_receiver(self) -> None:
        now = datetime.datetime.now(datetime.UTC).timestamp()
        body = '{"event": "room_started"}'
        receiver = api.WebhookReceiver(api.TokenVerifier(KEY, SECRET))
        authorization = self.verifier.sign_body(body.encode(), now)
        assert receiver.receive(body, authorization).event == "room_started"
        with pytest.raises(Exception, match="hash mismatch"):
            receiver.receive(body + " ", authorization)


class TestSettings:
    env = {"GIAOBAN_LIVEKIT_KEY": KEY, "GIAOBAN_LIVEKIT_SECRET": SECRET}

    def test_defaults_are_loopback_and_livekits_ports(self) -> None:
        settings = settings_from_env(self.env)
        assert (settings.bind, settings.http_port, settings.udp_port) == ("127.0.0.1", 7880, 7882)
        assert settings.webhook_url is None

    def test_the_webhook_follows_the_web_url(self) -> None:
        settings = settings_from_env({**self.env, "GIAOBAN_WEB_URL": "http://127.0.0.1:8080/"})
        assert settings.webhook_url == "http://127.0.0.1:8080/livekit/webhook"

    def test_announced_addresses_may_have_ports(self) -> None:
        settings = settings_from_env({**self.env, "GIAOBAN_MEDIA_ANNOUNCE": "10.0.0.1, 1.2.3.4:99"})
        assert settings.announce == (Announced("10.0.0.1", 0), Announced("1.2.3.4", 99))

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("GIAOBAN_LIVEKIT_KEY", ""),
            ("GIAOBAN_LIVEKIT_SECRET", "x" * 31),
            ("GIAOBAN_BIND", "example.org"),
            ("GIAOBAN_MEDIA_PORT", "65536"),
            ("GIAOBAN_MEDIA_ANNOUNCE", "example.org"),
            ("GIAOBAN_MEDIA_ANNOUNCE", "10.0.0.1:x"),
            ("GIAOBAN_MEDIA_WEBHOOK", "ftp://x"),
            ("GIAOBAN_MEDIA_UPLINK_BPS", "-1"),
            ("GIAOBAN_MEDIA_RESUME_SECONDS", "soon"),
        ],
    )
    def test_a_wrong_value_is_named(self, name: str, value: str) -> None:
        with pytest.raises(SettingsError, match=name):
            settings_from_env({**self.env, name: value})


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    bucket = TokenBucket(3, 2.0, now=0.0)
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.take(0.5)
    assert not bucket.take(0.6)
    assert [bucket.take(100.0) for _ in range(4)] == [True, True, True, False]
