"""Prints what an MLflow database holds as one JSON document: records.py URI, of SQLite or PostgreSQL."""

import json
import sqlite3
import sys


def connect(uri):
    if uri.startswith("sqlite:///"):
        return sqlite3.connect(uri.removeprefix("sqlite:///"), timeout=20)
    import psycopg2

    return psycopg2.connect(uri.replace("postgresql+psycopg2", "postgresql"))


def main(uri):
    connection = connect(uri)

    def rows(query):
        cursor = connection.cursor()
        cursor.execute(query)
        return cursor.fetchall()

    runs = {}
    for identity, experiment, name, status, stage, uri in rows(
        "select r.run_uuid, e.name, r.name, r.status, r.lifecycle_stage, r.artifact_uri"
        " from runs r join experiments e on e.experiment_id = r.experiment_id"
    ):
        runs[identity] = {
            "experiment": experiment,
            "name": name,
            "status": status,
            "stage": stage,
            "artifacts": uri,
            "params": {},
            "tags": {},
            "points": [],
            "inputs": [],
            "models": [],
        }
    for kind in ("params", "tags"):
        for run, key, value in rows(f"select run_uuid, key, value from {kind}"):
            runs[run][kind][key] = value
    for run, key, step, value, nan in rows(
        "select run_uuid, key, step, value, is_nan from metrics order by run_uuid, key, step"
    ):
        runs[run]["points"].append([key, step, "NaN" if nan else repr(value)])
    for run, digest, context in rows(
        "select i.destination_id, d.digest, t.value from inputs i join datasets d on d.dataset_uuid = i.source_id"
        " left join input_tags t on t.input_uuid = i.input_uuid"
        " where i.source_type = 'DATASET' and i.destination_type = 'RUN'"
    ):
        runs[run]["inputs"].append(f"{context} {digest}")
    for run, status, location in rows("select source_run_id, status, artifact_location from logged_models"):
        if run in runs:
            runs[run]["models"].append(f"{status} {location}")
    json.dump(runs, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
