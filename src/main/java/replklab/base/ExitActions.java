package replklab.base;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;

/**
 * What must happen when this process is told to stop (Ctrl-C, SIGTERM, {@code System.exit}), in the order of the
 * {@link Phase phases}; shutdown hooks of the JVM alone run in no order. Within a phase what was added last runs first. An
 * action that fails is reported on standard error and does not keep the others from running.
 */
public final class ExitActions {
    /** The order in which things stop: each may rely on what comes after it. */
    public enum Phase {
        /** What computes finishes the step in hand, so that what it logs belongs to a run that is still open. */
        WORK,
        /** Runs are ended, and what they logged is sent. */
        RUNS,
        /** Servers and other child processes stop. */
        SERVERS
    }

    private static final ExitActions OF_THIS_PROCESS = new ExitActions();

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(OF_THIS_PROCESS::run, "exit-actions"));
        } catch (IllegalStateException e) { // the process is stopping, and nothing was added before
            OF_THIS_PROCESS.refuseAll();
        }
    }

    /** Of the phases that are not over, in order. */
    private final Map<Phase, Deque<Runnable>> actions = new EnumMap<>(Phase.class);

    private boolean begun;

    ExitActions() {
        for (Phase each : Phase.values()) {
            actions.put(each, new ArrayDeque<>());
        }
    }

    /**
     * Adds an action. While the process stops, phases that are not over still take one.
     *
     * @return whether it will run; false means that it is too late, and that the caller must do without
     */
    public static boolean add(Phase phase, Runnable action) {
        return OF_THIS_PROCESS.put(phase, action);
    }

    /** Takes back an action that was added, by identity; nothing happens if there is none or it runs already. */
    public static void remove(Runnable action) {
        OF_THIS_PROCESS.take(action);
    }

    /** Whether the process has begun to stop. */
    public static boolean stopping() {
        return OF_THIS_PROCESS.begun();
    }

    synchronized boolean put(Phase phase, Runnable action) {
        Deque<Runnable> queue = actions.get(phase);
        if (queue == null) {
            return false;
        }
        queue.addFirst(action);
        return true;
    }

    synchronized void take(Runnable action) {
        actions.values().forEach(queue -> queue.removeIf(one -> one == action));
    }

    synchronized boolean begun() {
        return begun;
    }

    private synchronized void refuseAll() {
        begun = true;
        actions.clear();
    }

    /** The next action, or null when all have run. */
    private synchronized Runnable next() {
        begun = true;
        Iterator<Deque<Runnable>> phases = actions.values().iterator();
        while (phases.hasNext()) {
            Runnable action = phases.next().poll();
            if (action != null) {
                return action;
            }
            phases.remove();
        }
        return null;
    }

    void run() {
        for (Runnable action = next(); action != null; action = next()) {
            try {
                action.run();
            } catch (RuntimeException | Error e) { // an Error of one must not cost another its log either
                System.err.println("while stopping: " + e);
            }
        }
    }
}
