from __future__ import annotations

import threading
import time
import uuid

from db.uid import new_uid


def test_a_uid_is_a_uuid_of_version_7_with_the_time_in_it():
    before = time.time_ns() // 1_000_000
    uid = uuid.UUID(new_uid())
    assert uid.version == 7
    assert uid.variant == uuid.RFC_4122
    assert str(uid) == str(uid).lower()
    assert before <= (uid.int >> 80) <= time.time_ns() // 1_000_000 + 1000


def test_each_uid_sorts_after_the_one_before():
    uids = [new_uid() for _ in range(20_000)]
    assert uids == sorted(set(uids))


def test_uids_of_several_threads_are_all_different():
    found: list[str] = []

    def work() -> None:
        found.extend([new_uid() for _ in range(2_000)])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 8_000
