package replklab.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import replklab.base.ExitActions;
import replklab.base.LabException;
import replklab.base.ProcessPlace;

/** A sweep on this machine alone: the same processes that a cluster would start, some at a time. */
public final class LocalSweep {
    /** A run writes its last checkpoint first. */
    private static final Duration LAST_STEP = Duration.ofSeconds(30);

    private final SweepJob job;
    private final int jobs;
    private final Consumer<String> notices;
    private final Queue<Integer> tasks = new ConcurrentLinkedQueue<>();
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    /**
     * @param jobs how many at once
     * @param notices hears of each task that begins or ends
     */
    public LocalSweep(SweepJob job, int jobs, Consumer<String> notices) {
        this.job = job;
        this.jobs = jobs;
        this.notices = notices;
    }

    /**
     * Does what is not done; returns when all have ended, well or not.
     *
     * @throws LabException when told to stop; everything computed stays
     */
    public void run() throws InterruptedException {
        Path folder = job.folder();
        new SweepRecord(
                        SweepRecord.LOCAL,
                        "",
                        "",
                        ProcessPlace.current().host(),
                        ProcessHandle.current().pid(),
                        System.currentTimeMillis())
                .write(folder);
        tasks.addAll(job.tasks());
        Runnable exit = this::stop;
        ExitActions.add(ExitActions.Phase.WORK, exit);
        try {
            List<Thread> workers = new ArrayList<>();
            for (int i = 0; i < Math.min(jobs, job.tasks().size()); i++) {
                workers.add(Thread.ofPlatform().name("sweep-" + i).start(this::work));
            }
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException e) {
            stop();
            throw e;
        } finally {
            ExitActions.remove(exit);
        }
        if (stopping) {
            throw new LabException("stopped; the same command goes on from there");
        }
    }

    private void work() {
        for (Integer task = tasks.poll(); task != null && !stopping; task = tasks.poll()) {
            Path said = job.folder().resolve("task-" + task + ".out");
            try {
                int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / jobs);
                Process process = new ProcessBuilder(LabCommand.here()
                                .with("replklab.threads", String.valueOf(threads))
                                .with(job.ofTask(task)))
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
                running.add(process);
                if (stopping) {
                    process.destroy();
                }
                int code = process.waitFor();
                running.remove(process);
                notices.accept("task " + task + " of " + job.experiment().name()
                        + (code == 0 ? " is done" : " ended with exit code " + code + "; what it said is in " + said));
            } catch (IOException e) {
                notices.accept("task " + task + " cannot be started: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Tells all to stop, and waits for their checkpoints. */
    private void stop() {
        stopping = true;
        running.forEach(Process::destroy);
        try {
            for (Process process : running) {
                if (!process.waitFor(LAST_STEP.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells the process that drives a sweep to stop; what runs stops with its checkpoint written. */
    public static void cancel(SweepRecord record) {
        String here = ProcessPlace.current().host();
        if (!record.host().equals(here)) {
            throw new LabException("the sweep was started on " + record.host()
                    + ", and only there it can be cancelled; this is " + here);
        }
        boolean _ = ProcessHandle.of(record.pid()).map(ProcessHandle::destroy).orElse(false);
    }

    /** Whether the process that drives a sweep may still live; one of another machine cannot be asked. */
    public static boolean isAlive(SweepRecord record) {
        return record.host().equals(ProcessPlace.current().host())
                && ProcessHandle.of(record.pid())
                        .filter(process -> process.info()
                                .startInstant()
                                .filter(start -> start.toEpochMilli() <= record.started())
                                .isPresent())
                        .isPresent();
    }
}
