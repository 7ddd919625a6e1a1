"""Prefect automations that send our events to a notification block.

Run once, after the block was created in Prefect: `python -m flows.automations custom-webhook/chitieu`.
"""

import sys
from datetime import timedelta
from uuid import UUID

from prefect.automations import AutomationCore
from prefect.client.orchestration import get_client
from prefect.events.actions import SendNotification
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.exceptions import ObjectNotFound

from plans.errors import UsageError

# The events and the subjects of their messages.
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
}


def notify(block: str) -> list[str]:
    """Send each kind of event to the block ("type-slug/name"); returns the names of the automations.

    Automations of these names are replaced. Raises UsageError where there is no such block.
    """
    block_id = _block_id(block)
    names = []
    with get_client(sync_client=True) as client:
        for event, subject in SUBJECTS.items():
            name = f"Chỉ Tiêu: {event}"
            for old in client.read_automations_by_name(name):
                client.delete_automation(old.id)
            client.create_automation(_automation(name, event, subject, block_id))
            names.append(name)
    return names


def _automation(name: str, event: str, subject: str, block_id: UUID) -> AutomationCore:
    body = "{{ event.resource.id }} {{ event.payload }} {{ event.occurred }}"
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
    if len(sys.argv) != 2:
        sys.exit("usage: python -m flows.automations BLOCK (such as custom-webhook/chitieu)")
    try:
        print("\n".join(notify(sys.argv[1])))
    except UsageError as error:
        sys.exit(str(error))
