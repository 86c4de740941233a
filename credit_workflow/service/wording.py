"""Give words, signs and widths of text to those who draw what is answered."""

from credit_workflow.casework.explanation.grid_signs import legend, month_name, signs, weekday_name
from credit_workflow.definition.words.lengths import length_words
from credit_workflow.definition.words.wording import width

__all__ = ["legend", "length_words", "month_name", "signs", "weekday_name", "width"]
