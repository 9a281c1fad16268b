"""Executes notebooks through their kernel, without a browser, and keeps the outputs.

Progress goes to standard error; standard output gets one line at the end, `N passed, N failed`. A failing cell ends its
notebook, whose outputs up to there are kept, and makes the exit code 1. What is written depends on the notebook alone: no
times, no machine, so that executing it again changes nothing but the results.
"""

import argparse
import asyncio
import pathlib
import re
import signal
import sys
import tempfile
import threading
import time


def stop(*_):
    """Ctrl-C and SIGTERM end the program through every `finally`; the second of two changes nothing."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(130)


for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, stop)

import nbclient  # noqa: E402 - the import takes a second, in which Ctrl-C should work too
import nbclient.exceptions  # noqa: E402
import nbformat  # noqa: E402

KERNEL = "replk-lab"
METADATA = {
    "kernelspec": {"display_name": "Java 25 (RepLK Lab)", "language": "java", "name": KERNEL},
    "language_info": {"name": "java"},
}
MARK = "replk-lab"  # where replklab.cli.MyNotebooks keeps what a copy is one of


def say(text):
    print(text, file=sys.stderr, flush=True)


class Progress:
    """Names each cell when it starts: in one line that is overwritten on a terminal, else only at the end."""

    def __init__(self, notebook, name):
        self.cells = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
        self.name = name
        self.start = time.monotonic()
        self.current = 0
        self.live = sys.stderr.isatty()

    def cell_starts(self, cell, cell_index):
        if cell_index in self.cells:
            self.current = self.cells.index(cell_index) + 1
            if self.live:
                self._overwrite(f"{self.name}: cell {self.current} of {len(self.cells)}, {self._seconds():.0f} s")

    def ends(self, result):
        if self.live:
            self._overwrite("")
        say(f"{self.name}: {result}, {self._seconds():.0f} s")

    def _seconds(self):
        return time.monotonic() - self.start

    def _overwrite(self, text):
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def error_text(notebook):
    """The Java error in the notebook's outputs, without colours."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                text = "\n".join(output.traceback) or f"{output.ename}: {output.evalue}"
                return re.sub(r"\x1b\[[0-9;]*m", "", text).strip()
    return None


def make_stable(notebook):
    """Drops what differs between two executions of the same notebook, such as times; gives what cells said on standard error.

    That is about this execution alone, such as that a port was taken: it belongs into the terminal, not into the notebook.
    """
    copied = {MARK: notebook.metadata[MARK]} if MARK in notebook.metadata else {}
    notebook.metadata = nbformat.from_dict(METADATA | copied)
    said = []
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            asides = [output for output in cell.outputs if is_aside(output)]
            said += [line for output in asides for line in output.text.splitlines()]
            cell.outputs = joined(output for output in cell.outputs if not is_aside(output))
    return said


def is_aside(output):
    return output.output_type == "stream" and output.name == "stderr"


def joined(outputs):
    """Pieces of a stream that follow each other become one: how they were cut depends on timing."""
    result = []
    for output in outputs:
        last = result[-1] if result else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            result.append(output)
    return result


class Execution:
    """One notebook executed in a thread of its own, where nbclient's signal handlers stay out of the way of ours."""

    def __init__(self, client, log):
        self.client = client
        self.log = log
        self.error = None
        self.loop = asyncio.new_event_loop()
        self.task = self.loop.create_task(client.async_execute(stdout=log, stderr=log))

    def run(self):
        """Executes to the end; raises what went wrong. When this program is told to stop, the kernel ends first."""
        thread = threading.Thread(target=self._work)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(0.2)
        finally:
            if thread.is_alive():
                self.loop.call_soon_threadsafe(self.task.cancel)
                thread.join()
        if self.error is not None:
            raise self.error

    def _work(self):
        try:
            self.loop.run_until_complete(self.task)
        except (Exception, asyncio.CancelledError) as error:
            self.error = error
        finally:
            self.loop.close()


def execute(source, target, kernel):
    """Executes one notebook; True when every cell went well."""
    notebook = nbformat.read(source, as_version=4)
    progress = Progress(notebook, source.name)
    client = nbclient.NotebookClient(
        notebook,
        kernel_name=kernel,
        timeout=None,
        startup_timeout=120,
        record_timing=False,
        resources={"metadata": {"path": str(source.parent)}},
        on_cell_start=progress.cell_starts,
    )
    failure = None
    try:
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
            try:
                Execution(client, log).run()
            except RuntimeError as error:  # among them DeadKernelError
                log.seek(0)
                failure = f"{error}. What the kernel said last:\n" + "".join(log.readlines()[-20:])
    except nbclient.exceptions.CellExecutionError as error:
        failure = error_text(notebook) or str(error)
    finally:
        for line in make_stable(notebook):
            say(f"{source.name}: {line}")
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, target)
    if failure is None:
        progress.ends("passed")
        return True
    progress.ends(f"FAILED in cell {progress.current} of {len(progress.cells)}")
    say("  " + failure.replace("\n", "\n  "))
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kernel", default=KERNEL, help="the name of the kernelspec (default: %(default)s)")
    parser.add_argument("--output-dir", type=pathlib.Path, help="write here, not over the notebooks")
    parser.add_argument("notebook", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    passed = failed = 0
    for source in options.notebook:
        source = source.resolve()
        target = options.output_dir.resolve() / source.name if options.output_dir else source
        if execute(source, target, options.kernel):
            passed += 1
        else:
            failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
