package replklab.tracking;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What must happen when this process is told to stop (Ctrl-C, SIGTERM, {@code System.exit}): first the runs are ended, then
 * the servers that hear of it stop. Shutdown hooks of the JVM alone run in no order.
 */
final class ExitActions {
    private static final Deque<Runnable> ACTIONS = new ArrayDeque<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ExitActions::runAll, "mlflow-exit"));
    }

    private ExitActions() {}

    static void addForRuns(Runnable action) {
        synchronized (ACTIONS) {
            ACTIONS.addFirst(action);
        }
    }

    static void addForServer(Runnable action) {
        synchronized (ACTIONS) {
            ACTIONS.addLast(action);
        }
    }

    static void remove(Runnable action) {
        synchronized (ACTIONS) {
            ACTIONS.remove(action);
        }
    }

    private static void runAll() {
        while (true) {
            Runnable action;
            synchronized (ACTIONS) {
                action = ACTIONS.poll();
            }
            if (action == null) {
                return;
            }
            try {
                action.run();
            } catch (RuntimeException e) {
                System.err.println("while stopping: " + e.getMessage());
            }
        }
    }
}
