package replklab.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import replklab.stats.CurvePoint;
import replklab.stats.Effect;
import replklab.stats.Metric;
import replklab.stats.Numbers;
import replklab.stats.PairedDifference;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.stats.Summary;
import replklab.stats.TwoWayBootstrap;
import replklab.stats.Variants;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Runs and effects as Tablesaw tables. What there is not is a missing cell; what came out as NaN or infinite says so. */
public final class Tables {
    private Tables() {}

    /**
     * One row a run: the factors, {@code seed}, {@code status}, every metric, {@code seconds}, {@code run_id}; where some diverged,
     * {@code diverged} says at which step and in which layer.
     */
    public static Table runs(List<RunRow> runs) {
        List<Column<?>> columns = new ArrayList<>(factors(runs, RunRow::variant));
        columns.add(LongColumn.create("seed", runs.stream().mapToLong(RunRow::seed)));
        columns.add(strings("status", runs, run -> run.status().toString()));
        if (runs.stream().anyMatch(run -> !run.divergence().isEmpty())) {
            columns.add(strings("diverged", runs, RunRow::divergence));
        }
        for (String metric : Variants.metrics(runs)) {
            columns.add(numbers(metric, runs, run -> run.metrics().get(metric)));
        }
        columns.add(doubles("seconds", runs, RunRow::seconds));
        columns.add(strings("run_id", runs, RunRow::runId));
        return Table.create("runs", columns);
    }

    /**
     * One row a variant and metric, over the runs that came to their end: the factors, {@code metric}, {@code seeds}, {@code mean},
     * {@code sd}, {@code low} and {@code high} (95 % interval), {@code diverged} (how many of the seeds count as a guess) and
     * {@code left_out} (runs without a finite number).
     */
    public static Table summary(List<RunRow> runs) {
        record Entry(Map<String, String> variant, String metric, Summary summary) {}
        List<Entry> entries = new ArrayList<>();
        Variants.group(runs).forEach((variant, group) -> {
            for (String metric : Variants.metrics(runs)) {
                entries.add(new Entry(variant, metric, Variants.summary(group, metric)));
            }
        });
        List<Column<?>> columns = new ArrayList<>(factors(entries, Entry::variant));
        columns.add(strings("metric", entries, Entry::metric));
        columns.add(integers("seeds", entries, entry -> entry.summary().n()));
        columns.add(doubles("mean", entries, entry -> entry.summary().mean()));
        columns.add(doubles("sd", entries, entry -> entry.summary().sd()));
        columns.add(doubles("low", entries, entry -> entry.summary().low()));
        columns.add(doubles("high", entries, entry -> entry.summary().high()));
        columns.add(integers("diverged", entries, entry -> entry.summary().guessed()));
        columns.add(integers("left_out", entries, entry -> entry.summary().leftOut()));
        return Table.create("summary", columns);
    }

    /** One row a variant, to be read: the factors, each metric as mean ± half width, seeds, minutes a run. */
    public static Table variants(List<RunRow> runs, List<Metric> metrics) {
        var groups = Variants.group(runs);
        List<Map<String, String>> variants = List.copyOf(groups.keySet());
        List<Column<?>> columns = new ArrayList<>(factors(variants, Function.identity()));
        for (Metric metric : metrics) {
            columns.add(strings(
                    metric.title(),
                    variants,
                    variant ->
                            Variants.summary(groups.get(variant), metric.key()).text(metric)));
        }
        columns.add(strings("seeds finished", variants, variant -> {
            List<RunRow> group = groups.get(variant);
            int diverged = Variants.count(group, run -> run.status() == RunEnd.DIVERGED);
            return Variants.count(group, run -> run.status() == RunEnd.FINISHED) + " of " + group.size()
                    + (diverged == 0 ? "" : ", " + diverged + " diverged");
        }));
        columns.add(strings("s a run", variants, variant -> {
            double mean = groups.get(variant).stream()
                    .mapToDouble(RunRow::seconds)
                    .average()
                    .orElse(Double.NaN);
            return Numbers.fixed(mean, 1);
        }));
        return Table.create("variants", columns);
    }

    /**
     * One row an effect: {@code experiment}, {@code effect}, {@code unit}, {@code paper}, {@code standing}, {@code ours},
     * {@code low}, {@code high}, {@code low_over_images}, {@code high_over_images} (the interval over seeds and test images), {@code sd} (of a ratio a factor), {@code effect_size} (Cohen's d_z), {@code seeds}, {@code planned},
     * {@code diverged} (how many of the seeds have a run that counts as a guess), {@code diverged_left_out}, {@code table}, {@code role},
     * {@code claim}, {@code test}, {@code margin}, {@code reason}, {@code p} (two-sided, of the effect lying on the margin, not corrected for other claims),
     * {@code p_sign_flip}, {@code sentence}.
     */
    public static Table effects(String experiment, List<Effect> effects) {
        return Table.create(
                "effects",
                strings("experiment", effects, effect -> experiment),
                strings("effect", effects, Effect::name),
                strings("unit", effects, Effect::unit),
                doubles("paper", effects, Effect::paperValue),
                strings(
                        "standing",
                        effects,
                        effect -> effect.paper().isKnown()
                                ? effect.paper().standing().toString()
                                : ""),
                doubles("ours", effects, Effect::mean),
                doubles("low", effects, Effect::low),
                doubles("high", effects, Effect::high),
                overImages("low_over_images", effects, TwoWayBootstrap.Interval::low),
                overImages("high_over_images", effects, TwoWayBootstrap.Interval::high),
                doubles("sd", effects, Effect::sd),
                measured("effect_size", effects, PairedDifference::effectSize),
                integers(
                        "seeds",
                        effects,
                        effect -> effect.ours().map(PairedDifference::n).orElse(0)),
                integers("planned", effects, Effect::planned),
                integers("diverged", effects, effect -> effect.diverged().guessed()),
                integers(
                        "diverged_left_out",
                        effects,
                        effect -> effect.diverged().leftOut()),
                strings("table", effects, effect -> effect.paper().source()),
                strings("role", effects, effect -> effect.hypothesis().role().toString()),
                strings("claim", effects, effect -> effect.hypothesis().claim()),
                strings("test", effects, effect -> effect.hypothesis().test().toString()),
                doubles("margin", effects, effect -> effect.hypothesis().margin()),
                strings("reason", effects, effect -> effect.hypothesis().reason()),
                doubles("p", effects, Effect::p),
                doubles("p_sign_flip", effects, Effect::signFlipP),
                strings("sentence", effects, Effect::sentence));
    }

    private static DoubleColumn overImages(
            String name, List<Effect> effects, ToDoubleFunction<TwoWayBootstrap.Interval> end) {
        return doubles(
                name,
                effects,
                effect -> effect.overImages().isPresent()
                        ? end.applyAsDouble(effect.overImages().get())
                        : Double.NaN);
    }

    /** One row an effect, to be read; with a column of the paper's where it has any of them. */
    public static Table effectsText(List<Effect> effects) {
        boolean paper = effects.stream().anyMatch(effect -> effect.paper().isKnown());
        List<Column<?>> columns = new ArrayList<>(List.of(strings("effect", effects, Effect::name)));
        if (paper) {
            columns.add(strings(
                    "paper",
                    effects,
                    effect -> Numbers.upTo(effect.paperValue(), 2)
                            + effect.paper().standing().mark()));
        }
        columns.addAll(List.of(
                strings(paper ? "ours" : "mean", effects, effect -> Numbers.fixed(effect.mean(), decimals(effect))),
                strings(
                        "95 % interval",
                        effects,
                        effect -> effect.ours().isEmpty() ? "" : interval(effect, effect.low(), effect.high())),
                strings(
                        "d_z",
                        effects,
                        effect -> effect.ours()
                                .map(ours -> Numbers.fixed(ours.effectSize(), 2))
                                .orElse("")),
                strings(
                        "seeds",
                        effects,
                        effect -> effect.ours().map(PairedDifference::n).orElse(0) + " of " + effect.planned()
                                + effect.diverged().suffix())));
        if (effects.stream().anyMatch(effect -> effect.hypothesis().isPrimary())) {
            columns.add(strings(
                    "role", effects, effect -> effect.hypothesis().role().toString()));
        }
        return Table.create("effects", columns);
    }

    /**
     * One row an effect whose test images are known, to be read: Student's interval beside the one over seeds and test images, and p by
     * the t test beside that by turned signs.
     */
    public static Table intervalsText(List<Effect> effects) {
        List<Effect> known =
                effects.stream().filter(each -> each.overImages().isPresent()).toList();
        return Table.create(
                "intervals",
                strings("effect", known, Effect::name),
                strings("over seeds", known, effect -> interval(effect, effect.low(), effect.high())),
                strings("over seeds and images", known, effect -> {
                    TwoWayBootstrap.Interval both = effect.overImages().orElseThrow();
                    return interval(effect, both.low(), both.high());
                }),
                strings("p, t test", known, effect -> Numbers.p(effect.p())),
                strings("p, turned signs", known, effect -> Numbers.p(effect.signFlipP())));
    }

    private static String interval(Effect effect, double low, double high) {
        return Numbers.fixed(low, decimals(effect)) + " to " + Numbers.fixed(high, decimals(effect));
    }

    /** One row a run and epoch: the factors, {@code seed}, {@code epoch}, every metric logged by epoch. */
    public static Table curves(List<RunRow> runs) {
        record Entry(RunRow run, CurvePoint point) {}
        List<Entry> entries = runs.stream()
                .flatMap(run -> run.curve().stream().map(point -> new Entry(run, point)))
                .toList();
        List<Column<?>> columns =
                new ArrayList<>(factors(entries, entry -> entry.run().variant()));
        columns.add(LongColumn.create(
                "seed", entries.stream().mapToLong(entry -> entry.run().seed())));
        columns.add(doubles("epoch", entries, entry -> entry.point().epoch()));
        List<String> metrics = entries.stream()
                .flatMap(entry -> entry.point().metrics().keySet().stream())
                .distinct()
                .toList();
        for (String metric : metrics) {
            columns.add(
                    numbers(metric, entries, entry -> entry.point().metrics().get(metric)));
        }
        return Table.create("curves", columns);
    }

    /** Digits behind the point by column, for printing tables whose columns are named after metrics. */
    public static Map<String, Integer> decimals(List<Metric> metrics) {
        return metrics.stream().collect(Collectors.toMap(Metric::key, Metric::decimals));
    }

    private static int decimals(Effect effect) {
        return effect.ours()
                .map(ours -> effect.scale().decimals(2, ours.mean(), ours.low(), ours.high()))
                .orElse(2);
    }

    private static <T> List<Column<?>> factors(Collection<T> entries, Function<T, Map<String, String>> variant) {
        Set<String> seen = new HashSet<>();
        List<Column<?>> columns = new ArrayList<>();
        for (T entry : entries) {
            for (String factor : variant.apply(entry).keySet()) {
                if (seen.add(factor)) {
                    columns.add(
                            strings(factor, entries, each -> variant.apply(each).getOrDefault(factor, "")));
                }
            }
        }
        return columns;
    }

    private static <T> StringColumn strings(String name, Collection<T> entries, Function<T, String> text) {
        return StringColumn.create(name, entries.stream().map(text));
    }

    private static <T> IntColumn integers(String name, Collection<T> entries, Function<T, Integer> number) {
        return IntColumn.create(name, entries.stream().mapToInt(number::apply).toArray());
    }

    private static <T> DoubleColumn doubles(String name, Collection<T> entries, ToDoubleFunction<T> number) {
        return DoubleColumn.create(
                name,
                entries.stream()
                        .mapToDouble(number)
                        .map(value -> Double.isFinite(value) ? value : Double.NaN)
                        .toArray());
    }

    /** Numbers, or null where there is none; as text where some are not finite, which a column of numbers cannot tell from none. */
    private static <T> Column<?> numbers(String name, Collection<T> entries, Function<T, Double> number) {
        boolean finite = entries.stream().map(number).filter(Objects::nonNull).allMatch(Double::isFinite);
        return finite
                ? doubles(name, entries, entry -> Objects.requireNonNullElse(number.apply(entry), Double.NaN))
                : strings(name, entries, entry -> Objects.toString(number.apply(entry), ""));
    }

    private static DoubleColumn measured(String name, List<Effect> effects, ToDoubleFunction<PairedDifference> number) {
        return doubles(
                name,
                effects,
                effect -> effect.ours().map(number::applyAsDouble).orElse(Double.NaN));
    }
}
