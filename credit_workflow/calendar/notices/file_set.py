"""Find the files of a calendar, or of one layer over it, before they are read."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from credit_workflow.calendar.compiled import KeptNotice
from credit_workflow.strict_yaml.handed import Handed


class LayerParts(Struct, frozen=True):
    """What a calendar, or a layer over one, is made of: its settings, its notices' files, those kept elsewhere."""

    settings: Path | Handed
    notices: tuple[Path | Handed, ...]
    kept: tuple[KeptNotice, ...] = ()
