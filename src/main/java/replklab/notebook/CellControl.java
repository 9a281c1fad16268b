package replklab.notebook;

import java.lang.reflect.Field;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.spi.ExecutionControl;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import replklab.base.LabException;
import replklab.base.UsageException;
import replklab.tensor.Tape;

/**
 * Runs what a kernel's cells compile to, all in one thread: so a tape that one cell opens is there in the next. An interrupt stops
 * what runs, and a cell that fails leaves no tape open that it has opened.
 */
final class CellControl implements ExecutionControl {
    /** How long an interrupted cell may take to end, such as with a training's step in hand, before it is left to itself. */
    private static final long PATIENCE_SECONDS = 5;

    private static final long HELPERS_MILLIS = 1000;
    private static final long LOOK_MILLIS = 50;

    /** An exception of a class so called is shown by JJava as an interrupt. */
    private static final String INTERRUPTED = "Execution Interrupted";

    /** What these say of a training or an experiment that has ended early is worth reading. */
    private static final Set<String> TOLD = Set.of(LabException.class.getName(), UsageException.class.getName());

    private final ExecutionControl jjava;
    private final StopChecks checks;
    private final ClassLoader loader;
    private final String threadName;
    private volatile CellThread thread;
    private boolean inCell;
    private boolean running;
    private int tapes;

    /** The time of this cell's first interrupt; 0 if there was none. */
    private long interrupted;

    /**
     * @param jjava does the work
     * @param threadName JJava runs a cell in the thread that asks for it if that is named as its own threads are
     * @param loader of the cells' classes
     */
    CellControl(ExecutionControl jjava, String threadName, ClassLoader loader) {
        this.jjava = jjava;
        this.threadName = threadName;
        this.loader = loader;
        checks = new StopChecks(loader);
        thread = new CellThread(threadName, loader);
    }

    /** Steps in for JJava's own execution, which it calls, in a kernel that has run nothing yet. */
    static CellControl of(BaseKernel kernel) throws ReflectiveOperationException {
        JShell shell = shell(kernel);
        Field field = JShell.class.getDeclaredField("executionControl");
        field.setAccessible(true); // jvm.options opens the package
        ExecutionControl jjava = (ExecutionControl) field.get(shell);
        Field prefix = jjava.getClass().getDeclaredField("THREAD_NAME_PREFIX");
        prefix.setAccessible(true);
        Object evaluator = kernel.getClass().getMethod("getEvaluator").invoke(kernel);
        ClassLoader loader =
                (ClassLoader) evaluator.getClass().getMethod("getClassLoader").invoke(evaluator);
        CellControl cells = new CellControl(jjava, prefix.get(null) + "cells", loader);
        field.set(shell, cells);
        return cells;
    }

    static JShell shell(BaseKernel kernel) throws ReflectiveOperationException {
        return (JShell) kernel.getClass().getMethod("getJShell").invoke(kernel);
    }

    /** Before a cell. */
    void begin() {
        synchronized (this) {
            interrupted = 0;
            inCell = true;
        }
        tapes = inThread(Tape::open);
    }

    /** After a cell: closes the tapes that a failed one has opened, since whatever comes would be recorded on them. */
    void end(boolean failed) {
        synchronized (this) {
            inCell = false;
        }
        if (failed) {
            int closed = inThread(() -> Tape.closeAll(tapes));
            if (closed > 0) {
                System.err.println("The cell that failed had left " + (closed == 1 ? "a tape" : closed + " tapes")
                        + " open: closed.");
            }
        } else if (inThread(Tape::open) > tapes) {
            System.err.println("A tape stays open after this cell: what comes is recorded on it until its close(), or"
                    + " Tape.closeAll().");
        }
    }

    private int inThread(Callable<Integer> question) {
        try {
            return thread.submit(question).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** From any thread: what runs is to stop, and this cell runs nothing more. */
    synchronized void interrupt() {
        if (!inCell) {
            return;
        }
        if (interrupted == 0) {
            interrupted = System.nanoTime();
        }
        if (running) {
            StopChecks.demand(thread.thread(), true);
            thread.thread().interrupt();
        }
    }

    /** Whether a cell runs. */
    synchronized boolean isInCell() {
        return inCell;
    }

    private synchronized boolean isInterrupted() {
        return interrupted != 0;
    }

    private synchronized boolean isOverdue() {
        return interrupted != 0 && System.nanoTime() - interrupted > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    }

    @Override
    public String invoke(String className, String methodName)
            throws RunException, EngineTerminationException, InternalException {
        if (Thread.currentThread() == thread.thread()) {
            return jjava.invoke(className, methodName); // a magic with code of its own
        }
        Future<String> result;
        synchronized (this) {
            if (interrupted != 0) {
                throw interruption(); // it came between two statements
            }
            running = true;
            result = thread.submit(() -> jjava.invoke(className, methodName));
        }
        try {
            return await(result);
        } catch (ExecutionException e) {
            throw ending(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interruption();
        } finally {
            over();
        }
    }

    private String await(Future<String> result) throws ExecutionException, InterruptedException, UserException {
        while (true) {
            try {
                return result.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (isOverdue()) {
                    leave();
                    throw interruption();
                }
            }
        }
    }

    /** Nothing can stop a thread that does not look; the next cell gets another one. */
    private void leave() {
        StackTraceElement[] at = thread.thread().getStackTrace();
        String place = at.length == 0 ? "" : ", in " + at[0].getClassName() + "." + at[0].getMethodName();
        System.err.println("Interrupted, but still at work after " + PATIENCE_SECONDS + " s" + place
                + ". If it does not end by itself, restart the kernel to stop it.");
        thread.abandon();
        thread = new CellThread(threadName, loader);
    }

    /** What an interrupted cell threw is of no interest, but for what the library says of what was kept. */
    private RunException ending(Throwable cause) throws EngineTerminationException, InternalException {
        switch (cause) {
            case UserException e
            when isInterrupted() -> {
                return TOLD.contains(e.causeExceptionClass()) ? e : interruption();
            }
            case RunException e -> {
                return e;
            }
            case EngineTerminationException e -> throw e;
            case InternalException e -> throw e;
            default -> throw new InternalException(cause.toString());
        }
    }

    private static UserException interruption() {
        return new UserException("Interrupted.", INTERRUPTED, new StackTraceElement[0]);
    }

    private void over() {
        if (isInterrupted()) {
            awaitHelpers();
        }
        synchronized (this) {
            running = false;
            StopChecks.goOn(thread.thread());
        }
    }

    /** A parallel stream's other threads are a little later than the one that has heard of it. */
    private static void awaitHelpers() {
        long begin = System.nanoTime();
        while (!ForkJoinPool.commonPool().isQuiescent()
                && System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(HELPERS_MILLIS)) {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void load(ClassBytecodes[] classes)
            throws ClassInstallException, NotImplementedException, EngineTerminationException {
        jjava.load(woven(classes));
    }

    @Override
    public void redefine(ClassBytecodes[] classes)
            throws ClassInstallException, NotImplementedException, EngineTerminationException {
        jjava.redefine(woven(classes));
    }

    private ClassBytecodes[] woven(ClassBytecodes[] classes) {
        Stream.of(classes).forEach(each -> checks.learn(each.bytecodes()));
        return Stream.of(classes)
                .map(each -> new ClassBytecodes(each.name(), checks.weave(each.bytecodes())))
                .toArray(ClassBytecodes[]::new);
    }

    @Override
    public String varValue(String className, String varName)
            throws RunException, EngineTerminationException, InternalException {
        return jjava.varValue(className, varName);
    }

    @Override
    public void addToClasspath(String path) throws EngineTerminationException, InternalException {
        jjava.addToClasspath(path);
    }

    @Override
    public Object extensionCommand(String command, Object argument)
            throws RunException, EngineTerminationException, InternalException {
        return jjava.extensionCommand(command, argument);
    }

    @Override
    public void stop() throws EngineTerminationException, InternalException {
        interrupt();
        jjava.stop();
    }

    @Override
    public void close() {
        jjava.close();
    }
}
