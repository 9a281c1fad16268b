package replklab.base;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Names a process among those of several machines.
 *
 * @param host for people
 * @param machine names the machine since it was started last, and the container
 * @param pid its number there
 * @param start when it started, in milliseconds since 1970: numbers are used again
 */
public record ProcessPlace(String host, String machine, long pid, long start) {
    private static final ProcessPlace CURRENT = ofThisProcess();

    private static ProcessPlace ofThisProcess() {
        ProcessHandle self = ProcessHandle.current();
        return new ProcessPlace(localHost(), localMachine(), self.pid(), startOf(self));
    }

    /** This process. */
    public static ProcessPlace current() {
        return CURRENT;
    }

    private static String localHost() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("\\s", "_");
        } catch (UnknownHostException e) {
            return "unknown-host";
        }
    }

    /** A container has its own numbers of processes. */
    private static String localMachine() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + "-"
                    + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"))
                            .toString()
                            .replaceAll("\\D", "");
        } catch (IOException e) {
            return localHost();
        }
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    /** From what {@link #toString} gave; something that names nobody where it was something else. */
    static ProcessPlace parse(String text) {
        String[] parts = text.strip().split(" ");
        try {
            return new ProcessPlace(parts[0], parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]));
        } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
            return new ProcessPlace("unknown-host", "", 0, 0);
        }
    }

    /** Whether it was a process of this machine and is no more; false for one of another machine, which cannot be asked. */
    boolean isGone() {
        return machine.equals(CURRENT.machine)
                && ProcessHandle.of(pid)
                        .filter(ProcessHandle::isAlive)
                        .filter(process -> startOf(process) == start)
                        .isEmpty();
    }

    /** Where it is, for people. */
    public String shown() {
        return "process " + pid + " on " + host;
    }

    @Override
    public String toString() {
        return host + " " + machine + " " + pid + " " + start;
    }
}
