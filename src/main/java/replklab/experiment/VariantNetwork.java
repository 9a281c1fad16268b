package replklab.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import replklab.base.UsageException;
import replklab.data.DatasetDraws;
import replklab.data.Datasets;
import replklab.model.Architecture;
import replklab.tensor.Precision;
import replklab.train.TrainingConfig;

/**
 * The network of one of an experiment's variants, by the name under which commands know it.
 *
 * @param variant in words, such as {@code shortcut=with kernel=13}
 * @param architecture as {@link Architecture#parse} knows it
 * @param batch images that a training step takes
 * @param side of the images, in pixels
 * @param precision that it trains in
 */
public record VariantNetwork(String variant, String architecture, int batch, int side, Precision precision) {
    /**
     * Those of all variants.
     *
     * @throws UsageException if the experiment trains none, its images are not square, or commands know a network by no name
     */
    public static List<VariantNetwork> of(Experiment experiment) {
        ExperimentSpec spec = experiment.spec();
        if (spec.isMeasured()) {
            throw new UsageException(experiment.name() + " trains no networks: it measures");
        }
        return of(experiment, Datasets.draws("data", spec.data(), spec.classPath()));
    }

    /** The same of an experiment that trains, with its data open. */
    static List<VariantNetwork> of(Experiment experiment, DatasetDraws data) {
        ExperimentSpec spec = experiment.spec();
        if (data.shape().height() != data.shape().width()) {
            throw new UsageException("the images of %s are %d x %d pixels; only square ones are measured"
                    .formatted(
                            experiment.name(),
                            data.shape().height(),
                            data.shape().width()));
        }
        ExperimentModels models = new ExperimentModels(spec.classPath());
        List<VariantNetwork> networks = new ArrayList<>();
        for (Map<String, String> variant : spec.combinations()) {
            TrainingConfig training = spec.trainingOf(variant);
            String label = new RunPlan(variant, 0).label();
            String architecture = models.name(spec.optionsOf(variant), data.shape(), data.classes())
                    .orElseThrow(() -> new UsageException("the network of " + experiment.name() + ", " + label
                            + " is the user's own, and has no name here"));
            networks.add(new VariantNetwork(
                    label.isEmpty() ? experiment.name() : label,
                    architecture,
                    training.batchSize(),
                    data.shape().height(),
                    training.precision()));
        }
        return networks;
    }
}
