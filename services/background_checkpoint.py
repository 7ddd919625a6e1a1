"""Run the checkpoint in a process of its own, while the caller makes the pages that depend on it."""

import multiprocessing
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from multiprocessing.connection import Connection
from threading import Thread

from plans.errors import ChitieuError
from plans.model import Plan
from schemas.form_catalog import FormCatalog
from services.child_processes import end_with_parent
from services.context import AppContext
from warehouse.database import connect
from warehouse.form_catalog import catalog_of, with_catalog
from warehouse.quality.check_results import run_recorded_checkpoint
from warehouse.quality.checkpoint import Checked


class CheckpointProcessError(ChitieuError):
    """The process of the checkpoint ended without a result."""


def start_checkpoint(context: AppContext) -> Future[Checked]:
    """Start the checkpoint of a plan in a process of its own; return its results to come.

    The imports of Great Expectations and its queries take as long as the pages: on two cores half the time.
    The future raises what the checkpoint raises, and CheckpointProcessError.
    """
    thread = ThreadPoolExecutor(1)
    results = thread.submit(_run, context)  # a process takes its arguments only once it has its imports
    thread.shutdown(wait=False)
    return results


def _run(context: AppContext) -> Checked:
    method = multiprocessing.get_context("spawn")
    receiver, sender = method.Pipe(duplex=False)
    url = context.engine.url.render_as_string(hide_password=False)
    fixed = context.now if context.settings.now else None
    arguments = (url, fixed, catalog_of(context.engine), context.plan, context.now, sender)
    process = method.Process(target=_check, args=arguments, daemon=True)
    process.start()
    sender.close()  # so that the end of the process ends the pipe
    try:
        result: Checked | Exception = receiver.recv()
    except EOFError as error:
        message = "The checkpoint before publishing was killed, and nothing was published."
        hint = "Look for a lack of memory on the host, then run chitieu publish again."
        raise CheckpointProcessError(message, hint, retryable=True) from error
    process.join()
    if isinstance(result, Exception):
        raise result
    return result


def _check(
    url: str, fixed: datetime | None, catalog: FormCatalog, plan: Plan, now: datetime, sender: Connection
) -> None:
    Thread(target=end_with_parent, daemon=True).start()
    try:
        engine = with_catalog(connect(url, fixed), catalog)
        checked = run_recorded_checkpoint(engine, plan, now)
        # Results of Great Expectations cannot be sent to another process, their pages can.
        pages = {relation: partial(str, page()) for relation, page in checked.data_docs.items()}
        sender.send(Checked(checked.outcomes, pages))
    except Exception as error:  # raised again by the caller
        sender.send(error)
