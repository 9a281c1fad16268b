package replklab.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Gives a reader damaged inputs, the same ones each time: each must be read or refused by a {@link LabException} that a person can
 * read; nothing else may be thrown, no input may take forever, and none may take much memory.
 */
public final class Fuzz {
    /** How many inputs a reader gets; the profile {@code nightly} sets more. */
    public static final int INPUTS = Integer.getInteger("replklab.fuzz.inputs", 2000);

    /** So long without an input done is a hang, however busy the machine. */
    private static final int HANG_SECONDS = 180;

    private static final int LONGEST_MESSAGE = 2000;

    /** What no message to a person has: line ends, control characters, and names of classes. */
    private static final Pattern ODD = Pattern.compile("\\p{Cntrl}|java\\.|replklab\\.|com\\.fasterxml");

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Reads an input; throws what it likes. */
    @FunctionalInterface
    public interface Reader {
        /** Reads everything in it. */
        void read(byte[] input) throws Exception;
    }

    /** Makes an input. */
    @FunctionalInterface
    public interface Source {
        /** The next one. */
        byte[] next(SplittableRandom random);
    }

    private final String named;
    private final long mostBytes;
    private final Reader reader;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<byte[]> current = new AtomicReference<>(new byte[0]);
    private final Map<String, String> faults = new LinkedHashMap<>();
    private volatile boolean warm;
    private volatile Throwable first;
    private int read;
    private int refused;

    /**
     * @param named what the messages must hold, such as the file's name
     * @param mostBytes that reading one input may allocate
     */
    public Fuzz(String named, long mostBytes, Reader reader) {
        this.named = named;
        this.mostBytes = mostBytes;
        this.reader = reader;
    }

    /** Reads {@link #INPUTS} mutants of good inputs, and first these themselves, which must be read. */
    public Fuzz mutants(List<byte[]> good, List<byte[]> words) {
        for (byte[] input : good) {
            int before = refused;
            all(1, _ -> input);
            assertThat(refused).as("a good input is read").isEqualTo(before);
        }
        read = 0;
        warm = true; // the classes are loaded
        Mutants mutants = new Mutants(good, words);
        return all(INPUTS, mutants::next);
    }

    /** Reads inputs from a source. */
    public Fuzz all(int count, Source source) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread worker = Thread.ofPlatform().daemon().name("fuzz").start(() -> {
            try {
                SplittableRandom random = new SplittableRandom(1);
                for (int i = 0; i < count; i++) {
                    one(i, source.next(random));
                    done.incrementAndGet();
                }
                end.complete(null);
            } catch (Throwable failure) {
                end.completeExceptionally(failure);
            }
        });
        int before = -1;
        while (!end.isDone()) {
            int now = done.get();
            if (now == before) {
                StringBuilder where = new StringBuilder();
                for (StackTraceElement frame : worker.getStackTrace()) {
                    where.append("\n  at ").append(frame);
                }
                fail("input %d hangs%s\n%s", now, where, shown(current.get()));
            }
            before = now;
            waitFor(end);
        }
        end.join();
        if (!faults.isEmpty()) {
            throw new AssertionError(String.join("\n", faults.values()), first);
        }
        return this;
    }

    @SuppressWarnings("EmptyCatch") // the loop looks again
    private static void waitFor(CompletableFuture<Void> end) {
        try {
            end.handle((_, _) -> null).get(HANG_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            // Whether anything was done meanwhile is what counts.
        }
    }

    private void one(int number, byte[] input) {
        current.set(input);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            reader.read(input.clone());
            read++;
        } catch (LabException e) {
            refused++;
            String message = String.valueOf(e.getMessage());
            if (!message.contains(named)
                    || message.length() > LONGEST_MESSAGE
                    || ODD.matcher(message).find()) {
                note("input " + number + " is refused with the message '" + message + "'" + at(e), input, e);
            }
        } catch (Throwable thrown) {
            note("input " + number + " is refused in other words: " + thrown + at(thrown), input, thrown);
        }
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (warm && bytes > mostBytes) {
            note("input " + number + " allocates " + bytes + " bytes", input, null);
        }
    }

    /** Goes on, so that one run tells of every fault, each once. */
    private void note(String what, byte[] input, Throwable cause) {
        String kind = what.replaceAll("[^a-z ]", "");
        if (faults.putIfAbsent(kind, what + "\n  " + shown(input)) == null && first == null) {
            first = cause;
        }
    }

    private static String at(Throwable thrown) {
        return Arrays.stream(thrown.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("replklab."))
                .limit(3)
                .map(frame -> " at " + frame)
                .collect(Collectors.joining());
    }

    private static String shown(byte[] input) {
        int most = Math.min(input.length, 4096);
        return input.length + " bytes, in hexadecimal " + HexFormat.of().formatHex(input, 0, most);
    }

    /** Throws unless some inputs were read and some refused: else the mutants are too tame or too wild to tell anything. */
    public void readsSomeAndRefusesSome() {
        assertThat(read).as("read").isPositive();
        assertThat(refused).as("refused").isPositive();
    }
}
