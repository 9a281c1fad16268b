package replklab.tracking;

/** Where a run stands; the names are MLflow's. */
public enum RunStatus {
    RUNNING,
    SCHEDULED,
    FINISHED,
    /** Ended by an error of its own. */
    FAILED,
    /** Ended from outside: Ctrl-C, a signal, the machine. */
    KILLED;

    /** Whether nothing more is expected of the run. */
    public boolean ended() {
        return this != RUNNING && this != SCHEDULED;
    }
}
