"""Accounts: states, one-time links, password rules."""

from __future__ import annotations

from enum import StrEnum


class AccountState(StrEnum):
    """State of an account: đã mời, hoạt động, tạm khóa, vô hiệu."""

    INVITED = "invited"
    ACTIVE = "active"
    LOCKED = "locked"
    DISABLED = "disabled"


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    FIRST_SIGN_IN = "first_sign_in"
    RESET = "reset"


class Locale(StrEnum):
    """Language of the screen."""

    VI = "vi"
    EN = "en"
