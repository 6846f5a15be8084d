"""Codes: hashed, counted, expiring, single use; only for what they were made for."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from db.admins import appoint, dismiss, handle_of, issue_code, open_codes, redeem_code, revoke_code, role_of
from db.engine import Database, open_database
from db.tables import Code
from tests.product import MORNING

ROLES = ["owner", "editor"]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/triptych.db")
    yield database
    database.close()


def test_a_code_is_stored_as_its_hash_alone(database: Database) -> None:
    code = database.write_now(issue_code, "editor", MORNING)
    assert code not in database.read_now(lambda session: session.exec(select(Code)).one().model_dump_json())


def test_a_code_works_as_often_as_it_was_made_for_and_not_after_its_time(database: Database) -> None:
    code = database.write_now(issue_code, "invite", MORNING, uses=2, expires_at=MORNING + timedelta(hours=1))
    late = MORNING + timedelta(hours=2)
    assert database.write_now(redeem_code, code, ["invite"], late) is None
    assert [database.write_now(redeem_code, code, ["invite"], MORNING) for _ in range(3)] == ["invite", "invite", None]
    assert database.read_now(open_codes, ["invite"], MORNING) == []


def test_an_invitation_for_readers_makes_nobody_an_editor(database: Database) -> None:
    code = database.write_now(issue_code, "invite", MORNING)
    assert database.write_now(redeem_code, code, ROLES, MORNING) is None
    assert database.write_now(redeem_code, "", ROLES, MORNING) is None
    assert database.write_now(redeem_code, code, ["invite"], MORNING) == "invite"


def test_a_code_that_was_taken_back_is_worth_nothing(database: Database) -> None:
    code = database.write_now(issue_code, "editor", MORNING)
    (row,) = database.read_now(open_codes, ROLES, MORNING)
    assert not database.write_now(revoke_code, handle_of(row), ["invite"])
    assert not database.write_now(revoke_code, "", ROLES)
    assert database.write_now(revoke_code, handle_of(row), ROLES)
    assert database.write_now(redeem_code, code, ROLES, MORNING) is None


def test_an_editor_who_was_dismissed_has_no_role(database: Database) -> None:
    database.write_now(appoint, [7], "editor", MORNING)
    assert database.write_now(dismiss, 7)
    assert database.read_now(role_of, 7) is None
    assert not database.write_now(dismiss, 7)
