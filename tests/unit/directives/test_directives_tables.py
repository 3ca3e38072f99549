"""The state tables of candidates, directives and assignments, cell by cell (model §2.9–2.11)."""

from __future__ import annotations

import pytest

from server.domain.directives import (
    ASSIGNMENTS,
    DIRECTIVES,
    AssignmentState,
    DirectiveState,
)
from server.domain.errors import UserError
from server.domain.review import CANDIDATES, CandidateState
from server.domain.states import StateTable

# "=" nothing to do, "●" allowed and stays, "x" wrong_state, "nf" not_found, else the new state.
CANDIDATE_ROWS = """
                    open     accepted rejected merged split stale
edit                ●        x        x        x      x     open
accept              accepted =        accepted x      x     accepted
reject              rejected x        =        x      x     rejected
undo                =        open     open     x      x     x
draft_discarded     x        open     x        x      x     x
matched_again       =        =        =        =      =     open
not_matched         stale    =        =        =      =     =
not_matched_edited  =        =        =        =      =     =
"""
DIRECTIVE_ROWS = """
                   draft     issued discarded withdrawn
edit               ●         x      x         x
add_lead           ●         ●      x         x
remove_lead        ●         x      x         x
add_coordinator    ●         ●      x         x
remove_coordinator ●         x      x         x
issue              issued    =      x         x
discard            discarded x      =         x
"""
ASSIGNMENT_ROWS = """
                  draft new       received  in_progress submitted returned  done refused suspended withdrawn merged
issue             new   =         =         =           =         =         =    =       =         x         x
receive           nf    received  =         =           =         =         =    received x        x         x
save_draft_report nf    ●         ●         ●           x         ●         x    x       ●         x         x
submit_result     nf    submitted submitted submitted   x         submitted x    x       x         x         x
confirm           x     x         x         x           done      x         =    x       x         x         x
return            x     x         x         x           returned  =         x    x       x         x         x
"""  # noqa: E501


def cells(rows: str) -> list[tuple[str, str, str]]:
    head, *lines = [line.split() for line in rows.strip("\n").splitlines()]
    return [
        (line[0], state, cell) for line in lines for state, cell in zip(head, line[1:], strict=True)
    ]


def outcome(table: StateTable, action: str, state: str) -> str:
    old = table.states(state)
    try:
        move = table.move(action, old)
    except UserError as error:
        return {"wrong_state": "x", "not_found": "nf"}[error.code]
    if not move.changed:
        assert move.new is old
        return "="
    return "●" if move.new is old else move.new.value


@pytest.mark.parametrize(("action", "state", "expected"), cells(CANDIDATE_ROWS))
def test_a_candidate_moves_as_the_table_says(action: str, state: str, expected: str) -> None:
    assert outcome(CANDIDATES, action, state) == expected


@pytest.mark.parametrize(("action", "state", "expected"), cells(DIRECTIVE_ROWS))
def test_a_directive_moves_as_the_table_says(action: str, state: str, expected: str) -> None:
    assert outcome(DIRECTIVES, action, state) == expected


@pytest.mark.parametrize(("action", "state", "expected"), cells(ASSIGNMENT_ROWS))
def test_an_assignment_moves_as_the_table_says(action: str, state: str, expected: str) -> None:
    assert outcome(ASSIGNMENTS, action, state) == expected


@pytest.mark.parametrize(
    ("table", "rows", "states"),
    [
        (CANDIDATES, CANDIDATE_ROWS, CandidateState),
        (DIRECTIVES, DIRECTIVE_ROWS, DirectiveState),
        (ASSIGNMENTS, ASSIGNMENT_ROWS, AssignmentState),
    ],
    ids=["candidate", "directive", "assignment"],
)
def test_every_action_and_state_is_written_here(
    table: StateTable, rows: str, states: type[CandidateState]
) -> None:
    written = {(action, state) for action, state, _ in cells(rows)}
    assert written == {(action, state.value) for action in table.rules for state in states}
