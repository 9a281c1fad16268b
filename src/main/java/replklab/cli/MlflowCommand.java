package replklab.cli;

import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import replklab.base.LabException;

/** {@code ./lab mlflow}: the tracker's web page, until Ctrl-C. */
@Command(name = "mlflow", description = "The tracker's web page.", mixinStandardHelpOptions = true)
final class MlflowCommand implements Callable<Integer> {
    private static final int LOOK_EVERY_MS = 2_000;

    @Override
    public Integer call() throws InterruptedException {
        try (TrackerPage tracker = TrackerPage.open()) {
            System.out.println("MLflow  " + tracker.page());
            if (tracker.server().isEmpty()) {
                System.out.println("It is the one that " + TrackerPage.ADDRESS_VARIABLE + " names.");
                return 0;
            }
            var server = tracker.server().get();
            if (!server.owned()) {
                System.out.println("It runs already, and stops with the command that started it.");
                return 0;
            }
            System.out.println("Ctrl-C stops it.");
            BooleanSupplier stopping = Ending.watch();
            while (server.answers() || stopping.getAsBoolean()) {
                Thread.sleep(LOOK_EVERY_MS);
            }
        }
        throw new LabException("MLflow ended by itself; its log is mlruns/server.log");
    }
}
