"""State tables: an enum, one table, one function that applies it.

Nobody else assigns a state. A cell of a table is an outcome:

    To(STATE)   the action moves there
    STAY        the action is allowed, the state stays, history gets a row
    SAME        nothing to do: the answer is success and nothing is written
    "code"      refused with this error code (`wrong_state` where nothing better is said)

A table must be whole: every action answers for every state (checked when the module is imported).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, Generic, TypeVar

from server.domain.errors import GiaoBanError, UserError

S = TypeVar("S", bound=Enum)


@dataclass(frozen=True)
class To(Generic[S]):
    """Move to `state`."""

    state: S


class _Stay(Enum):
    STAY = "stay"
    SAME = "same"


STAY: Final = _Stay.STAY
SAME: Final = _Stay.SAME
WRONG: Final = "wrong_state"

Cell = To[S] | _Stay | str


@dataclass(frozen=True)
class Move(Generic[S]):
    """What applying an action came to. `changed` is False for SAME: then nothing may be written."""

    action: str
    old: S
    new: S
    changed: bool


class StateTable(Generic[S]):
    """`rules[action][state]` for every action and every state of the enum."""

    def __init__(
        self,
        name: str,
        states: type[S],
        rules: Mapping[str, Mapping[S, Cell[S]]],
        error: type[GiaoBanError] = UserError,
    ) -> None:
        """`error`: who is told of a refusal (a person; CallerError where a program acts)."""
        self.name, self.states, self.rules, self.error = name, states, rules, error
        for action, row in rules.items():
            missing = set(states) - set(row)
            if missing:
                raise ValueError(
                    f"{name}.{action} says nothing about {sorted(m.name for m in missing)}"
                )

    def move(self, action: str, state: S) -> Move[S]:
        """Apply `action` in `state`; an error with the cell's code where the table refuses."""
        cell = self.rules[action][state]
        if isinstance(cell, To):
            return Move(action, state, cell.state, changed=True)
        if cell is STAY:
            return Move(action, state, state, changed=True)
        if cell is SAME:
            return Move(action, state, state, changed=False)
        raise self.error(str(cell), object=self.name, state=state.value, action=action)

    def allows(self, action: str, state: S) -> bool:
        """Whether `action` would be a change in `state` (pages show only such buttons)."""
        cell = self.rules[action][state]
        return isinstance(cell, To) or cell is STAY


def row(
    states: type[S], default: Cell[S], *cells: tuple[S | tuple[S, ...], Cell[S]]
) -> dict[S, Cell[S]]:
    """A row of a table: `default` everywhere but where `cells` say otherwise."""
    out: dict[S, Cell[S]] = dict.fromkeys(states, default)
    for where, cell in cells:
        for state in where if isinstance(where, tuple) else (where,):
            out[state] = cell
    return out
