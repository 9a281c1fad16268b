package replklab.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import replklab.analysis.ContributionArea;
import replklab.analysis.ContributionScore;
import replklab.analysis.FieldGrowth;
import replklab.analysis.FieldGrowth.Estimate;
import replklab.analysis.FieldSize;
import replklab.chart.Charts;
import replklab.chart.HeatMap;
import replklab.chart.ScatterPanel;
import replklab.plot.Picture;
import replklab.table.AreaTable;

/** Effective receptive fields as pictures and as table 10. */
public final class FieldFigures {
    /** The share whose area is framed in the pictures. */
    private static final double FRAMED = 0.5;

    private static final String SCALE = "log10(mean score + 1)";

    private FieldFigures() {}

    /**
     * One network's field.
     *
     * @param title what the picture is called
     * @param name of the network
     */
    public static Picture heatMap(String title, String name, ContributionScore score) {
        return Charts.heatMaps(title, subtitle(), List.of(map(name, score)), 1, SCALE);
    }

    /**
     * Fields side by side, each scaled to its own largest value as the authors do; one colour bar holds for all.
     *
     * @param scores by the words above each, in reading order
     * @param columns maps side by side
     */
    public static Picture heatMaps(String title, Map<String, ContributionScore> scores, int columns) {
        List<HeatMap> maps = new ArrayList<>();
        scores.forEach((name, score) -> maps.add(map(name, score)));
        return Charts.heatMaps(title, subtitle(), maps, columns, SCALE);
    }

    private static String subtitle() {
        return "Each map over its own largest value. Frame: the smallest centred square that holds " + percent(FRAMED)
                + ".";
    }

    private static HeatMap map(String name, ContributionScore score) {
        ContributionArea half = score.area(FRAMED);
        return new HeatMap(
                name,
                "frame: %s of %dx%d".formatted(percent(half.ratio()), score.height(), score.width()),
                score.picture(),
                Optional.of(new HeatMap.Frame(half.height(), half.width())));
    }

    /**
     * A row of table 10.
     *
     * @param model the network's name
     * @param weights where its weights come from
     */
    public static AreaTable.Row row(String model, String weights, ContributionScore score) {
        return new AreaTable.Row(
                model,
                weights,
                "%dx%d, %s".formatted(score.height(), score.width(), images(score)),
                score.areas().stream().map(ContributionArea::ratio).toList());
    }

    private static String images(ContributionScore score) {
        return score.images() == 1 ? "1 image" : score.images() + " images";
    }

    /**
     * Radii over K sqrt(L), a panel a family of networks, with the fitted exponents above each.
     *
     * @param families their sizes by name
     */
    public static Picture growth(String title, Map<String, List<FieldSize>> families) {
        List<ScatterPanel> panels = new ArrayList<>();
        families.forEach((name, sizes) -> {
            FieldGrowth growth = FieldGrowth.of(sizes);
            Map<Integer, List<FieldSize>> byKernel = new TreeMap<>();
            sizes.forEach(size -> byKernel.computeIfAbsent(size.kernel(), kernel -> new ArrayList<>())
                    .add(size));
            List<ScatterPanel.Series> series = new ArrayList<>();
            byKernel.forEach((kernel, own) -> series.add(new ScatterPanel.Series(
                    "K = " + kernel,
                    own.stream().map(FieldSize::predictor).toList(),
                    own.stream().map(FieldSize::radius).toList())));
            Estimate slope = growth.slope();
            panels.add(new ScatterPanel(
                    name + ": K^" + text(growth.kernel()) + ", L^" + text(growth.depth()),
                    series,
                    new ScatterPanel.Line("radius = s K √L, fitted", slope.value(), slope.low(), slope.high())));
        });
        return Charts.scatter(
                title,
                "A point is a random network. Exponents and the band have 95 % intervals; O(K √L) would be K^1 and L^0.5.",
                "K √L",
                "radius (pixels of the map)",
                panels);
    }

    private static String text(Estimate estimate) {
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", estimate.value(), estimate.low(), estimate.high());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, share < 0.0995 ? "%.1f %%" : "%.0f %%", 100 * share);
    }
}
