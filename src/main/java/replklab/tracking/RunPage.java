package replklab.tracking;

/** Places on MLflow's page, below the server's address: its view of training runs, which is not the one that it opens by itself. */
final class RunPage {
    /** All experiments. */
    static final String EXPERIMENTS = place("");

    private RunPage() {}

    static String ofExperiment(String experimentId) {
        return place("/" + experimentId);
    }

    static String of(String experimentId, String runId) {
        return place("/" + experimentId + "/runs/" + runId);
    }

    private static String place(String below) {
        return "/#/experiments" + below + "?workflowType=machine_learning";
    }
}
