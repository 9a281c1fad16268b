package replklab.experiment;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import replklab.data.DatasetDraws;
import replklab.data.Datasets;
import replklab.model.Architecture;
import replklab.model.KernelForm;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.tensor.Tape;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;
import replklab.train.TrainingConfig;

/**
 * What a schedule takes on this machine, before it starts: some training steps and evaluations of each network are timed, on random
 * numbers. Reading images, which goes on beside, and optimisers are left out.
 *
 * @param slowest images a second of the slowest network in training
 * @param fastest likewise of the fastest
 * @param time of all runs
 */
record ScheduleEstimate(double slowest, double fastest, Duration time) {
    /** Images of a step that is timed: a batch of hundreds may take minutes. */
    private static final int MOST_IMAGES = 8;

    private static final int STEPS = 2;

    /**
     * Measures.
     *
     * @throws replklab.base.LabException if the data are not there, whose number of images and classes it needs
     */
    static ScheduleEstimate of(Experiment experiment) {
        ExperimentSpec spec = experiment.spec();
        DatasetDraws draws = Datasets.draws("data", spec.data(), spec.classPath());
        long train =
                draws.of(spec.firstSeed(), spec.data().trainExamples()).train().size();
        long evaluated = draws.evaluated().size();
        List<VariantNetwork> networks = VariantNetwork.of(experiment, draws);
        double slowest = Double.POSITIVE_INFINITY;
        double fastest = 0;
        double seconds = 0;
        for (int i = 0; i < networks.size(); i++) {
            Rates rates = Rates.of(networks.get(i), draws.classes());
            TrainingConfig training = spec.trainingOf(spec.combinations().get(i));
            double images = (double) training.plannedSteps(Math.toIntExact(train / training.batchSize()))
                    * training.batchSize();
            seconds +=
                    spec.seeds() * (images / rates.training + (double) training.epochs() * evaluated / rates.inference);
            slowest = Math.min(slowest, rates.training);
            fastest = Math.max(fastest, rates.training);
        }
        return new ScheduleEstimate(slowest, fastest, Duration.ofSeconds(Math.round(seconds)));
    }

    /** In a sentence for a plan. */
    String words() {
        double days = time.toSeconds() / 86_400.0;
        return "%s on this machine, at %.3g to %.3g images/s in training"
                .formatted(
                        days < 2 ? "%.2g hours".formatted(24 * days) : "%,.0f days".formatted(days), slowest, fastest);
    }

    /** Images a second of a network. */
    private record Rates(double training, double inference) {
        static Rates of(VariantNetwork variant, int classes) {
            Architecture architecture = Architecture.parse(variant.architecture());
            Layer network = architecture
                    .network(KernelForm.TRAINING, Initialisation.uniform(new SplittableRandom(1)))
                    .train(true);
            int batch = Math.min(MOST_IMAGES, variant.batch());
            Tensor images = Tensor.normal(
                    new SplittableRandom(2), 1, batch, variant.side(), variant.side(), architecture.inputChannels());
            Targets labels = Targets.labels(
                    IntStream.range(0, batch).map(i -> i % classes).toArray());
            try {
                double training = rate(
                        batch,
                        () -> variant.precision().in(() -> {
                            try (Tape tape = Tape.training(1)) {
                                tape.backward(network.forward(images).crossEntropy(labels));
                            }
                            return null;
                        }));
                network.train(false);
                double inference = rate(batch, () -> {
                    try (Tape _ = Tape.inference()) {
                        network.forward(images);
                    }
                });
                return new Rates(training, inference);
            } finally {
                Tape.releaseMemory();
            }
        }

        /** After one that compiles and chooses algorithms. */
        private static double rate(int batch, Runnable step) {
            step.run();
            long begin = System.nanoTime();
            for (int i = 0; i < STEPS; i++) {
                step.run();
            }
            return STEPS * batch / ((System.nanoTime() - begin) * 1e-9);
        }
    }
}
