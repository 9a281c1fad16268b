package replklab.notebook;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import replklab.analysis.ContributionScore;
import replklab.analysis.EffectiveReceptiveField;
import replklab.analysis.FieldSize;
import replklab.analysis.ImageSource;
import replklab.base.LabHome;
import replklab.base.Provenance;
import replklab.experiment.FieldSizes;
import replklab.experiment.FieldStudy;
import replklab.experiment.FieldTraining;
import replklab.experiment.FieldTraining.Trained;
import replklab.experiment.Profile;
import replklab.experiment.Stale;
import replklab.model.RepLKNet;
import replklab.report.ResultFolder;
import replklab.table.AreaTable;
import replklab.table.Csv;
import replklab.tensor.Backend;
import replklab.tensor.Tape;
import replklab.tracking.Tracker;
import replklab.train.EpochResult;

/** What the cells of notebook 08 call: trainings and measurements of receptive fields that show how far they are. */
public final class FieldLab {
    private FieldLab() {}

    /**
     * Trains the study's networks, each a run in MLflow. What is trained already is read; interrupting the cell keeps what is
     * computed, and running it again goes on.
     *
     * @return the networks by name
     */
    public static SequencedMap<String, Trained> train(Profile profile) {
        SequencedMap<String, Trained> networks = new LinkedHashMap<>();
        try (Tracker tracker = Tracker.open();
                TrainingDisplay display = new TrainingDisplay()) {
            FieldTraining training = new FieldTraining(
                    FieldStudy.of(profile), tracker, LabHome.resolve("results", profile.toString()), stale(profile));
            for (String name : FieldStudy.names()) {
                networks.put(name, training.network(name, display, () -> false));
            }
        }
        return networks;
    }

    /** As for experiments: only in full, where it may take an hour, is asked what to do. */
    private static Stale stale(Profile profile) {
        Stale said = Stale.ofEnvironment();
        return said == Stale.ASK && profile != Profile.FULL ? Stale.REPLACE : said;
    }

    /**
     * The scores of some RepLKNets on the same images, by the networks' names. Interrupting the cell gives the scores of the
     * images so far.
     */
    public static SequencedMap<String, ContributionScore> scores(Map<String, RepLKNet> networks, ImageSource images) {
        SequencedMap<String, ContributionScore> scores = new LinkedHashMap<>();
        try (LiveProgress progress = new LiveProgress("images")) {
            networks.forEach((name, network) -> scores.put(
                    name, EffectiveReceptiveField.of(network).score(images, progress.of(name), () -> false)));
        }
        Tape.releaseMemory(); // the next networks have other shapes
        return scores;
    }

    /**
     * Keeps the rows of table 10, which notebook 07 sets beside the paper's: {@code results/PROFILE/erf/areas.csv}.
     *
     * @return the file
     */
    public static Path keep(Profile profile, List<AreaTable.Row> rows) {
        Provenance provenance = Provenance.collect(
                LabHome.root(),
                Backend.current().name(),
                FieldStudy.of(profile).toString(),
                List.of(FieldStudy.SEED),
                profile.toString(),
                Instant.now());
        return new ResultFolder(LabHome.resolve("results", profile.toString(), FieldTraining.NAME))
                .write("areas.csv", Csv.stamped(AreaTable.kept(rows), provenance));
    }

    /** The radii of both families of random networks, by the family's name. */
    public static Map<String, List<FieldSize>> growth(FieldSizes sizes) {
        Map<String, List<FieldSize>> families = new LinkedHashMap<>();
        try (LiveProgress progress = new LiveProgress("plain stacks")) {
            families.put("plain stacks", sizes.plainStacks(progress));
        }
        try (LiveProgress progress = new LiveProgress("RepLKNets")) {
            families.put("RepLKNets", sizes.residualNetworks(progress));
        }
        return families;
    }

    /** A line while a network trains, and a line for each one that is done. */
    private static final class TrainingDisplay implements FieldTraining.Listener, AutoCloseable {
        private final LiveDisplay display = new LiveDisplay();
        private final SequencedMap<String, String> lines = new LinkedHashMap<>();
        private final List<Long> begun = new ArrayList<>();

        @Override
        public void step(String name, long step, long totalSteps) {
            if (lines.putIfAbsent(name, "") == null) {
                begun.add(System.nanoTime());
            }
            if (step < totalSteps) {
                long nanos = System.nanoTime() - begun.getLast();
                Duration left = Duration.ofNanos(nanos / step * (totalSteps - step));
                show(name, "step %d of %d, %s left".formatted(step, totalSteps, LiveProgress.words(left)));
            }
        }

        @Override
        public void notice(String line) {
            System.err.println(line);
        }

        @Override
        public void epoch(String name, EpochResult result) {
            show(
                    name,
                    "epoch %d, test accuracy %.1f %%, %.0f s"
                            .formatted(result.epoch(), result.evaluation().accuracy(), result.seconds()));
        }

        private void show(String name, String state) {
            lines.put(name, "kernels " + name + ": " + state);
            String text = String.join("\n", lines.values());
            display.show(() -> text, () -> lines.get(name));
        }

        @Override
        public void close() {
            display.close();
        }
    }
}
