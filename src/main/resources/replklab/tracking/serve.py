"""MLflow's tracking server in one process, for the MlflowServer class that starts it.

`mlflow server` imports MLflow twice, in the command and again in the uvicorn child it starts; this file does what that
command does (mlflow.cli.server, mlflow.server._run_server) within one process, which halves the time to start. On top:
it takes a free port where the usual one is in use, it leaves the terminal's process group so that Ctrl-C reaches the
lab alone, which still has to log the end of its runs, and it ends when its standard input does, that is when the
process that started it is gone, however that went.

Usage: serve.py FOLDER PORT exact|any; prints the port it has taken as its first line, everything else goes to stderr.
"""

import gc
import os
import signal
import socket
import sqlite3
import sys
import threading

HOST = "127.0.0.1"


def bind(port, exact):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        if exact:
            sys.exit(f"port {port} of {HOST}: {error.strerror}")
        listener.bind((HOST, 0))
    return listener


def check(database):
    """Says at once what is wrong with the database; MLflow would try again for minutes."""
    try:
        connection = sqlite3.connect(database, timeout=10)
        connection.execute("BEGIN IMMEDIATE")
        connection.close()
    except sqlite3.Error as error:
        sys.exit(f"{database}: {error}")


def end_with_parent():
    try:
        while os.read(0, 4096):
            pass
    finally:
        os.kill(os.getpid(), signal.SIGTERM)


def main(folder, port, exact):
    if os.getpid() != os.getpgrp():
        os.setsid()
    database = os.path.join(folder, "mlflow.db")
    check(database)
    listener = bind(port, exact)
    print(listener.getsockname()[1], flush=True)
    os.dup2(2, 1)
    threading.Thread(target=end_with_parent, daemon=True).start()

    gc.disable()  # importing makes some million objects and hardly any garbage
    sys.path = [place for place in sys.path if place != folder]  # it holds no modules
    from mlflow.server import constants

    store = "sqlite:///" + database
    artifact_root = "mlflow-artifacts:/"  # clients send artifacts to this server, which writes the folder
    os.environ[constants.BACKEND_STORE_URI_ENV_VAR] = store
    os.environ[constants.REGISTRY_STORE_URI_ENV_VAR] = store
    os.environ[constants.ARTIFACT_ROOT_ENV_VAR] = artifact_root
    os.environ[constants.SERVE_ARTIFACTS_ENV_VAR] = "true"
    os.environ[constants.ARTIFACTS_DESTINATION_ENV_VAR] = os.path.join(folder, "artifacts")

    import uvicorn
    from mlflow.server import handlers
    from mlflow.server.fastapi_app import app

    handlers.initialize_backend_stores(store, store, artifact_root)
    gc.enable()
    gc.freeze()
    config = uvicorn.Config(app, log_level="warning", timeout_keep_alive=75, timeout_graceful_shutdown=2)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3] == "exact")
