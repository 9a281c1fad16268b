package replklab.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import replklab.analysis.ContributionArea;
import replklab.analysis.ContributionScore;
import replklab.analysis.EffectiveReceptiveField;
import replklab.base.UsageException;
import replklab.data.TrainTest;
import replklab.model.Models;
import replklab.model.RepLKNetTrunk;
import replklab.nn.Layer;
import replklab.stats.Metric;

/**
 * The effective receptive field of a trained RepLKNet's last stage (section 5, table 10): its radius, and the share of the image
 * that the smallest centred squares with 20, 30, 50 and 99 % of the contributions have.
 *
 * @param images over how many images it is averaged, at least 1, spread evenly over those that the run is evaluated on
 */
record FieldProbe(int images) implements Probe {
    private static final String FAMILY = "replknet";

    FieldProbe {
        UsageException.requireAtLeast("evaluate.receptive-field.images", images, 1);
    }

    @Override
    public List<Metric> metrics() {
        return Stream.concat(
                        Stream.of(Reports.FIELD_RADIUS),
                        ContributionArea.SHARES.stream().map(FieldProbe::area))
                .toList();
    }

    private static Metric area(double share) {
        long percent = Math.round(100 * share);
        return share == DenseStage.FIELD_SHARE
                ? Reports.FIELD_AREA
                : new Metric("erf_area_" + percent, "area of " + percent + " % of the ERF", "%", 1);
    }

    @Override
    public void check(ExperimentSpec spec) {
        for (Map<String, String> variant : spec.combinations()) {
            String model = spec.optionsOf(variant).get("name").asText();
            if (Models.family(model).filter(FAMILY::equals).isEmpty()) {
                throw new UsageException("evaluate.receptive-field measures the last stage of a " + FAMILY
                        + ", and model.name is '" + model + "'; ./lab erf measures other networks");
            }
        }
    }

    @Override
    public Map<String, Double> ask(Layer model, TrainTest data) {
        ContributionScore score =
                EffectiveReceptiveField.of((RepLKNetTrunk) model).score(DatasetImages.spread(data.test(), images));
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(Reports.FIELD_RADIUS.key(), score.radius());
        score.areas().forEach(area -> metrics.put(area(area.share()).key(), 100 * area.ratio()));
        return metrics;
    }
}
