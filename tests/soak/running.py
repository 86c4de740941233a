"""The program's long-lived processes, talked to line by line, and what they use of the machine."""

from __future__ import annotations

import json
import os
import select
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.sizes import content_of, digests_in
from tests.acceptance.conftest import Answer, Command

#: After so many seconds without an answer the process is held to hang.
PATIENCE = 120


class Use(NamedTuple):
    """What a process holds: memory of its own in kB, and open files."""

    kilobytes: int
    files: int


class Process:
    """A process of the program that answers lines.

    Args:
        arguments: what Python runs.
        command: the environment and folder to run it in.
    """

    def __init__(self, arguments: list[str], command: Command) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *arguments], env=command.environ(), cwd=command.folder, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0,
        )  # fmt: skip
        self._rest = b""

    def tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")

    def hear(self) -> Any:
        """Return the next line's document."""
        assert self._process.stdout is not None
        while b"\n" not in self._rest:
            ready, _, _ = select.select([self._process.stdout], [], [], PATIENCE)
            assert ready, "no answer"
            more = os.read(self._process.stdout.fileno(), 1 << 20)
            assert more, f"ended with {self._process.wait()}: {self._rest.decode()}"
            self._rest += more
        line, self._rest = self._rest.split(b"\n", 1)
        return json.loads(line)

    def use(self) -> Use:
        """Return what the process holds now."""
        proc = Path("/proc") / str(self._process.pid)
        mapped = (proc / "smaps_rollup").read_text(encoding="ascii").splitlines()
        own = sum(int(line.split()[1]) for line in mapped if line.startswith(("Private_Dirty", "Private_Clean")))
        return Use(own, len(list((proc / "fd").iterdir())))

    def end(self) -> int:
        """Let it come to its end, as there are no more lines; return its exit code."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            return self._process.wait(PATIENCE)
        finally:
            self._process.stdout.close()

    def stop(self) -> None:
        """End it in any case, if it has not ended."""
        if self._process.poll() is None:
            self._process.kill()
            self.end()


@dataclass
class Site:
    """The program at work on one database: a shell for the day, a scheduler for the night.

    Args:
        command: runs single commands, as processes of their own.
        url: the database.
    """

    command: Command
    url: str

    def __post_init__(self) -> None:
        self.command.environment |= {"CREDIT_WORKFLOW_DB": self.url}

    def open(self) -> None:
        """Start both."""
        self.shell = Process(["-m", "credit_workflow", "--json", "shell", "--keep-going"], self.command)
        self.scheduler = Process(["-m", "tests.soak.clockwork"], self.command)

    def held(self) -> tuple[Use, Use]:
        """Return what the shell and the scheduler hold between two lines.

        The shell answers and then closes the database; that it answers another line, for which it opens none, shows
        that it has.
        """
        self.shell.tell("'")
        assert self.shell.hear()["error"]["code"] == "usage"
        return self.shell.use(), self.scheduler.use()

    def say(self, words: tuple[str, ...], who: str, at: str) -> tuple[int, Any]:
        """Run a command in the shell; return its exit code, as far as the answer tells, and the answer."""
        line = shlex.join([*words, *(["--as", who] if who else []), "--at", at])
        self.shell.tell(line)
        answer = self.shell.hear()
        return (0, answer) if "error" not in answer else (code_of(answer["error"]["code"]), answer)

    def say_apart(self, words: tuple[str, ...], who: str, at: str) -> tuple[int, Any]:
        """Run a command in a process of its own."""
        answer = self.command.process("", *words, who=who, at=at)
        return answer.code, answer.error if answer.code else answer.json

    def ok(self, words: str, who: str, at: str) -> Any:
        """Run a command in the shell that must succeed."""
        code, answer = self.say(tuple(words.split()), who, at)
        assert code == 0, answer
        return answer

    def job(self, number: int, at: str) -> list[Any]:
        """Have the scheduler do one of its jobs; return what it said."""
        self.scheduler.tell(f"{at} {number}")
        said = []
        while (answer := self.scheduler.hear()) != {"done": str(number)}:
            assert "error" not in answer, answer
            said.append(answer)
        return said

    def apart(self, line: str, who: str, at: str) -> Any:
        """Run a command in a process of its own that must succeed."""
        answer: Answer = self.command.process(line, who=who, at=at)
        assert answer.code == 0, answer.err
        return answer.json

    def close(self) -> None:
        """End both, as people do."""
        assert self.scheduler.end() == 0
        self.shell.end()

    def stop(self) -> None:
        """End both in any case."""
        for process in (self.shell, self.scheduler):
            process.stop()

    def bytes(self) -> int:
        """Return the size of the database, but for what digests list."""
        return content_of(self.url) - digests_in(self.url)


#: Exit codes by the code of an error; whatever else an error says is a refusal by a rule.
_CODES = {
    "missing_values": 2,
    "usage": 2,
    "role": 6,
    "no_case": 4,
    "no_record": 4,
    "conflict": 5,
    "fault": 1,
    "system": 1,
}


def code_of(code: str) -> int:
    """Return the exit code of an error in the shell, where a line has none of its own."""
    return _CODES.get(code, 3)
