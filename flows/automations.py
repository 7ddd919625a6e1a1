"""Prefect automations: runs that died are set to Crashed, and our events are sent to a notification block.

Run once, after the block was created in Prefect: `python -m flows.automations custom-webhook/chitieu`.
Without a block only dead runs are set to Crashed.
"""

import sys
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from prefect.automations import AutomationCore
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState, SendNotification
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.exceptions import ObjectNotFound

from flows.server_errors import server_errors
from plans.errors import ChitieuError, UsageError

# The events, the subjects of their messages, and the sections of docs/operations.md that state what to do.
SUBJECTS = {
    "chitieu.submission.refused": "Submissions were rejected; their clerks find in their outbox what to fix",
    "chitieu.body.overdue": "A report is overdue",
    "chitieu.period.closed": "A period was closed",
    "chitieu.audit.broken": "The audit chain is broken: stop publishing and follow docs/operations.md",
    "chitieu.drive.failed": "A drive cannot be listed; the other drives were ingested",
    "prefect.flow-run.Crashed": "A run crashed; the next one loads what is missing",
    "prefect.flow-run.TimedOut": "A run took too long and was stopped",
    "prefect.flow-run.Late": "A run is late: check that a worker is running",
    "prefect.flow-run.Failed": "A run failed; its state states what to do",
    "prefect.work-pool.not-ready": "No worker is running: start chitieu-worker, then chitieu doctor",
}
SECTIONS = {
    "chitieu.submission.refused": "A submission was rejected",
    "chitieu.body.overdue": "A report is overdue",
    "chitieu.period.closed": "A period was closed",
    "chitieu.audit.broken": "A broken audit chain",
    "chitieu.drive.failed": "The drive cannot be read",
    "prefect.flow-run.Crashed": "A run crashed or was killed",
    "prefect.flow-run.TimedOut": "A run took too long",
    "prefect.flow-run.Late": "No worker is running",
    "prefect.flow-run.Failed": "A run failed",
    "prefect.work-pool.not-ready": "No worker is running",
}

# prefect.yaml has a run send a heartbeat every 30 seconds: three missed ones mean that it is dead.
_SILENCE = timedelta(seconds=90)
_WATCH = "Chỉ Tiêu: runs without heartbeat"
_HEARTBEAT = "prefect.flow-run.heartbeat"
_ENDS = ("Completed", "Failed", "TimedOut", "Crashed", "Cancelling", "Cancelled", "Paused", "Suspended")


def notify(block: str) -> list[str]:
    """Send each kind of event to the block ("type-slug/name"); returns the names of the automations.

    Automations of these names are replaced. Raises UsageError where there is no such block.
    """
    block_id = _block_id(block)
    automations = [
        _automation(f"Chỉ Tiêu: {event}", event, subject, block_id) for event, subject in SUBJECTS.items()
    ]
    return _replace(automations)


def watch_runs() -> list[str]:
    """Set runs whose heartbeats stop to Crashed; returns the names of the automations, which are replaced."""
    trigger = EventTrigger(
        after={_HEARTBEAT},
        expect={_HEARTBEAT, *(f"prefect.flow-run.{state}" for state in _ENDS)},
        posture=Posture.Proactive,
        threshold=1,
        within=_SILENCE,
        for_each={"prefect.resource.id"},
    )
    message = "The run's heartbeats stopped: its process, its worker or the machine was ended."
    crash = ChangeFlowRunState(state=StateType.CRASHED, message=message)
    return _replace([AutomationCore(name=_WATCH, trigger=trigger, actions=[crash])])


def _replace(automations: Sequence[AutomationCore]) -> list[str]:
    with get_client(sync_client=True) as client:
        for automation in automations:
            for old in client.read_automations_by_name(automation.name):
                client.delete_automation(old.id)
            client.create_automation(automation)
    return [automation.name for automation in automations]


def _automation(name: str, event: str, subject: str, block_id: UUID) -> AutomationCore:
    section = f'What to do: docs/operations.md, "{SECTIONS[event]}".'
    body = f"{{{{ event.resource.id }}}} {{{{ event.payload }}}} {{{{ event.occurred }}}} {section}"
    return AutomationCore(
        name=name,
        trigger=EventTrigger(
            expect={event},
            posture=Posture.Reactive,
            threshold=1,
            within=timedelta(0),
            for_each={"prefect.resource.id"},
        ),
        actions=[SendNotification(block_document_id=block_id, subject=subject, body=body)],
    )


def _block_id(block: str) -> UUID:
    slug, _, name = block.partition("/")
    with get_client(sync_client=True) as client:
        try:
            found = client.read_block_document_by_name(name=name, block_type_slug=slug)
        except ObjectNotFound:
            raise UsageError(
                f"Prefect has no block {block}: make one, such as custom-webhook/chitieu."
            ) from None
    return found.id


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit("usage: python -m flows.automations [BLOCK] (such as custom-webhook/chitieu)")
    try:
        with server_errors():
            print("\n".join(watch_runs() + [name for block in sys.argv[1:] for name in notify(block)]))
    except ChitieuError as error:
        sys.exit(f"{error} {error.hint}".strip())
