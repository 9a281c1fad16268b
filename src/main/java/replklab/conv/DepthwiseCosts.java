package replklab.conv;

import static replklab.conv.Correlation.SPECIES;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import replklab.base.Machine;
import replklab.base.Parallel;

/**
 * The cost model: how long a vector operation of {@link DepthwiseWork} takes for each algorithm, pass and size of map,
 * measured at a few sizes and interpolated between them. Caches and the machine's registers make the differences.
 */
public final class DepthwiseCosts {
    private static final int[] SIDES = {7, 14, 28, 56};
    private static final List<Algorithm> ALGORITHMS = List.of(Algorithm.DIRECT, Algorithm.FFT);
    private static final List<DepthwisePass> PASSES = List.of(DepthwisePass.FORWARD, DepthwisePass.GRADIENTS);

    /** Near this kernel size direct and fft take the same time: there the model must be right. */
    private static final int KERNEL = 7;

    /** Rounds of which the fastest counts: what else the machine does must not decide. */
    private static final int ROUNDS = 60;

    /** One thread's nanoseconds for a vector operation. */
    private final Map<String, double[]> nanoseconds;

    private final String origin;

    private DepthwiseCosts(Map<String, double[]> nanoseconds, String origin) {
        this.nanoseconds = nanoseconds;
        this.origin = origin;
    }

    /**
     * What was measured on the machine that the library was written on, two cores with AVX2, for machines where nothing was
     * measured. Only the ratios matter for the choice.
     */
    static DepthwiseCosts builtIn() {
        Map<String, double[]> table = new LinkedHashMap<>();
        table.put(key(Algorithm.DIRECT, DepthwisePass.FORWARD), new double[] {0.45, 0.40, 0.40, 0.42});
        table.put(key(Algorithm.DIRECT, DepthwisePass.GRADIENTS), new double[] {0.50, 0.45, 0.42, 0.45});
        table.put(key(Algorithm.FFT, DepthwisePass.FORWARD), new double[] {0.22, 0.19, 0.19, 0.21});
        table.put(key(Algorithm.FFT, DepthwisePass.GRADIENTS), new double[] {0.22, 0.19, 0.19, 0.21});
        return new DepthwiseCosts(table, "costs built into the library; ./lab plan --measure measures this machine");
    }

    /** Measures this machine, in one to three seconds. */
    public static DepthwiseCosts measure() {
        Map<String, double[]> table = new LinkedHashMap<>();
        for (DepthwisePass pass : PASSES) {
            for (Algorithm algorithm : ALGORITHMS) {
                table.put(key(algorithm, pass), new double[SIDES.length]);
            }
            for (int i = 0; i < SIDES.length; i++) {
                // As many pixels for every side, so that starting the threads weighs as little.
                int batch = SIDES[SIDES.length - 1] * SIDES[SIDES.length - 1] / (SIDES[i] * SIDES[i]);
                ConvolutionShape shape = new ConvolutionShape(
                        batch, SIDES[i], SIDES[i], 4 * SPECIES.length() * Parallel.threads(), KERNEL, 1, 1);
                double[] times = measure(shape, pass);
                for (int a = 0; a < ALGORITHMS.size(); a++) {
                    double work = DepthwiseWork.of(DepthwiseTask.of(shape, pass), ALGORITHMS.get(a));
                    table.get(key(ALGORITHMS.get(a), pass))[i] = times[a] * Parallel.threads() / work;
                }
            }
        }
        return new DepthwiseCosts(table, "costs measured on this machine");
    }

    /** Each algorithm's shortest time in nanoseconds, measured in turn. */
    private static double[] measure(ConvolutionShape s, DepthwisePass pass) {
        RandomGenerator random = new java.util.SplittableRandom(1);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment x = numbers(arena, s.inputSize(), random);
            MemorySegment w = numbers(arena, s.filterSize(), random);
            MemorySegment dy = numbers(arena, s.outputSize(), random);
            MemorySegment y = numbers(arena, s.outputSize(), random);
            MemorySegment dw = numbers(arena, s.filterSize(), random);
            double[] fastest = new double[ALGORITHMS.size()];
            Arrays.fill(fastest, Double.POSITIVE_INFINITY);
            for (int round = 0; round < ROUNDS; round++) {
                for (int a = 0; a < fastest.length; a++) {
                    DepthwiseConvolution algorithm = implementation(ALGORITHMS.get(a));
                    long start = System.nanoTime();
                    if (pass == DepthwisePass.FORWARD) {
                        algorithm.forward(s, x, w, Epilogue.NONE, y);
                    } else {
                        algorithm.gradients(s, x, dy, w, y, dw);
                    }
                    fastest[a] = Math.min(fastest[a], (double) (System.nanoTime() - start));
                }
            }
            return fastest;
        }
    }

    static DepthwiseConvolution implementation(Algorithm algorithm) {
        return algorithm == Algorithm.FFT ? new FftDepthwise() : new DirectDepthwise();
    }

    private static MemorySegment numbers(Arena arena, long count, RandomGenerator random) {
        MemorySegment memory = arena.allocate(count * Float.BYTES, 64);
        for (long i = 0; i < count; i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() - 0.5f);
        }
        return memory;
    }

    /** Where the numbers come from, in words. */
    public String origin() {
        return origin;
    }

    /** What a task would take, in milliseconds, on all threads. */
    public double milliseconds(DepthwiseTask task, Algorithm algorithm) {
        DepthwisePass like = switch (task.pass()) {
            case FORWARD, PREPARED_FORWARD, INPUT_GRADIENT -> DepthwisePass.FORWARD;
            case WEIGHT_GRADIENT, GRADIENTS -> DepthwisePass.GRADIENTS;
        };
        double side = Math.sqrt((double) task.shape().height() * task.shape().width());
        double each = interpolate(nanoseconds.get(key(algorithm, like)), side);
        return DepthwiseWork.of(task, algorithm) * each / Parallel.threads() / 1e6;
    }

    /** Between the measured sides linearly in the logarithm of the side, beyond them as at the nearest one. */
    private static double interpolate(double[] values, double side) {
        if (side <= SIDES[0]) {
            return values[0];
        }
        for (int i = 1; i < SIDES.length; i++) {
            if (side <= SIDES[i]) {
                double part = Math.log(side / SIDES[i - 1]) / Math.log((double) SIDES[i] / SIDES[i - 1]);
                return values[i - 1] * (1 - part) + values[i] * part;
            }
        }
        return values[SIDES.length - 1];
    }

    private static String key(Algorithm algorithm, DepthwisePass pass) {
        return algorithm.label() + " " + pass.label();
    }

    /** The measurements as text, with what they are valid for. */
    public String text() {
        StringBuilder text = new StringBuilder(validity()).append('\n');
        nanoseconds.forEach((key, values) -> {
            text.append(key).append(':');
            for (double value : values) {
                text.append(String.format(Locale.ROOT, " %.5f", value));
            }
            text.append('\n');
        });
        return text.toString();
    }

    /** Reads what {@link #text()} wrote; empty if that was another machine, Java or version of the library, or is damaged. */
    public static Optional<DepthwiseCosts> parse(String text) {
        List<String> lines = new ArrayList<>(text.strip().lines().toList());
        if (lines.isEmpty() || !lines.removeFirst().equals(validity())) {
            return Optional.empty();
        }
        Map<String, double[]> table = new LinkedHashMap<>();
        try {
            for (String line : lines) {
                int colon = line.indexOf(':');
                double[] values = Arrays.stream(
                                line.substring(colon + 1).strip().split(" "))
                        .mapToDouble(Double::parseDouble)
                        .filter(value -> value > 0)
                        .toArray();
                if (values.length != SIDES.length) {
                    return Optional.empty();
                }
                table.put(line.substring(0, colon), values);
            }
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
        boolean complete = ALGORITHMS.stream()
                .allMatch(algorithm -> PASSES.stream().allMatch(pass -> table.containsKey(key(algorithm, pass))));
        return complete ? Optional.of(new DepthwiseCosts(table, "costs measured on this machine")) : Optional.empty();
    }

    /** What measurements depend on. The number at the end goes up whenever the kernels change. */
    private static String validity() {
        Machine machine = Machine.current();
        return "nanoseconds a vector operation; %s, %d threads, vectors of %d bits, Java %s, kernels 5"
                .formatted(
                        machine.cpu(), Parallel.threads(), SPECIES.vectorBitSize(), System.getProperty("java.version"));
    }
}
