"""MLflow's tracking server in one process, for the ServerProcess class that starts it.

`mlflow server` imports MLflow twice, in the command and again in the uvicorn child it starts; this file does what that
command does (mlflow.cli.server, mlflow.server._run_server) within one process, which halves the time to start and the
memory. Of MLflow's private parts it uses those in `mlflow_app` alone. On top of MLflow:

- it listens on its port before it says its number, and takes a free one where the wished one is in use; server.json then tells of it,
  so that it is found although the one that started it may die before it serves;
- it proves whose server it is: /replklab/proof?NONCE answers with a code that takes the folder's key, and requests
  that carry the token of another folder are refused with 503;
- it leaves the terminal's session, so that Ctrl-C does not reach it, and ends some seconds after no process holds a lock
  on the folder's server.lease any more, however those processes ended.

Reads from standard input, as JSON: folder, port, exact, key, token. Writes to standard output "listening N" when it listens
and "ready" when it serves, or "failed" and what is wrong; everything else goes to standard error.
"""

import fcntl
import gc
import hashlib
import hmac
import json
import os
import signal
import socket
import sqlite3
import sys
import threading
import time
import traceback

BEGAN = time.time()
HOST = "127.0.0.1"
GRACE_SECONDS = 5  # between two commands, or for a kernel that restarts
CLAIM_SECONDS = 10  # longer than one that ends by itself takes
STOP_SECONDS = 8


class Failure(Exception):
    """One line for the user."""


def listen(port, exact):
    """A restarted server may take its port at once only with SO_REUSEADDR, under which two may bind; one can listen."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
        return listener
    except OSError as error:
        listener.close()
        if exact or port == 0:
            raise Failure(f"port {port} of {HOST}: {error.strerror}") from error
        return listen(0, exact)


def check(database):
    """Says at once what is wrong with the database; MLflow would try again for minutes."""
    try:
        connection = sqlite3.connect(database, timeout=10)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE replklab_check (x)")  # a full disk shows when something is written
        connection.rollback()
        connection.close()
    except sqlite3.Error as error:
        raise Failure(f"{database}: {error}") from error


def claim(folder):
    """One server a folder, whatever names lead to it. One that is just ending keeps its lock for as long as the system takes it down."""
    file = open(os.path.join(folder, "server.running"), "a")
    deadline = time.monotonic() + CLAIM_SECONDS
    while True:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
        except OSError as error:
            if time.monotonic() > deadline:
                raise Failure(f"another MLflow works on {folder} already") from error
            time.sleep(0.05)


def started():
    """When this process began, in milliseconds, as Java tells it of a process."""
    try:
        with open("/proc/self/stat") as stat, open("/proc/stat") as system:
            ticks = int(stat.read().rpartition(")")[2].split()[19])
            boot = next(int(line.split()[1]) for line in system if line.startswith("btime "))
        return boot * 1000 + ticks * 1000 // os.sysconf("SC_CLK_TCK")
    except (OSError, StopIteration):  # no Linux
        return int(BEGAN * 1000)


def publish(folder, port):
    """What ServerProcess.last reads; for the owner alone, and whole at any moment."""
    file = os.path.join(folder, "server.json")
    with open(os.open(file + ".partial", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump({"pid": os.getpid(), "started": started(), "port": port}, out)
    os.replace(file + ".partial", file)


def end_when_unneeded(folder):
    """Ends this process when nobody has held a lease for a while; the lock it then keeps lets nobody in until it is gone."""
    with open(os.path.join(folder, "server.lease"), "r+") as lease:
        free_since = None
        while True:
            try:
                fcntl.lockf(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                free_since = None
            else:
                now = time.monotonic()
                free_since = free_since or now
                if now - free_since >= GRACE_SECONDS:
                    os.kill(os.getpid(), signal.SIGTERM)
                    time.sleep(STOP_SECONDS)
                    os._exit(1)
                fcntl.lockf(lease, fcntl.LOCK_UN)
            time.sleep(0.5)


def mlflow_app(folder, database):
    """MLflow's web application on a database and an artifact folder."""
    from mlflow.server import constants

    store = "sqlite:///" + database
    artifact_root = "mlflow-artifacts:/"  # clients send artifacts to this server, which writes the folder
    os.environ[constants.BACKEND_STORE_URI_ENV_VAR] = store
    os.environ[constants.REGISTRY_STORE_URI_ENV_VAR] = store
    os.environ[constants.ARTIFACT_ROOT_ENV_VAR] = artifact_root
    os.environ[constants.SERVE_ARTIFACTS_ENV_VAR] = "true"
    os.environ[constants.ARTIFACTS_DESTINATION_ENV_VAR] = os.path.join(folder, "artifacts")

    from mlflow.server import handlers
    from mlflow.server.fastapi_app import app

    handlers.initialize_backend_stores(store, store, artifact_root)
    return app


# What a new visitor's browser begins with, in MLflow's own words: experiments open with their training runs instead of the view for
# traces of language models, and its assistant waits until it is asked. Whoever has chosen otherwise keeps that.
FIRST_VISIT = b"""<script>
for (const [key, value] of [["mlflow.workflowType_v1", "machine_learning"], ["mlflow.assistant.fab.autoOpenedOnFirstLoad_v1", true]])
  try { localStorage.getItem(key) ?? localStorage.setItem(key, JSON.stringify(value)) } catch {}
</script>"""


class Door:
    """What is asked before MLflow is, and what stands on its page before its own."""

    def __init__(self, app, port, key, token):
        self.app, self.port, self.key, self.token = app, port, bytes.fromhex(key), ("Bearer " + token).encode()

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        if scope["path"] == "/replklab/proof":
            question = scope["query_string"] + b" %d" % self.port
            return await answer(send, 200, hmac.new(self.key, question, hashlib.sha256).hexdigest())
        for name, value in scope["headers"]:
            if name == b"authorization" and value.startswith(b"Bearer replklab-") and value != self.token:
                return await answer(send, 503, "this is the MLflow of another folder")
        return await self.app(scope, receive, first_visit(send) if scope["path"] == "/" else send)


def first_visit(send):
    """Sends MLflow's page with FIRST_VISIT at its head, and without what would let a browser keep one that has none."""
    start = None

    async def sent(message):
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
            return
        if start:
            head, begun, rest = message.get("body", b"").partition(b"<head>")
            if begun:
                message = message | {"body": head + begun + FIRST_VISIT + rest}
                headers = dict(start["headers"]) | {b"etag": b"", b"last-modified": b""}
                headers[b"content-length"] = b"%d" % (int(headers[b"content-length"]) + len(FIRST_VISIT))
                start = start | {"headers": [header for header in headers.items() if header[1]]}
            await send(start)
            start = None
        await send(message)

    return sent


async def answer(send, status, text):
    body = text.encode()
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def serve(orders, say):
    folder = orders["folder"]
    database = os.path.join(folder, "mlflow.db")
    claimed = claim(folder)  # kept open until the process ends
    check(database)
    listener = listen(orders["port"], orders["exact"])
    port = listener.getsockname()[1]
    publish(folder, port)
    say(f"listening {port}")

    gc.disable()  # importing makes some million objects and hardly any garbage
    sys.path = [place for place in sys.path if place != folder]  # it holds no modules
    try:
        import uvicorn

        app = Door(mlflow_app(folder, database), port, orders["key"], orders["token"])
    except ModuleNotFoundError as error:
        raise Failure(f"{error}; ./lab setup installs what is missing") from error
    gc.enable()
    gc.freeze()
    # Not before: to end in the middle of a migration would harm the database.
    threading.Thread(target=end_when_unneeded, args=[folder], daemon=True).start()
    say("ready")
    config = uvicorn.Config(app, log_level="warning", timeout_keep_alive=75, timeout_graceful_shutdown=2)
    uvicorn.Server(config).run(sockets=[listener])
    claimed.close()


def main():
    if os.getpid() != os.getpgrp():
        os.setsid()
    orders = json.load(sys.stdin)
    words = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

    def say(line):
        try:
            print(" ".join(line.split()), file=words, flush=True)
        except OSError:
            pass  # the one that started it is gone; others may need it

    try:
        serve(orders, say)
    except Exception as error:
        traceback.print_exc()
        say(f"failed {error}" if isinstance(error, Failure) else f"failed {type(error).__name__}: {error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
