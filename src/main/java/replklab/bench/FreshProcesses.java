package replklab.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Measures repetition by repetition, each with processes of its own: what differs from one process to the next, where arrays lie
 * or what was compiled, then differs from one repetition to the next. Within a repetition an implementation has one process
 * (PyTorch one a layout), in which its cases follow each other; whoever asks for the implementations in turn has them measured in turn.
 *
 * <p>Not for several threads.
 */
public final class FreshProcesses implements AutoCloseable {
    /** Writing a network for a peer that reads files takes a minute on a busy machine. */
    private static final Duration PREPARING = Duration.ofMinutes(10);
    /** Calls that count, however long one takes... */
    private static final int LEAST_CALLS = 3;
    /** ... but where it takes longer than this, in milliseconds: then one alone. */
    private static final double SLOW_MS = 2_000;

    private static final int MOST_CALLS = 10_000;
    /**
     * As long as something is compiled, warming up goes on to this many times its usual end, and at least for so many milliseconds: of a
     * process that has just begun the first case, often the smallest, would else be measured interpreted.
     */
    private static final int PATIENCE = 5;

    private static final double LEAST_PATIENCE_MS = 5_000;

    /** Turns of a warm-up. */
    private static final int TURNS = 3;

    private final BiFunction<String, BenchCase, List<Contestant>> maker;
    private final NetworkFiles files;
    private final Path python;
    private final Map<String, List<Contestant>> alive = new LinkedHashMap<>();
    private final Map<Set<String>, Set<String>> absent = new LinkedHashMap<>();
    private long repetition;

    /** With the peers that {@link PeerEnvironment} has. */
    public FreshProcesses() {
        this.python = PeerEnvironment.python();
        this.files = new NetworkFiles(python);
        this.maker = (implementation, what) -> Contestants.measured(implementation, what, python, files);
    }

    /** @param maker makes the contestants that stand for an implementation in such a case, one a way of using it */
    FreshProcesses(BiFunction<String, BenchCase, List<Contestant>> maker) {
        this.python = PeerEnvironment.python();
        this.files = new NetworkFiles(python);
        this.maker = maker;
    }

    /** Who can be asked for {@link LayersCase depthwise layers in a row}. */
    public static List<String> ofLayers() {
        return List.of(LayersWorkload.OURS, "direct", "fft", "torch", "nd4j");
    }

    /** Who can be asked for a {@link ModelCase whole network}; {@code torch-nchw} is PyTorch in the layout that it has by default. */
    public static List<String> ofNetworks() {
        return List.of("ours", "torch", Contestants.TORCH_NCHW, "onnxruntime", "openvino");
    }

    /**
     * Why an implementation cannot be measured here, with the command that helps; empty if it can.
     *
     * @param what one of its cases
     */
    public Optional<String> absence(String implementation, BenchCase what) {
        Set<String> needed = Contestants.modules(implementation, what);
        Set<String> missing = absent.computeIfAbsent(needed, modules -> PeerEnvironment.missing(python, modules));
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("%s is not measured: %s not installed, ./lab setup --peers installs what is missing"
                        .formatted(
                                implementation,
                                String.join(" and ", missing) + (missing.size() == 1 ? " is" : " are")));
    }

    /**
     * Measures one case once.
     *
     * @param number of the repetition; another one than the last ends all processes
     * @param warmUpMs calls before those that count, in milliseconds; once at least, and on while they are being compiled
     * @param measureMs calls that count, in milliseconds; three at least, or one where it takes seconds
     * @return of the fastest way of using it, with the medians of the others
     * @throws LeftOutException if it cannot take part, or ends in the middle
     */
    public Measured measure(long number, String implementation, BenchCase what, int warmUpMs, int measureMs) {
        if (number != repetition) {
            end();
            repetition = number;
        }
        String whose = implementation + " " + what.getClass().getSimpleName();
        List<Contestant> ways = alive.computeIfAbsent(whose, _ -> maker.apply(implementation, what));
        try {
            return measure(ways, what, warmUpMs, measureMs);
        } catch (LeftOutException e) {
            // Perhaps it was interrupted, and its answer is still to come.
            alive.remove(whose).forEach(Contestant::close);
            throw e;
        }
    }

    private static Measured measure(List<Contestant> ways, BenchCase what, int warmUpMs, int measureMs) {
        Map<String, Timing> warm = new LinkedHashMap<>();
        Contestant best = null;
        for (Contestant way : ways) {
            way.prepare(what, PREPARING);
            Timing expected = warmUp(way, warmUpMs);
            if (best == null || expected.median() < warm.get(best.variant()).median()) {
                best = way;
            }
            warm.put(way.variant(), expected);
        }
        double[] times = counted(best, warm.get(best.variant()).median(), measureMs);
        Timing timing = Timing.of(times);
        warm.put(best.variant(), timing);
        return new Measured(best.implementation(), best.version(), best.variant(), timing, best.describe(), warm);
    }

    /** Calls until the time is over and nothing is compiled any more; gives the last ones. */
    private static Timing warmUp(Contestant way, int warmUpMs) {
        double[] last = way.run(1);
        double spent = last[0];
        double patience = warmUpMs == 0 ? 0 : Math.max(PATIENCE * warmUpMs, LEAST_PATIENCE_MS);
        while (spent < warmUpMs || (way.isSettling() && spent < patience)) {
            last = way.run(calls(warmUpMs / (double) TURNS, Timing.of(last).median(), 1));
            spent += Arrays.stream(last).sum();
        }
        return Timing.of(last);
    }

    private static double[] counted(Contestant way, double expectedMs, int measureMs) {
        double[] first = way.run(expectedMs > SLOW_MS ? 1 : LEAST_CALLS);
        double left = measureMs - Arrays.stream(first).sum();
        if (left <= 0) {
            return first;
        }
        double[] more = way.run(calls(left, Timing.of(first).median(), 1));
        double[] all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }

    private static int calls(double milliseconds, double eachMs, int least) {
        return (int) Math.clamp(Math.ceil(milliseconds / eachMs), least, MOST_CALLS);
    }

    private void end() {
        alive.values().forEach(ways -> ways.forEach(Contestant::close));
        alive.clear();
    }

    @Override
    public void close() {
        end();
        files.close();
    }
}
