"""Asks a real kernel one thing after the other: kernel_session.py KERNEL, with a JSON list on standard input.

Each entry is {"code": ...}, run as a cell, interrupted when it has printed the text "interrupt" names, if any; or {"inspect":
code, "cursor": n}. Prints a JSON list: status, number, data, what was printed on each stream and an
error's stack trace; found and data.
"""

import json
import queue
import re
import sys
import time

from jupyter_client.manager import start_new_kernel

PATIENCE = 120  # seconds; nothing here takes a tenth of it


def cell(manager, client, step):
    message = client.execute(step["code"])
    result = {"stdout": "", "stderr": "", "data": "", "error": "", "trace": ""}
    wanted = step.get("interrupt")
    deadline = time.monotonic() + PATIENCE
    while True:
        news = client.get_iopub_msg(timeout=max(1, deadline - time.monotonic()))
        if news["parent_header"].get("msg_id") != message:
            continue
        kind, content = news["msg_type"], news["content"]
        if kind == "stream":
            result[content["name"]] += content["text"]
        elif kind == "error":
            result["error"] += content["ename"] + ": " + content["evalue"]
            result["trace"] += re.sub("\x1b\\[[0-9;]*m", "", "\n".join(content["traceback"]))
        elif kind == "execute_result":
            result["data"] += content["data"].get("text/plain", "")
        elif kind == "status" and content["execution_state"] == "idle":
            break
        if wanted and wanted in result["stdout"]:
            wanted = None
            manager.interrupt_kernel()
    answer = reply(client, message)
    result["status"], result["count"] = answer["status"], answer.get("execution_count")
    return result


def reply(client, message):
    while True:
        answer = client.get_shell_msg(timeout=PATIENCE)
        if answer["parent_header"].get("msg_id") == message:
            return answer["content"]


def inspect(client, step):
    content = reply(client, client.inspect(step["inspect"], step["cursor"]))
    return {"found": content["found"], "data": content["data"].get("text/plain", "")}


def main(kernel):
    manager, client = start_new_kernel(kernel_name=kernel, startup_timeout=PATIENCE)
    try:
        answers = []
        for step in json.load(sys.stdin):
            try:
                answers.append(cell(manager, client, step) if "code" in step else inspect(client, step))
            except queue.Empty:
                answers.append({"status": "no answer to " + json.dumps(step)})
                break
        json.dump(answers, sys.stdout)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
