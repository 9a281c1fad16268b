package replklab.tracking;

import replklab.tracking.MlflowApi.ServerRun;

/** Places on MLflow's page, below the server's address: its view of training runs, which is not the one that it opens by itself. */
final class RunPage {
    private static final String TRAINING = "?workflowType=machine_learning";

    private RunPage() {}

    static String of(ServerRun run) {
        return ofExperiment(run.experimentId()).replace(TRAINING, "/runs/" + run.id() + TRAINING);
    }

    static String ofExperiment(String experimentId) {
        return "/#/experiments/" + experimentId + TRAINING;
    }
}
