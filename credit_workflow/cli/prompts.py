"""Ask a person in a terminal, in the language settled on."""

from __future__ import annotations

from typing import Any

from rich import prompt

from credit_workflow.cli.language import say, t
from credit_workflow.errors import Refused

__all__ = ["Confirm", "Prompt"]


class Confirm(prompt.Confirm):
    """A question that is answered by yes or no."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Make the question, with what is said of any other answer."""
        super().__init__(*args, **options)
        self.validate_error_message = t("[prompt.invalid]请输入 y 或 n", "[prompt.invalid]Please enter y or n")


class Prompt(prompt.Prompt):
    """A question that is answered by a text, or by one of some choices."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Make the question, with what is said of a choice that is none."""
        super().__init__(*args, **options)
        self.illegal_choice_message = t(
            "[prompt.invalid.choice]请从所列各项中选择",
            "[prompt.invalid.choice]Please select one of the available options",
        )


def confirms_date(refusal: Refused) -> bool:
    """Ask whether today's date is right; the refusal says both dates."""
    print(say(refusal.message))
    today = refusal.details["today"]
    return Confirm.ask(t(f"今天确实是 {today} 吗？", f"Is today really {today}?"), default=False)
