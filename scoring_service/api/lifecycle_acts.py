"""Every call by which a lead is changed: the message, its conversion, the workflow."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from google.protobuf.message import Message

from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.stored import Keys
from scoring_service.workflows.lifecycle_requests import LeadView

Workflow = Callable[[Transaction, Policy, Any, datetime], LeadView]


@dataclass(frozen=True, slots=True)
class Act:
    """What is taken, how it is converted, what is done with it, what that reads, and the reply."""

    takes: type[Message]
    convert: Callable[[Any], Any]
    workflow: Workflow
    keys: Callable[[Any], Keys]
    replies: type[Message]

    @property
    def name(self) -> str:
        """The method's."""
        return str(self.takes.DESCRIPTOR.name).removesuffix("Request")


ACTS: tuple[Act, ...] = ()
