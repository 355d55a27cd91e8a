"""The command line: what each command is called, how an error reads, which exit code it gives.

The commands stand in timeline/commands/; each loads its door (store, queue, web…) only when it runs.
"""

import json
import os
import sys
from types import TracebackType

OK, FAILURE, USAGE, SOME_FAILED, INTERRUPTED = 0, 1, 2, 3, 130


def main() -> None:
    """The console script `timeline`."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    if not debug:
        sys.excepthook = _one_line
    try:
        code = run(arguments, debug=debug)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:  # `timeline events | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = OK
    sys.exit(code)


def run(arguments: list[str], *, debug: bool = False) -> int:
    """Run one command line; its exit code."""
    if arguments[:1] == ["extract"] and "--jsonl" in arguments and not {"--help", "-h"} & set(arguments):
        return _extract_jsonl(arguments)
    # Not at the top: Typer alone would cost `extract --jsonl` half of its start-up.
    import typer

    from timeline.commands import app
    from timeline.errors import TimelineError, UsageError

    command = typer.main.get_command(app)
    try:
        code = command.main(arguments, prog_name="timeline", standalone_mode=False)
    except typer.TyperException as error:
        if error.format_message():  # empty when the help was shown instead
            _say(f"{error.format_message()} See `timeline {_command_of(arguments)}--help`.")
        return error.exit_code
    except typer.Abort:
        return INTERRUPTED
    except TimelineError as error:
        if debug:
            raise
        _say(str(error))
        return USAGE if isinstance(error, UsageError) else FAILURE
    return code if isinstance(code, int) else OK


def _extract_jsonl(arguments: list[str]) -> int:
    """The streaming door: nothing is loaded but the tagger, so that the first line leaves at once."""
    unknown = [argument for argument in arguments[1:] if argument != "--jsonl"]
    if unknown:
        _say(f"--jsonl takes everything from its lines; {unknown[0]!r} has no meaning beside it.")
        return USAGE
    from timeline.errors import UsageError
    from timeline.temporal.jsonl import tag_line

    code = OK
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            answer = tag_line(line.decode("utf-8", "surrogateescape"))
        except UsageError as error:  # whoever waits for an answer to every line gets one
            _say(f"line {number}: {error}")
            answer = json.dumps({"id": None, "timexes": [], "error": str(error)}, ensure_ascii=False)
            code = SOME_FAILED
        sys.stdout.buffer.write(answer.encode("utf-8", "surrogateescape") + b"\n")
        sys.stdout.buffer.flush()
    return code


def _command_of(arguments: list[str]) -> str:
    return f"{arguments[0]} " if arguments and not arguments[0].startswith("-") else ""


def _say(message: str) -> None:
    print(f"timeline: {' '.join(message.split())}", file=sys.stderr)


def _one_line(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    """What nobody foresaw: one line for the reader, the traceback for those who ask."""
    _say(f"{kind.__name__}: {error}. This is a bug; `--debug` shows where.")
