package replklab.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A Slurm of its own, of Debian's packages slurm-wlm and munge: a controller and nodes of one processor each, all on this machine's
 * loopback, without accounting, cgroups or systemd. Everything lies in one folder. Its daemons want to be root's.
 */
final class Slurm implements AutoCloseable {
    private static final String MUNGED = "/usr/sbin/munged";
    private static final String CONTROLLER = "/usr/sbin/slurmctld";
    private static final String NODE = "/usr/sbin/slurmd";
    private static final long PATIENCE_MS = 60_000;
    private static final int KEY_BYTES = 128;

    /** Above what jobs have by themselves, which goes down from 4294901759. */
    private static final long FIRST = 4_294_967_000L;

    private final Path folder;
    private final int nodes;

    private Slurm(Path folder, int nodes) {
        this.folder = folder;
        this.nodes = nodes;
    }

    /** Skips the test, with a notice, where Slurm cannot be had; in CI it must be there, since {@code lab test} installs it. */
    static void require() {
        boolean there = List.of(MUNGED, CONTROLLER, NODE).stream().allMatch(each -> Files.isExecutable(Path.of(each)))
                && System.getProperty("user.name").equals("root");
        String notice = "no Slurm here, or not root: apt-get install slurm-wlm munge";
        if ("true".equals(System.getenv("CI"))) {
            assertTrue(there, notice);
        }
        if (!there) {
            System.err.println("SlurmSweepTest is skipped: " + notice);
        }
        assumeTrue(there, notice);
    }

    /** Starts one whose nodes are called n1, n2 and so on. */
    static Slurm start(Path folder, int nodes) throws IOException {
        Slurm slurm = new Slurm(folder.toRealPath(), nodes);
        // munged refuses folders that others may write to.
        for (String each : List.of("etc", "log", "pid", "state")) {
            Files.createDirectories(slurm.folder.resolve(each));
        }
        Files.setPosixFilePermissions(slurm.folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        Path keyFile = slurm.folder.resolve("etc/munge.key");
        Files.write(keyFile, key);
        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(slurm.conf(), slurm.configuration());
        slurm.run(
                MUNGED,
                "--key-file=" + keyFile,
                "--socket=" + slurm.folder.resolve("pid/munge.sock"),
                "--pid-file=" + slurm.folder.resolve("pid/munged.pid"),
                "--log-file=" + slurm.folder.resolve("log/munged.log"),
                "--seed-file=" + slurm.folder.resolve("state/munge.seed"));
        slurm.run(CONTROLLER, "-c");
        for (int node = 1; node <= nodes; node++) {
            slurm.startNode("n" + node);
        }
        slurm.await(
                "idle nodes",
                () -> slurm.said("sinfo", "-h", "-N", "-t", "idle").lines().count() == nodes);
        return slurm;
    }

    private Path conf() {
        return folder.resolve("etc/slurm.conf");
    }

    private String configuration() throws IOException {
        String host = InetAddress.getLocalHost().getHostName().split("[.]")[0];
        StringBuilder text = new StringBuilder("""
                ClusterName=lab
                SlurmctldHost=%1$s(127.0.0.1)
                SlurmctldPort=%2$d
                SlurmUser=root
                SlurmdUser=root
                AuthType=auth/munge
                AuthInfo=socket=%3$s/pid/munge.sock
                CryptoType=crypto/munge
                MpiDefault=none
                ProctrackType=proctrack/linuxproc
                TaskPlugin=task/none
                JobAcctGatherType=jobacct_gather/none
                SelectType=select/cons_tres
                SelectTypeParameters=CR_Core
                SlurmdParameters=config_overrides
                StateSaveLocation=%3$s/state
                SlurmdSpoolDir=%3$s/spool-%%n
                SlurmctldPidFile=%3$s/pid/slurmctld.pid
                SlurmdPidFile=%3$s/pid/slurmd.%%n.pid
                SlurmctldLogFile=%3$s/log/slurmctld.log
                SlurmdLogFile=%3$s/log/slurmd.%%n.log
                AccountingStorageType=accounting_storage/none
                SchedulerType=sched/backfill
                SchedulerParameters=sched_min_interval=0,bf_interval=2
                ReturnToService=2
                SlurmdTimeout=300
                SlurmctldTimeout=10
                MessageTimeout=10
                TCPTimeout=2
                InactiveLimit=0
                KillWait=25
                MinJobAge=300
                PartitionName=lab Nodes=ALL Default=YES MaxTime=INFINITE State=UP
                """.formatted(host, freePort(), folder));
        for (int node = 1; node <= nodes; node++) {
            text.append("NodeName=n%d NodeHostname=%s NodeAddr=127.0.0.1 Port=%d CPUs=1 RealMemory=1000 State=UNKNOWN%n"
                    .formatted(node, host, freePort()));
        }
        return text.toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** What a program needs to find it. */
    Map<String, String> environment() {
        return Map.of("SLURM_CONF", conf().toString());
    }

    void startNode(String node) {
        run(NODE, "-N", node);
    }

    /** Its daemon and all that runs on it are gone at once, as when it loses power; the controller is told. */
    void killNode(String node) throws IOException {
        List<ProcessHandle> jobs = jobsOn(node);
        killDaemon(node);
        for (ProcessHandle job : jobs) {
            Optional<ProcessHandle> step =
                    job.parent().filter(parent -> commandLine(parent.pid()).contains("slurmstepd"));
            step.ifPresent(ProcessHandle::destroyForcibly);
            job.destroyForcibly();
        }
        giveUp(node);
    }

    /** Its daemon is gone, and what runs on it lives on; the controller is told that the node is lost. */
    void loseDaemon(String node) throws IOException {
        killDaemon(node);
        giveUp(node);
    }

    private void killDaemon(String node) throws IOException {
        kill("slurmd." + node);
    }

    private void giveUp(String node) {
        run("scontrol", "update", "nodename=" + node, "state=down", "reason=lost");
    }

    /** The node is there again. */
    void recover(String node) {
        startNode(node);
        await("node " + node, () -> {
            said("scontrol", "update", "nodename=" + node, "state=resume"); // refused where it is in service already
            return said("sinfo", "-h", "-N", "-n", node, "-o", "%T").matches("(idle|allocated|mixed|completing)\\s+");
        });
    }

    /** Kills the controller, and starts another one from what it had saved. */
    void restartController() throws IOException {
        kill("slurmctld");
        run(CONTROLLER);
        await("a controller", () -> !said("sinfo", "-h").isBlank());
    }

    private void kill(String daemon) throws IOException {
        Path file = folder.resolve("pid").resolve(daemon + ".pid");
        long pid = Long.parseLong(Files.readString(file).strip());
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        Files.deleteIfExists(file);
        await(
                "the end of " + daemon,
                () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    /**
     * Does what an administrator would: Slurm holds back for two minutes what it has put into the queue again; and a controller that
     * was killed before it wrote down what it had started starts it a second time, which the node refuses and is taken out of service
     * for.
     */
    void heal() {
        for (String job : said("squeue", "-h", "-r", "-t", "PENDING", "-o", "%i %r")
                .lines()
                .toList()) {
            String id = job.split(" ")[0];
            if (job.contains("held")) {
                said("scontrol", "release", id);
            }
            if (job.contains("BeginTime")) {
                said("scontrol", "update", "JobId=" + id, "StartTime=now", "Priority=" + FIRST);
            }
        }
        said("sinfo", "-h", "-N", "-t", "drain", "-o", "%N")
                .lines()
                .distinct()
                .forEach(node -> said("scontrol", "update", "nodename=" + node, "state=resume"));
    }

    /** The processes of jobs, as they were started by their scripts. */
    List<ProcessHandle> jobsOn(String node) {
        List<ProcessHandle> jobs = new ArrayList<>();
        ProcessHandle.allProcesses()
                .filter(process -> environment(process.pid()).contains("\0SLURMD_NODENAME=" + node + "\0"))
                .filter(process -> environment(process.pid()).contains(conf().toString()))
                .forEach(jobs::add);
        return jobs;
    }

    /** Whether a job runs there that was lost elsewhere. */
    boolean isRestartedOn(String node) {
        return jobsOn(node).stream().anyMatch(job -> environment(job.pid()).contains("\0SLURM_RESTART_COUNT="));
    }

    private static String environment(long pid) {
        return "\0" + read(Path.of("/proc", String.valueOf(pid), "environ")) + "\0";
    }

    private static String commandLine(long pid) {
        return read(Path.of("/proc", String.valueOf(pid), "cmdline"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has ended, or is the kernel's
        }
    }

    /** What a command of Slurm's prints, whether or not it succeeds. */
    String said(String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment());
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(PATIENCE_MS, TimeUnit.MILLISECONDS));
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void run(String... command) {
        try {
            Path out =
                    Files.createTempFile(folder.resolve("log"), "command", ".out"); // a daemon would keep a pipe open
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
            builder.environment().putAll(environment());
            assertTrue(builder.start().waitFor() == 0, () -> String.join(" ", command) + ": " + read(out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void await(String what, java.util.function.BooleanSupplier so) {
        assertTrue(Processes.await(so, PATIENCE_MS), () -> "no " + what + "; " + said("sinfo") + said("squeue"));
    }

    @Override
    public void close() throws IOException {
        said("scancel", "--user=root");
        for (int node = 1; node <= nodes; node++) {
            jobsOn("n" + node).forEach(ProcessHandle::destroyForcibly);
        }
        try (var files = Files.list(folder.resolve("pid"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".pid")).toList()) {
                ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                        .ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }
}
