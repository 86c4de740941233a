"""Define what all parts of a definition are made of."""

# Without `from __future__ import annotations`: msgspec would compile the text of each one, in every command anew.

from typing import Annotated

from msgspec import Meta

from credit_workflow.strict_yaml.patterns import form

Identifier = Annotated[str, form(r"^[a-z][a-z0-9_]*$", "a plain English name")]
Choice = Annotated[str, form(r"^[A-Za-z][A-Za-z0-9_]*$", "what a choice is called")]
Expression = Annotated[str, Meta(min_length=1, description="an expression in CEL")]
Source = Annotated[str, Meta(min_length=1, description="the clause, or [practice]")]
Length = Annotated[str, form(r"^([0-9]+ (working days?|days?|years?)|same day)$")]
Interval = Annotated[str, form(r"^[1-9][0-9]{0,2} (days?|months?|years?)$")]
