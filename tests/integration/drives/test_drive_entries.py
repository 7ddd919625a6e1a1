"""Addresses without their credentials, and times as the protocols tell them."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drives.faults import explain
from drives.listing import DriveError, list_drive, modified_of
from drives.urls import public_url


@pytest.mark.parametrize(
    "password", ["s3cret", "s3cret/x9", "s3cret@x9", "x9%2Fs3cret", "s3cret#x9", "x9?s3cret"]
)
@pytest.mark.parametrize("scheme", ["smb", "sftp", "webdav", "nonsense"])
def test_no_error_shows_a_password(scheme: str, password: str) -> None:
    with pytest.raises(DriveError) as caught:
        list_drive(f"{scheme}://someone:{password}@127.0.0.1:1/share")
    assert f"{scheme}://127.0.0.1:1/share" in str(caught.value)
    for secret in ("someone", "s3cret", password):
        assert secret not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_no_piece_of_a_torn_password_is_shown() -> None:
    error = ValueError("Port could not be cast to integer value as 's3cret'")
    assert "s3cret" not in explain(error, "smb://someone:s3cret/x9@server/share")


PLAIN = st.text("abcxyz0189._-", min_size=1)


@given(
    scheme=st.sampled_from(["smb", "sftp", "webdav", "s3"]),
    user=PLAIN,
    password=st.text("abc:@%;", min_size=1),
    host=PLAIN,
    port=st.sampled_from(["", ":445"]),
    path=st.text("abc/@ :").map(lambda text: f"/{text}"),
)
@example(scheme="smb", user="0", password=":", host="0", port="", path="/://@")
@settings(deadline=None)
def test_public_url_takes_off_credentials_and_nothing_else(
    scheme: str, user: str, password: str, host: str, port: str, path: str
) -> None:
    public = f"{scheme}://{host}{port}{path}"
    assert public_url(f"{scheme}://{user}:{password}@{host}{port}{path}") == public
    assert public_url(f"{scheme}://{user}@{host}{port}{path}") == public
    assert public_url(public) == public


@pytest.mark.parametrize("path", ["/x/a@b", "file:///x/u:p@b?c", "C:\\a@b", "file://C:/a@b"])
def test_public_url_leaves_local_paths(path: str) -> None:
    assert public_url(path) == path


def test_public_url_takes_off_tokens() -> None:
    assert public_url("webdav://h/share?token=abc") == "webdav://h/share"


MOMENT = datetime(2020, 3, 1, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("entry", "moment"),
    [
        ({"mtime": MOMENT.timestamp()}, MOMENT),
        ({"mtime": int(MOMENT.timestamp())}, MOMENT),
        ({"LastModified": MOMENT.astimezone(timezone(timedelta(hours=7)))}, MOMENT),
        ({"last_write_time": MOMENT.replace(tzinfo=None)}, MOMENT),
        ({"modified": None, "updated": "2020-03-01T05:00:00Z"}, MOMENT),
        ({"modified": "Sun, 01 Mar 2020 05:00:00 GMT"}, None),
        ({"mtime": 1e300}, None),
        ({"created": MOMENT}, None),
        ({}, None),
    ],
)
def test_protocols_name_the_time_differently(
    entry: dict[str, object], moment: datetime | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as far_away:
        far_away.setenv("TZ", "Asia/Ho_Chi_Minh")
        time.tzset()
        modified = modified_of(entry)
    time.tzset()
    assert modified == moment
    assert modified is None or modified.tzinfo is UTC
