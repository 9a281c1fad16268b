package replklab.tracking;

/** Names of the tags that this program sets or reads; those that begin with {@code mlflow.} have a meaning to MLflow. */
public final class RunTags {
    public static final String NAME = "mlflow.runName";
    public static final String PARENT = "mlflow.parentRunId";
    public static final String USER = "mlflow.user";
    public static final String SOURCE = "mlflow.source.name";
    public static final String SOURCE_TYPE = "mlflow.source.type";
    public static final String COMMIT = "mlflow.source.git.commit";
    public static final String DESCRIPTION = "mlflow.note.content";

    /** Finds a run again whose creation was not answered: a UUID made here. */
    public static final String KEY = "replklab.key";

    /** Of a run that other programs start runs below: its key once more, which stays when another MLflow is told of it. */
    public static final String SHARED_KEY = "replklab.shared_key";

    public static final String PARENT_KEY = "replklab.parent_key";

    /** Of an experiment: its name. */
    public static final String EXPERIMENT = "replklab.experiment";

    public static final String VARIANT = "replklab.variant";
    public static final String SEED = "replklab.seed";
    public static final String PROFILE = "replklab.profile";
    public static final String BACKEND = "replklab.backend";
    public static final String PAPER_TABLE = "replklab.paper_table";
    /** {@code true} when the checkout held changes that the commit does not. */
    public static final String DIRTY = "replklab.dirty_tree";

    public static final String JDK = "replklab.jdk";
    public static final String MACHINE = "replklab.machine";

    /** Options of the JVM, without paths. */
    public static final String JVM_FLAGS = "replklab.jvm_flags";

    /** MLflow's id of the run that this one repeats. */
    public static final String RERUN_OF = "replklab.rerun_of";

    /** {@link #DIVERGED} for a run that ended because its loss was no longer finite; with where, it is a finished run. */
    public static final String OUTCOME = "replklab.outcome";

    public static final String DIVERGED = "diverged";

    public static final String DIVERGED_STEP = "replklab.diverged_step";
    public static final String DIVERGED_LAYER = "replklab.diverged_layer";

    private RunTags() {}
}
