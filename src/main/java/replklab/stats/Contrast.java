package replklab.stats;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.DoubleStream;
import replklab.base.LabException;
import replklab.base.UsageException;

/**
 * What is compared with what: a weighted sum of metrics of variants, formed seed by seed. A difference has two terms, an
 * interaction (a difference of differences) four.
 *
 * <pre>{@code
 * Contrast at13 = Contrast.difference("accuracy",
 *         Map.of("shortcut", "without", "kernel", "13"), Map.of("shortcut", "with", "kernel", "13"));
 * Contrast interaction = at13.minus(at3);
 * }</pre>
 *
 * @param scale whether the terms are subtracted or divided
 * @param terms at least two
 */
public record Contrast(Scale scale, List<Term> terms) {
    /** What a mean of percentages that a run's log rounded may differ by. */
    private static final double MEANS = 1e-3;

    /**
     * A metric of a variant, times a weight.
     *
     * @param weight finite, not zero
     * @param variant level by factor; enough factors to tell the variant from the others
     * @param metric its key
     */
    public record Term(double weight, Map<String, String> variant, String metric) {
        public Term {
            if (!Double.isFinite(weight) || weight == 0) {
                throw new IllegalArgumentException("the weight of a term must be finite and not 0, not " + weight);
            }
            variant = Collections.unmodifiableMap(new LinkedHashMap<>(variant));
        }
    }

    public Contrast {
        if (terms.size() < 2) {
            throw new IllegalArgumentException("a contrast has at least two terms, not " + terms.size());
        }
        terms = List.copyOf(terms);
    }

    /** {@code metric} of one variant minus that of another one. */
    public static Contrast difference(String metric, Map<String, String> of, Map<String, String> minus) {
        return new Contrast(Scale.DIFFERENCE, List.of(new Term(1, of, metric), new Term(-1, minus, metric)));
    }

    /** {@code metric} of one variant over that of another one; measured as the ratio's logarithm. */
    public static Contrast ratio(String metric, Map<String, String> of, Map<String, String> over) {
        return new Contrast(Scale.RATIO, List.of(new Term(1, of, metric), new Term(-1, over, metric)));
    }

    /** The interaction: this contrast minus another one of the same scale; of ratios, this one over the other. */
    public Contrast minus(Contrast other) {
        if (other.scale != scale) {
            throw new IllegalArgumentException("a " + scale + " and a " + other.scale + " make no interaction");
        }
        List<Term> both = new ArrayList<>(terms);
        other.terms.forEach(term -> both.add(new Term(-term.weight(), term.variant(), term.metric())));
        return new Contrast(scale, both);
    }

    /**
     * The contrast of every seed that has a finite value for all its terms, by seed in rising order; of a ratio its natural
     * logarithm. A run that diverged has the scores of a guess.
     *
     * @throws UsageException for a metric that no run has
     * @throws LabException when two finished runs answer to the same term and seed
     */
    public SequencedMap<Long, Double> bySeed(Collection<RunRow> runs) {
        SequencedMap<Long, Double> bySeed = new LinkedHashMap<>();
        for (long seed : seeds(runs)) {
            double sum = 0;
            boolean complete = true;
            for (Term term : terms) {
                Optional<Double> value = value(term, seed, runs);
                complete &= value.isPresent();
                sum += term.weight() * value.map(scale::place).orElse(0.0);
            }
            if (complete) {
                bySeed.put(seed, sum);
            }
        }
        return bySeed;
    }

    /** The contrast over the seeds that are complete; empty for fewer than two. */
    public Optional<PairedDifference> measure(Collection<RunRow> runs) {
        List<Double> differences = List.copyOf(bySeed(runs).values());
        return differences.size() < 2 ? Optional.empty() : Optional.of(new PairedDifference(differences));
    }

    /**
     * The contrast of every test image, a row a seed: of each seed that {@link #bySeed} has, in its order.
     *
     * @param scores what a run scored on each image, whose mean is the metric with the key; empty where that is not known
     * @return empty of ratios, or where a run's scores are not known, are of other images than another one's, or have another mean than its metric
     */
    public Optional<double[][]> byImage(
            Collection<RunRow> runs, BiFunction<RunRow, String, Optional<double[]>> scores) {
        List<Long> complete = List.copyOf(bySeed(runs).keySet());
        if (scale != Scale.DIFFERENCE || complete.isEmpty()) {
            return Optional.empty();
        }
        double[][] rows = new double[complete.size()][];
        for (int s = 0; s < rows.length; s++) {
            for (Term term : terms) {
                RunRow run = run(term, complete.get(s), runs).orElseThrow();
                Optional<double[]> found = scores.apply(run, term.metric());
                if (found.isEmpty() || !hasMean(found.get(), run.metrics().get(term.metric()))) {
                    return Optional.empty();
                }
                double[] values = found.get();
                rows[s] = rows[s] == null ? new double[values.length] : rows[s];
                if (values.length != rows[0].length) {
                    return Optional.empty();
                }
                for (int i = 0; i < values.length; i++) {
                    rows[s][i] += term.weight() * values[i];
                }
            }
        }
        return Optional.of(rows);
    }

    private static boolean hasMean(double[] values, double mean) {
        return Math.abs(DoubleStream.of(values).average().orElse(Double.NaN) - mean) <= MEANS;
    }

    /** How many of the seeds have a run that diverged. */
    DivergedPairs diverged(Collection<RunRow> runs) {
        Set<Long> guessed = new TreeSet<>();
        Set<Long> leftOut = new TreeSet<>();
        for (RunRow run : runs) {
            for (Term term : terms) {
                if (run.status() == RunEnd.DIVERGED && Variants.matches(run.variant(), term.variant())) {
                    (run.counts(term.metric()) ? guessed : leftOut).add(run.seed());
                }
            }
        }
        guessed.retainAll(bySeed(runs).keySet());
        leftOut.removeAll(guessed);
        return new DivergedPairs(guessed.size(), leftOut.size());
    }

    /** How many seeds were run, or tried, for any of the terms; 0 where one of them was not tried at all, as a peer that is not installed. */
    public int planned(Collection<RunRow> runs) {
        boolean tried = terms.stream()
                .allMatch(term -> runs.stream().anyMatch(run -> Variants.matches(run.variant(), term.variant())));
        return tried ? seeds(runs).size() : 0;
    }

    private Set<Long> seeds(Collection<RunRow> runs) {
        Set<Long> seeds = new TreeSet<>();
        for (RunRow run : runs) {
            if (terms.stream().anyMatch(term -> Variants.matches(run.variant(), term.variant()))) {
                seeds.add(run.seed());
            }
        }
        return seeds;
    }

    private static Optional<Double> value(Term term, long seed, Collection<RunRow> runs) {
        // A diverged run has the few metrics of a guess, which say nothing about what there is.
        SequencedSet<String> known = Variants.metrics(
                runs.stream().filter(run -> run.status() == RunEnd.FINISHED).toList());
        if (!known.isEmpty() && !known.contains(term.metric())) {
            throw UsageException.unknown("metric", term.metric(), known);
        }
        return run(term, seed, runs).map(run -> run.metrics().get(term.metric()));
    }

    private static Optional<RunRow> run(Term term, long seed, Collection<RunRow> runs) {
        List<RunRow> found = runs.stream()
                .filter(run -> run.seed() == seed
                        && Variants.matches(run.variant(), term.variant())
                        && run.counts(term.metric()))
                .toList();
        if (found.size() > 1) {
            throw new LabException(
                    "%d finished runs of seed %d answer to '%s': name more factors, or drop repeated runs"
                            .formatted(found.size(), seed, Variants.label(term.variant())));
        }
        return found.stream().findFirst();
    }
}
