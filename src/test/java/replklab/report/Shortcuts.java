package replklab.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import replklab.base.Digests;
import replklab.base.Machine;
import replklab.base.Provenance;
import replklab.chart.Charts;
import replklab.stats.Alternative;
import replklab.stats.Contrast;
import replklab.stats.CurvePoint;
import replklab.stats.Effect;
import replklab.stats.Hypothesis;
import replklab.stats.Metric;
import replklab.stats.PaperEffect;
import replklab.stats.Phrase;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.table.PaperTable;

/** Made-up runs of the shortcut experiment: five seeds, four variants, numbers like those of a quick run. */
public final class Shortcuts {
    /** Of the code that ran; the code that made the report is of another. */
    public static final String COMMIT = "abcdef012345";

    public static final Metric ACCURACY = new Metric("accuracy", "test accuracy", "%", 2);
    public static final Metric LOSS = new Metric("train_loss", "training loss", "", 3);
    public static final PaperTable TABLE = PaperTable.load("table02-shortcut");
    public static final Map<String, String> COLUMNS = Map.of("accuracy", "imagenet_top1");
    public static final Contrast AT_13 =
            Contrast.difference("accuracy", variant("without", "13"), variant("with", "13"));
    public static final Contrast AT_3 = Contrast.difference("accuracy", variant("without", "3"), variant("with", "3"));
    public static final Phrase LOSES = new Phrase(
            "Without shortcuts, kernel 13 {gains|loses} {size} on Fashion-MNIST", "{gained|lost} {size} on ImageNet");

    /** Of the first of {@link #effects}, which lies near -2.6. */
    public static final Hypothesis PRIMARY = new Hypothesis(
            Hypothesis.Role.PRIMARY,
            "Identity shortcuts are vital (guideline 2)",
            Alternative.LESS,
            -0.5,
            "Half a point or less is what seeds differ by.");

    public static final Hypothesis FALLS = Hypothesis.secondary(Alternative.LESS, 0);
    public static final Hypothesis RISES = Hypothesis.secondary(Alternative.GREATER, 0);

    private Shortcuts() {}

    public static Map<String, String> variant(String shortcut, String kernel) {
        Map<String, String> variant = new LinkedHashMap<>();
        variant.put("shortcut", shortcut);
        variant.put("kernel", kernel);
        return variant;
    }

    public static List<RunRow> runs() {
        return runs(10);
    }

    public static List<RunRow> runs(int epochs) {
        double[] finals = {81.8, 72.7, 79.1, 68.8};
        List<RunRow> runs = new ArrayList<>();
        int v = 0;
        for (String shortcut : List.of("with", "without")) {
            for (String kernel : List.of("3", "13")) {
                for (long seed = 1; seed <= 5; seed++) {
                    runs.add(run(variant(shortcut, kernel), seed, finals[v], epochs));
                }
                v++;
            }
        }
        return runs;
    }

    public static RunRow run(Map<String, String> variant, long seed, double level, int epochs) {
        Random random = new Random(31 * seed + variant.hashCode());
        double reached = level + 1.2 * random.nextGaussian();
        List<CurvePoint> curve = new ArrayList<>();
        double accuracy = 0;
        double loss = 0;
        for (int epoch = 1; epoch <= epochs; epoch++) {
            double progress = 1 - Math.exp(-4.0 * epoch / epochs);
            accuracy = 20 + (reached - 20) * progress + 0.6 * random.nextGaussian();
            loss = 2.3 - 1.6 * progress * reached / 80 + 0.03 * random.nextGaussian();
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("accuracy", accuracy);
            metrics.put("train_loss", loss);
            curve.add(new CurvePoint(epoch, metrics));
        }
        Map<String, Double> last = new LinkedHashMap<>();
        last.put("accuracy", Math.rint(accuracy * 100) / 100);
        last.put("train_loss", Math.rint(loss * 1000) / 1000);
        return new RunRow(variant, seed, RunEnd.FINISHED, last, curve, 12.5 + seed, "run" + seed, COMMIT);
    }

    public static List<Effect> effects(List<RunRow> runs) {
        return List.of(
                Effect.of(
                        "kernel 13 without shortcut",
                        LOSES,
                        "points",
                        AT_13,
                        runs,
                        PaperEffect.of(TABLE.contrast(AT_13, COLUMNS), TABLE.source()),
                        PRIMARY,
                        (_, _) -> Optional.empty()),
                Effect.of(
                        "kernel 3 without shortcut",
                        new Phrase(
                                "Without shortcuts, kernel 3 {gains|loses} {size} on Fashion-MNIST",
                                "{gained|lost} {size} on ImageNet"),
                        "points",
                        AT_3,
                        runs,
                        PaperEffect.of(TABLE.contrast(AT_3, COLUMNS), TABLE.source()),
                        FALLS,
                        (_, _) -> Optional.empty()),
                Effect.of(
                        "kernel 13 needs it more than kernel 3",
                        new Phrase(
                                "Dropping shortcuts costs kernel 13 {less|more} than kernel 3, by {size}",
                                "saw it cost {size} {less|more}"),
                        "points",
                        AT_13.minus(AT_3),
                        runs,
                        PaperEffect.of(TABLE.contrast(AT_13.minus(AT_3), COLUMNS), TABLE.source()),
                        FALLS,
                        (_, _) -> Optional.empty()));
    }

    /** A report on all of them, of a profile. */
    public static ExperimentReport report(String profile) {
        List<RunRow> runs = runs();
        List<Effect> effects = effects(runs);
        return ExperimentReport.builder("shortcut")
                .title("Shortcuts are vital for large kernels", "Does accuracy fall?")
                .metrics(List.of(ACCURACY, LOSS))
                .runs(runs)
                .effects(effects)
                .figure("effects", Charts.effects("What shortcuts are worth", effects))
                .scaleNote("Smaller than the paper.")
                .command("./lab run shortcut")
                .provenance(provenance(profile))
                .build();
    }

    /** A report of the user's own, in which nothing is the paper's. */
    public static ExperimentReport ownReport() {
        List<RunRow> runs = runs();
        List<Effect> effects = List.of(Effect.of(
                "kernel 13 against itself",
                new Phrase("Kernel 13 {gains|loses} {size}", ""),
                "points",
                AT_13,
                runs,
                PaperEffect.NONE,
                RISES,
                (_, _) -> Optional.empty()));
        return ExperimentReport.builder("mine")
                .title("Mine", "")
                .metrics(List.of(ACCURACY))
                .runs(runs)
                .effects(effects)
                .figure("effects", Charts.effects("Mine", effects))
                .command("./lab run mine.yaml")
                .provenance(provenance("full"))
                .build();
    }

    public static Provenance provenance() {
        return provenance("quick");
    }

    private static Provenance provenance(String profile) {
        return new Provenance(
                        "0123456789abcdef0123456789abcdef01234567",
                        true,
                        "Eclipse Adoptium 25.0.1+8",
                        new Machine("Some CPU @ 3 GHz", 2, 23, "Linux 6.8 amd64"),
                        "cpu",
                        Digests.of("kernels: [3, 13]\n"),
                        List.of(1L, 2L, 3L, 4L, 5L),
                        profile,
                        Instant.parse("2026-01-02T03:04:05.678Z"),
                        Duration.ZERO,
                        new LinkedHashMap<>(),
                        "")
                .finished(Instant.parse("2026-01-02T03:09:05Z"));
    }
}
