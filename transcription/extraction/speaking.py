"""Who speaks in a passage whose seat does not tell it, kept from sentence to sentence.

A letter names its addressee once ("Kính gửi: Sở …") and then says "quý Sở"; minutes name the
speaker once ("Chủ tịch UBND xã X phát biểu: …") and then say "Xã", or nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from transcription.extraction.mentions.mention import Mention


@dataclass(slots=True)
class Speaking:
    """`sender`: the unit that speaks as the words told it; `introduced`: it was told plainly, or
    it asked for something already. `about`: the unit a sentence before was about.
    `letter_to`: whom the letter is written to. `listing`: a list of requests is open, to `list_to`
    where its heading named somebody. `asked`: the sentence before asked for something."""

    sender: Mention | None = None
    introduced: bool = False
    about: Mention | None = None
    letter_to: tuple[Mention, ...] = ()
    listing: bool = False
    list_to: tuple[Mention, ...] = ()
    asked: bool = False

    def silence(self) -> None:
        """Another one speaks now, nobody knows who: the chair."""
        self.sender, self.introduced, self.about = None, False, None
