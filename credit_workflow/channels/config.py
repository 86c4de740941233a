"""Read which address gets which notification from a YAML file of the site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from credit_workflow.casework.notifications.delivery import Policy
from credit_workflow.errors import NotFound, UsageFault
from credit_workflow.strict_yaml.documents import read_yaml
from credit_workflow.text import Text


class Recipient(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the notifications to a role go; to the people of one unit where ``unit`` is given."""

    to: str
    urls: Annotated[tuple[str, ...], Meta(min_length=1)]
    unit: str | None = None


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A site's channels: addresses as Apprise writes them, how often to try, and the folder for the rest."""

    recipients: tuple[Recipient, ...] = ()
    retry: Policy = Policy()
    spool: str | None = None


def load_config(file: Path | None) -> Config:
    """Return the channels of a site, given its YAML file; without one everything goes into the spool.

    Raises:
        NotFound: there is no such file.
        UsageFault: it is not of that form, or an address is none; the address itself, which may
            hold a password, is not shown.
    """
    if file is None:
        return Config()
    if not file.is_file():
        raise NotFound(Text("没有文件 {f}", "there is no file {f}").fill(f=file), code="no_file")
    try:
        config = msgspec.convert(read_yaml(file)[0] or {}, Config)
    except msgspec.ValidationError as fault:
        raise _wrong(file, str(fault)) from None
    for place, recipient in enumerate(config.recipients):
        for number, url in enumerate(recipient.urls):
            if not _known(url):
                raise _wrong(file, f"recipients[{place}].urls[{number}]")
    return config


def _known(url: str) -> bool:
    try:
        import apprise  # noqa: PLC0415 - it starts slowly
    except ImportError:
        message = Text(
            "通知渠道需要 Apprise，请安装：pip install 'credit-workflow[notices]'",
            "channels need Apprise; install it with pip install 'credit-workflow[notices]'",
        )
        raise UsageFault(message, code="not_installed") from None
    return apprise.Apprise.instantiate(url, suppress_exceptions=True) is not None


def _wrong(file: Path, where: str) -> UsageFault:
    message = Text("通知渠道文件 {f} 有误：{w}", "the file of channels {f} has a mistake: {w}")
    return UsageFault(message.fill(f=file, w=where), code="channels")
