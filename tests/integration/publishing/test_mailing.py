"""Messages go out over a real mail server on loopback, and no password reaches a message to the operator."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from plans.model import Plan
from publishing.reminders.mailing import MailError, send
from services.context import AppContext
from services.scheduled_jobs import remind
from services.settings import Settings
from tests.support.drive_servers import free_port
from tests.support.pipeline import work as pipeline_work
from tests.support.reports import PLAN

NOW = datetime(2020, 2, 18, tzinfo=UTC)


class Inbox:
    def __init__(self) -> None:
        self.messages: list[Any] = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # type: ignore[no-untyped-def]  # noqa: N802
        if address.startswith("khong-co"):
            return "550 no such box"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # type: ignore[no-untyped-def]  # noqa: N802
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def server() -> Iterator[tuple[str, Inbox]]:
    inbox = Inbox()
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}?from=chitieu@dongnai.example", inbox
    finally:
        controller.stop()


def test_each_gets_its_message_and_a_refused_one_stops_nobody(server: tuple[str, Inbox]) -> None:
    url, inbox = server
    texts = [("a@x.example", "Kính gửi: A\n"), ("khong-co@x.example", "B"), ("a@x.example", "Kính gửi: C\n")]
    problems = send(url, "Nhắc báo cáo", texts, NOW)
    assert [m.get_content() for m in inbox.messages] == ["Kính gửi: A\r\n", "Kính gửi: C\r\n"]
    assert problems == ["The message to khong-co@x.example was rejected (SMTPRecipientsRefused)."]
    first = inbox.messages[0]
    assert (first["To"], first["From"], first["Subject"]) == (
        "a@x.example",
        "chitieu@dongnai.example",
        "Nhắc báo cáo",
    )
    send(url, "Nhắc báo cáo", texts[:1], NOW)
    assert inbox.messages[-1]["Message-ID"] == first["Message-ID"] != inbox.messages[1]["Message-ID"]


def test_unusable_settings_are_reported_without_the_password(server: tuple[str, Inbox]) -> None:
    url, _ = server
    for bad in (
        url.replace("smtp://", "smtp://user:geheim@"),  # a password is never sent in the clear
        "smtp://user:geheim@127.0.0.1:9?from=a@b.example",
        "http://user:geheim@127.0.0.1",
    ):
        with pytest.raises(MailError) as caught:
            send(bad, "x", [("a@x.example", "x")], NOW)
        assert "geheim" not in str(caught.value)
        assert "CHITIEU_SMTP_URL" in str(caught.value)


def test_bodies_with_an_address_are_reminded_by_mail(
    server: tuple[str, Inbox], warehouse_url: str, tmp_path: Path
) -> None:
    url, inbox = server
    declared = PLAN.model_dump()
    for body in declared["bodies"]:
        if body["code"] == "CAT":
            body["email"] = "congan@dongnai.example"
    plan = Plan.model_validate(declared)
    engine = pipeline_work(warehouse_url, tmp_path, plan).engine
    settings = Settings(home=tmp_path, database_url=warehouse_url, sources=(), smtp_url=url)
    result = remind(AppContext(settings, plan, NOW, engine), [])
    assert (result["mailed"], result["problems"]) == (1, [])
    assert inbox.messages[0]["To"] == "congan@dongnai.example"
    assert inbox.messages[0].get_content().startswith("Kính gửi: Công an tỉnh")


@pytest.mark.parametrize(
    "address", ["a@b.example, c@d.example", "a\nBcc: b@c.example", "<a@b.example>", "@b"]
)
def test_a_plan_names_one_plain_address(address: str) -> None:
    declared = PLAN.model_dump()
    declared["bodies"][0]["email"] = address
    with pytest.raises(ValueError, match="email"):
        Plan.model_validate(declared)
