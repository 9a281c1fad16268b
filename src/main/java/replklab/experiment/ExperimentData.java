package replklab.experiment;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import replklab.base.UsageException;
import replklab.data.DatasetDraws;
import replklab.data.DatasetSpec;
import replklab.data.Datasets;
import replklab.data.ImageDataset;
import replklab.data.TrainTest;

/**
 * The images of an experiment: open, and every training tried on them.
 *
 * @param spec whose they are
 * @param classification null where runs measure
 * @param dense of the second stage: the first one's, unless it has its own; null where there is none
 */
record ExperimentData(ExperimentSpec spec, DatasetDraws classification, DatasetDraws dense) {
    /**
     * The images of one run.
     *
     * @param dense null where there is no second stage
     */
    record Drawn(TrainTest classification, TrainTest dense) {}

    /** The first time that code of the user's own is asked for anything. */
    static ExperimentData open(Experiment experiment) {
        try {
            return open(experiment.spec());
        } catch (UsageException e) {
            throw experiment.located(e);
        }
    }

    /**
     * Opens them.
     *
     * @throws UsageException if a training does not go with them
     */
    static ExperimentData open(ExperimentSpec spec) {
        if (spec.isMeasured()) {
            return new ExperimentData(spec, null, null);
        }
        DatasetDraws data = Datasets.draws("data", spec.data(), spec.classPath());
        ExperimentModels.tryOwn(spec, data);
        for (Map<String, String> variant : spec.combinations()) {
            spec.trainingOf(variant).check(data.of(spec.firstSeed(), spec.trainExamplesOf(variant)));
        }
        if (!spec.isFinetuned()) {
            return new ExperimentData(spec, data, null);
        }
        DatasetDraws dense = spec.finetune().data() == null
                ? data
                : Datasets.draws("finetune.data", spec.finetune().data(), spec.classPath());
        spec.finetune()
                .training()
                .checkDense(dense.of(
                        spec.firstSeed(),
                        denseExamples(spec, spec.combinations().getFirst())));
        return new ExperimentData(spec, data, dense);
    }

    /** A second stage on the first one's data has the first one's images. */
    private static int denseExamples(ExperimentSpec spec, Map<String, String> variant) {
        DatasetSpec own = spec.finetune().data();
        return own == null ? spec.trainExamplesOf(variant) : own.trainExamples();
    }

    /** Those of a run. */
    Drawn of(RunPlan plan) {
        TrainTest first = classification.of(plan.seed(), spec.trainExamplesOf(plan.variant()));
        if (dense == null || dense == classification) {
            return new Drawn(first, dense == null ? null : first);
        }
        return new Drawn(first, dense.of(plan.seed(), denseExamples(spec, plan.variant())));
    }

    /** {@link RunIdentity#data} of what a run reads. */
    String digest(RunPlan plan) {
        if (classification == null) {
            return RunIdentity.data(List.of());
        }
        Drawn drawn = of(plan);
        return RunIdentity.data(Stream.of(drawn.classification(), drawn.dense())
                .filter(Objects::nonNull)
                .distinct()
                .toList());
    }

    /** What classifiers are evaluated on; empty where nothing is trained. */
    Optional<ImageDataset> evaluated() {
        return Optional.ofNullable(classification).map(DatasetDraws::evaluated);
    }

    /** What is to be told of them. */
    List<String> notices() {
        return Stream.of(classification, dense)
                .filter(Objects::nonNull)
                .flatMap(each -> each.notices().stream())
                .distinct()
                .toList();
    }
}
