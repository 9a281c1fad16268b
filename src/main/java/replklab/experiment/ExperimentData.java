package replklab.experiment;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import replklab.data.DatasetDraws;
import replklab.data.Datasets;
import replklab.data.ImageDataset;
import replklab.data.TrainTest;
import replklab.train.TrainingConfig;

/**
 * The images of an experiment: open, and every training tried on them.
 *
 * @param classification null where runs measure
 * @param dense of the second stage: the first one's, unless it has its own; null where there is none
 */
record ExperimentData(DatasetDraws classification, DatasetDraws dense) {
    /**
     * The images of one run.
     *
     * @param dense null where there is no second stage
     */
    record Drawn(TrainTest classification, TrainTest dense) {}

    /**
     * Opens them.
     *
     * @throws replklab.base.UsageException if a training does not go with them
     */
    static ExperimentData open(ExperimentSpec spec) {
        if (spec.isMeasured()) {
            return new ExperimentData(null, null);
        }
        DatasetDraws data = Datasets.draws("data", spec.data(), spec.classPath());
        TrainTest first = data.of(spec.firstSeed());
        ExperimentModels.tryOwn(spec, first);
        for (TrainingConfig training :
                spec.combinations().stream().map(spec::trainingOf).distinct().toList()) {
            training.check(first);
        }
        if (!spec.isFinetuned()) {
            return new ExperimentData(data, null);
        }
        DatasetDraws dense = spec.finetune().data() == null
                ? data
                : Datasets.draws("finetune.data", spec.finetune().data(), spec.classPath());
        spec.finetune().training().checkDense(dense.of(spec.firstSeed()));
        return new ExperimentData(data, dense);
    }

    /** Those of the run with a seed. */
    Drawn of(long seed) {
        TrainTest first = classification.of(seed);
        return new Drawn(first, dense == null ? null : dense == classification ? first : dense.of(seed));
    }

    /** {@link RunIdentity#data} of what the run with a seed reads. */
    String digest(long seed) {
        if (classification == null) {
            return RunIdentity.data(List.of());
        }
        Drawn drawn = of(seed);
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
