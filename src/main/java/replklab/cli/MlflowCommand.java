package replklab.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./lab mlflow}: the tracker's web page, until Ctrl-C. */
@Command(name = "mlflow", description = "The tracker's web page.", mixinStandardHelpOptions = true)
final class MlflowCommand implements Callable<Integer> {
    @Mixin
    private PortOption port;

    @Override
    public Integer call() throws InterruptedException {
        try (TrackerPage tracker = TrackerPage.open(port.port())) {
            System.out.println("MLflow  " + tracker.page());
            if (tracker.server().isEmpty()) {
                System.out.println("It is the one that " + TrackerPage.ADDRESS_VARIABLE + " names.");
                return 0;
            }
            System.out.println("Ctrl-C stops it, unless runs or notebooks use it too.");
            new CountDownLatch(1).await(); // the server is started again if it ends meanwhile
            return 0;
        }
    }
}
