"""Runs one cell in a real kernel: kernel_cell.py KERNEL CODE. SIGUSR1 interrupts the cell, which is then run once more.

Prints the kernel's process id first. Exit code 0 when the cell went well in the end, 1 when not, 3 when the kernel died.
"""

import queue
import signal
import sys

from jupyter_client import KernelManager

wanted = []
signal.signal(signal.SIGUSR1, lambda *_: wanted.append(1))


def run(manager, client, code):
    """The reply's status, `interrupted` after an interrupt, `died` without a kernel."""
    message = client.execute(code)
    interrupted = False
    while True:
        try:
            reply = client.get_shell_msg(timeout=0.1)
            if reply["parent_header"].get("msg_id") == message:
                print(reply["content"].get("evalue", ""), file=sys.stderr, flush=True)
                return "interrupted" if interrupted else reply["content"]["status"]
        except queue.Empty:
            pass
        if wanted:
            wanted.clear()
            interrupted = True
            manager.interrupt_kernel()
        if not manager.is_alive():
            return "died"


def main(kernel, code):
    manager = KernelManager(kernel_name=kernel)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=300)
        print(manager.provisioner.pid, flush=True)
        status = run(manager, client, code)
        if status == "interrupted":
            status = run(manager, client, code)
        return {"ok": 0, "died": 3}.get(status, 1)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=False)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
