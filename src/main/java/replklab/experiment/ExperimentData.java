package replklab.experiment;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import replklab.base.UsageException;
import replklab.data.Datasets;
import replklab.data.ImageDataset;
import replklab.data.TrainTest;

/**
 * The images of an experiment; null where it measures.
 *
 * @param dense of the second stage: the first one's, unless it has its own
 */
record ExperimentData(TrainTest classification, TrainTest dense) {
    /** Subsets of the data are drawn with this seed, the same for all variants and seeds of an experiment. */
    static final long SEED = 0;

    /** The first time that code of the user's own is asked for anything. */
    static ExperimentData open(Experiment experiment) {
        try {
            return open(experiment.spec());
        } catch (UsageException e) {
            throw experiment.located(e);
        }
    }

    static ExperimentData open(ExperimentSpec spec) {
        if (spec.isMeasured()) {
            return new ExperimentData(null, null);
        }
        TrainTest data = Datasets.open("data", spec.data(), SEED, spec.classPath());
        ExperimentModels.tryOwn(spec, data);
        spec.combinations().stream().map(spec::trainingOf).distinct().forEach(training -> training.check(data));
        if (!spec.isFinetuned()) {
            return new ExperimentData(data, data);
        }
        TrainTest dense = spec.finetune().data() != null
                ? Datasets.open("finetune.data", spec.finetune().data(), SEED, spec.classPath())
                : data;
        spec.finetune().training().checkDense(dense);
        return new ExperimentData(data, dense);
    }

    /** What classifiers are tested on; empty where nothing is trained. */
    Optional<ImageDataset> test() {
        return Optional.ofNullable(classification).map(TrainTest::test);
    }

    List<String> notices() {
        return Stream.of(classification, dense)
                .filter(Objects::nonNull)
                .flatMap(each -> each.notices().stream())
                .distinct()
                .toList();
    }

    /** {@link RunIdentity#data} of what an experiment's runs read. */
    String digest() {
        return RunIdentity.data(Stream.of(classification, dense)
                .filter(Objects::nonNull)
                .distinct()
                .toList());
    }
}
