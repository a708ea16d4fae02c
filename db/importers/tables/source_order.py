"""In which order the sources of an export stood in their project: told by the events that name several. No I/O."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Container, Sequence
from itertools import pairwise


class SourceOrder:
    """Learns of some sources at a time which stands before which."""

    def __init__(self) -> None:
        self._after: dict[int, set[int]] = defaultdict(set)

    def learn(self, ids: Sequence[int]) -> None:
        """These stand in this order; other ones may stand between them."""
        for first, second in pairwise(ids):
            self._after[first].add(second)

    def of(self, ids: Sequence[int]) -> list[int]:
        """The same ids so that all that was learnt holds, and otherwise as they are given; where what was learnt
        contradicts itself, the first of those given goes first.
        """
        at = {each: number for number, each in enumerate(ids)}
        after = {each: self._following(each, at) for each in ids}
        before = dict.fromkeys(ids, 0)
        for first in ids:
            for second in after[first]:
                before[second] += 1
        ready = [at[each] for each in ids if not before[each]]
        heapq.heapify(ready)
        found: dict[int, None] = {}
        waiting = iter(ids)
        while len(found) < len(ids):
            first = ids[heapq.heappop(ready)] if ready else next(each for each in waiting if each not in found)
            if first in found:
                continue
            found[first] = None
            for second in after[first]:
                before[second] -= 1
                if not before[second]:
                    heapq.heappush(ready, at[second])
        return list(found)

    def _following(self, first: int, given: Container[int]) -> set[int]:
        """Which of those given stand behind one, with none but others between them."""
        seen, waiting = {first}, [first]
        while waiting:
            for second in self._after.get(waiting.pop(), set()) - seen:
                seen.add(second)
                if second not in given:
                    waiting.append(second)
        return {each for each in seen if each in given} - {first}
