package replklab.cli;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** Tells a server that was stopped by Ctrl-C from one that ended by itself. */
final class Ending {
    private Ending() {}

    /** Becomes true when this process is told to end. */
    static BooleanSupplier watch() {
        AtomicBoolean ending = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ending.set(true), "ending"));
        return ending::get;
    }
}
