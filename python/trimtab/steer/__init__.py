"""Steering: a tuner that chooses among settings of anybody's solver, and the record that steered runs leave behind."""

from ._decisions import Decisions
from ._ledger import Ledger
from ._suggestion import Suggestion
from ._tuner import Tuner

__all__ = ["Decisions", "Ledger", "Suggestion", "Tuner"]
