"""The commands, in the order in which `timeline --help` shows them."""

import typer

from timeline import __version__
from timeline.commands import extracting, keeping, looking, running, status

app = typer.Typer(
    help="Drop documents into a folder; see every dated statement in them on one timeline.",
    epilog="Settings are TIMELINE_* environment variables; README.md lists them. Start with: timeline up",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_PANELS = {
    "Every day": (running.up, running.build, running.add, looking.open_page, extracting.extract),
    "Look": (looking.events, status.status, looking.logs, looking.failures, looking.explain, keeping.doctor),
    "Correct and keep": (
        keeping.retry,
        keeping.redate,
        keeping.withdraw,
        keeping.export,
        keeping.backup,
        keeping.restore,
        keeping.reset,
    ),
    "The roles one by one, for several machines": (running.watch, running.worker, running.assemble, running.serve),
}
for _panel, _commands in _PANELS.items():
    for _command in _commands:
        app.command(_command.__name__.removesuffix("_page"), rich_help_panel=_panel)(_command)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"timeline-builder {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Say which version."),
    debug: bool = typer.Option(False, "--debug", help="Show a traceback when something fails."),
) -> None:
    del version, debug  # --version is answered by its callback, --debug by cli.main before Typer sees it
