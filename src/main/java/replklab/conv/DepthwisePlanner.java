package replklab.conv;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import replklab.base.CheckoutNote;
import replklab.base.LabException;
import replklab.base.UsageException;

/**
 * Chooses the algorithm for each pass over each shape, by {@link DepthwiseCosts}, unless it was told otherwise.
 *
 * <p>The order of what counts: a plan that is replayed, an algorithm asked for by {@link #prefer} or the system property
 * {@value #PROPERTY} ({@code direct}, {@code fft} or {@code auto}), then the lower predicted cost. A choice, once made, stays: so a
 * program that runs twice with the same costs computes the same bits.
 */
public final class DepthwisePlanner {
    /** Name of the system property that asks for one algorithm wherever it can compute the task. */
    public static final String PROPERTY = "replklab.depthwise";

    /** Where measurements are kept between programs. */
    private static final CheckoutNote KEPT = new CheckoutNote("depthwise-costs.txt");

    private static final DepthwisePlanner CURRENT = new DepthwisePlanner(remembered(), asked());

    private final Map<DepthwiseTask, Algorithm> choices = new ConcurrentHashMap<>();
    private volatile DepthwiseCosts costs;
    private volatile Algorithm preferred;
    private volatile DepthwisePlan replayed;

    DepthwisePlanner(DepthwiseCosts costs, Algorithm preferred) {
        this.costs = costs;
        this.preferred = preferred;
    }

    /** The program's planner. */
    public static DepthwisePlanner current() {
        return CURRENT;
    }

    /** The algorithm for a task. */
    public Algorithm choose(DepthwiseTask task) {
        Algorithm known = choices.get(task);
        return known != null ? known : choices.computeIfAbsent(task, this::decide);
    }

    private Algorithm decide(DepthwiseTask task) {
        if (replayed != null && replayed.choices().containsKey(task)) {
            return replayed.choices().get(task);
        }
        if (task.candidates().size() == 1) {
            return task.candidates().getFirst();
        }
        if (preferred != null) {
            return task.smallKernel() != 0 && preferred == Algorithm.DIRECT ? Algorithm.SEPARATE : preferred;
        }
        Algorithm best = null;
        for (Algorithm algorithm : task.candidates()) {
            if (best == null || predicted(task, algorithm) < predicted(task, best)) {
                best = algorithm;
            }
        }
        return best;
    }

    /** What a task would take by an algorithm, in milliseconds. */
    private double predicted(DepthwiseTask task, Algorithm algorithm) {
        if (algorithm != Algorithm.SEPARATE) {
            return costs.milliseconds(task, algorithm);
        }
        double sum = 0;
        for (int kernel : new int[] {task.shape().kernel(), task.smallKernel()}) {
            DepthwiseTask single = DepthwiseTask.of(task.shape().withKernel(kernel), task.pass());
            sum += Math.min(costs.milliseconds(single, Algorithm.DIRECT), costs.milliseconds(single, Algorithm.FFT));
        }
        return sum;
    }

    /** The choice for a task and the reason, in one line. */
    public String explain(DepthwiseTask task) {
        Algorithm chosen = choose(task);
        return task + ": " + chosen.label() + ", " + reason(task);
    }

    private String reason(DepthwiseTask task) {
        if (replayed != null && replayed.choices().containsKey(task)) {
            return "as in the plan that is replayed";
        }
        if (task.candidates().size() == 1) {
            return "the only one that takes a stride or dilation";
        }
        if (preferred != null) {
            return "as asked for (" + preferred.label() + ")";
        }
        return "predicted "
                + task.candidates().stream()
                        .map(algorithm -> "%s %.3g ms".formatted(algorithm.label(), predicted(task, algorithm)))
                        .collect(Collectors.joining(", "))
                + " (" + costs.origin() + ")";
    }

    /** The algorithm asked for, or null. */
    public Algorithm preferred() {
        return preferred;
    }

    /**
     * Asks for one algorithm wherever it can compute the task; choices made before are forgotten.
     *
     * @param algorithm direct or fft, or null to go by cost again
     */
    public void prefer(Algorithm algorithm) {
        if (algorithm == Algorithm.SEPARATE) {
            throw new UsageException("the depthwise algorithm to prefer is direct or fft, not separate");
        }
        preferred = algorithm;
        choices.clear();
    }

    /**
     * Repeats the choices of a plan, to the last bit; what is not in it is chosen as usual. Choices made before are forgotten.
     *
     * @throws LabException if the plan is from a machine with vectors of another width, which would give other bits
     */
    public void replay(DepthwisePlan plan) {
        int bits = Correlation.SPECIES.vectorBitSize();
        if (plan.vectorBits() != bits) {
            throw new LabException(
                    "this plan was made with vectors of " + plan.vectorBits() + " bits and this Java has "
                            + bits + ": the run would not repeat to the bit (-XX:MaxVectorSize=" + plan.vectorBits() / 8
                            + " makes a wider machine use narrower vectors)");
        }
        replayed = plan;
        choices.clear();
    }

    /** Chooses as usual again. Choices made before are forgotten. */
    public void endReplay() {
        replayed = null;
        choices.clear();
    }

    /** Everything that was chosen since the start, or since {@link #forget()}. */
    public DepthwisePlan used() {
        return DepthwisePlan.of(choices);
    }

    /** Forgets choices, so that {@link #used()} tells of what comes; a replayed plan and preferences stay. */
    public void forget() {
        choices.clear();
    }

    /** The costs that choices are made by. */
    public DepthwiseCosts costs() {
        return costs;
    }

    /** Measures this machine, chooses by that from now on, and remembers it for later programs. */
    public DepthwiseCosts measure() {
        costs = DepthwiseCosts.measure();
        choices.clear();
        KEPT.keep(costs.text());
        return costs;
    }

    private static DepthwiseCosts remembered() {
        return KEPT.read().flatMap(DepthwiseCosts::parse).orElseGet(DepthwiseCosts::builtIn);
    }

    private static Algorithm asked() {
        String asked = System.getProperty(PROPERTY, "auto").toLowerCase(Locale.ROOT);
        return switch (asked) {
            case "auto" -> null;
            case "direct" -> Algorithm.DIRECT;
            case "fft" -> Algorithm.FFT;
            default ->
                throw new UsageException("-D" + PROPERTY + " is '" + asked + "'; allowed are auto, direct and fft");
        };
    }
}
