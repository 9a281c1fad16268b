package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.UsageException;
import replklab.data.Datasets;
import replklab.data.TrainTest;
import replklab.nn.Layer;
import replklab.stats.CurvePoint;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.tensor.Backend;
import replklab.tensor.device.DeviceBackend;
import replklab.tensor.device.OpenClHere;
import replklab.tracking.ActiveRun;
import replklab.tracking.LoggedRun;
import replklab.tracking.MetricPoint;
import replklab.tracking.RunSpec;
import replklab.tracking.RunStatus;
import replklab.tracking.RunTags;
import replklab.tracking.TestPython;
import replklab.tracking.TrackedRun;
import replklab.tracking.Tracker;
import replklab.train.Evaluation;
import replklab.train.Trainer;
import replklab.train.TrainingListener;
import replklab.train.TrainingTask;
import replklab.weights.Safetensors;

/** Whole experiments on images of 8x8, with a real MLflow server that this class starts once. */
class ExperimentRunnerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TEXT =
            Yaml.with("{name: fashion-mnist}", "{name: folder, path: images, resolution: 8}");
    private static final String ONE_SEED = TEXT.replace("    seeds: 2\n", "    seeds: 1\n");
    private static final List<String> NOTICES = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    static Path home;

    private static String homeBefore;
    private static Tracker tracker;
    private static ExperimentRunner.Outcome whole;

    @TempDir
    Path results;

    private final Heard heard = new Heard();

    /** Remembers which runs were reused and what was said; interrupts its thread after a step when told to. */
    private static class Heard implements RunnerListener {
        private final List<String> reused = new ArrayList<>();
        private final List<String> notices = new ArrayList<>();
        private int interruptRun = -1;
        private long interruptStep;
        private int run;
        private Runnable atStep = () -> {};
        private Runnable atInterrupt = () -> {};

        @Override
        public void runBegins(RunPlan plan, int index, boolean done) {
            run = index;
            if (done) {
                reused.add(plan.name());
            }
        }

        @Override
        public void step(RunPlan plan, long step, long totalSteps, double loss) {
            atStep.run();
            if (run == interruptRun && step == interruptStep) {
                interruptRun = -1;
                Thread.currentThread().interrupt();
                atInterrupt.run();
            }
        }

        @Override
        public void notice(String line) {
            notices.add(line);
        }
    }

    @BeforeAll
    static void start() throws IOException {
        TestPython.use();
        for (int label = 0; label < 3; label++) {
            Path train = Files.createDirectories(home.resolve("images/train/class" + label));
            Path test = Files.createDirectories(home.resolve("images/val/class" + label));
            for (int i = 0; i < 7; i++) {
                Path file = (i < 4 ? train : test).resolve(i + ".png");
                ImageIO.write(image(label, i), "png", file.toFile());
            }
        }
        homeBefore = System.setProperty(LabHome.PROPERTY, home.toString());
        tracker = Tracker.open(Map.of(), home.resolve("mlruns"), home, NOTICES::add);
    }

    private static BufferedImage image(int label, int number) {
        SplittableRandom random = new SplittableRandom(label * 100 + number);
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64; i++) {
            image.setRGB(i % 8, i / 8, (100 << (8 * label)) + (random.nextInt() & 0x7F7F7F));
        }
        return image;
    }

    /**
     * The paper's schedule from the file that is committed, on a folder of ImageNet's shape: everything is as there but the number of
     * epochs, the sizes of images and batch, and how many seeds.
     */
    @Test
    void thePapersScheduleTrainsOnAFolderOfImages() {
        Experiment experiment = Experiments.loadFile(
                Path.of("experiments/shortcut.yaml"),
                Profile.PAPER,
                List.of(),
                List.of(
                        "data.path=images",
                        "data.resolution=32",
                        "model.width=0.25",
                        "training.epochs=1",
                        "training.warmupEpochs=0.5",
                        "training.batchSize=4",
                        "seeds=2"));
        assertThat(experiment.spec().training().weightDecay()).isEqualTo(4e-5);
        assertThat(Forecast.ofSchedule(experiment).orElseThrow())
                .matches("[0-9.e-]+ hours on this machine, at [0-9.e+]+ to [0-9.e+]+ images/s in training");
        ExperimentRunner.Outcome outcome = run(experiment, ExperimentRunner.Reuse.MATCHING);
        assertThat(outcome.failed()).as("what was said: %s", heard.notices).isZero();
        assertThat(outcome.page()).startsWith(results);
        assertThat(outcome.report().effects().stream()
                        .filter(effect -> effect.hypothesis().isPrimary()))
                .singleElement()
                .satisfies(effect -> {
                    assertThat(effect.paper().difference().orElseThrow()).isCloseTo(-15.46, within(1e-9));
                    assertThat(effect.ours().orElseThrow().n()).isEqualTo(2);
                });
    }

    /**
     * On an OpenCL device the same experiment learns the same: four steps round differently, and each loss is off by some units in
     * the last place of float32 for each of some thousand operations.
     */
    @Test
    void aDeviceGivesWhatTheCpuGives() {
        DeviceBackend device = OpenClHere.backend();
        Experiment experiment = experiment("on-a-device", ONE_SEED);
        RunRow here =
                run(experiment, ExperimentRunner.Reuse.MATCHING).report().runs().getFirst();
        assertThat(here.status()).as("what was said: %s", heard.notices).isEqualTo(RunEnd.FINISHED);
        List<RunRow> there = new ArrayList<>();
        Backend.with(
                device,
                () -> there.addAll(run(experiment, ExperimentRunner.Reuse.MATCHING)
                        .report()
                        .runs()));
        assertThat(heard.reused)
                .as("what the CPU computed does not count for a device")
                .isEmpty();
        assertThat(heard.notices).anyMatch(line -> line.contains("the device changed"));
        assertThat(there.getFirst().status())
                .as("what was said: %s", heard.notices)
                .isEqualTo(RunEnd.FINISHED);
        assertThat(there.getFirst().metrics()).containsOnlyKeys(here.metrics().keySet());
        assertThat(there.getFirst().metrics().get("train_loss"))
                .isCloseTo(here.metrics().get("train_loss"), within(1e-3));
        assertThat(there.getFirst().metrics().get("test_loss"))
                .isCloseTo(here.metrics().get("test_loss"), within(1e-3));
        tracker.flush(PATIENCE);
        assertThat(children("on-a-device"))
                .filteredOn(run -> run.runId().equals(there.getFirst().runId()))
                .singleElement()
                .satisfies(run -> assertThat(run.params()).containsEntry("device", device.description()));
    }

    /** Before the folders of the test go. */
    @AfterEach
    void send() {
        tracker.flush(PATIENCE);
    }

    @AfterAll
    static void stop() {
        if (homeBefore == null) {
            System.clearProperty(LabHome.PROPERTY);
        } else {
            System.setProperty(LabHome.PROPERTY, homeBefore);
        }
        if (tracker != null) {
            tracker.close();
        }
        assertThat(NOTICES)
                .as("nothing but that another MLflow runs beside the tests, and what the damaged logs bring about")
                .allMatch(line -> (line.startsWith("port ") && line.contains(" is taken"))
                        || (line.startsWith("MLflow does not have the log of the last run in ")
                                && line.contains("/lost-")));
    }

    private static Experiment experiment(String name, String text) {
        return Experiments.parse(name, text, Profile.SMOKE);
    }

    private ExperimentRunner.Outcome run(String name, String text, boolean fresh) {
        return run(experiment(name, text), new ExperimentRunner.Reuse(fresh, Stale.ASK));
    }

    private ExperimentRunner.Outcome run(Experiment experiment, ExperimentRunner.Reuse reuse) {
        return new ExperimentRunner(tracker, results, heard).run(experiment, reuse, "a test");
    }

    /** The experiment run from one end to the other, once for all tests. */
    private static ExperimentRunner.Outcome whole() {
        if (whole == null) {
            whole = new ExperimentRunner(tracker, home.resolve("results"), new Heard())
                    .run(experiment("whole", TEXT), ExperimentRunner.Reuse.MATCHING, "a test");
        }
        return whole;
    }

    private static List<TrackedRun> tracked(String experiment) {
        assertThat(tracker.flush(PATIENCE)).isTrue();
        return tracker.query().runs(experiment);
    }

    private static List<TrackedRun> children(String experiment) {
        return tracked(experiment).stream()
                .filter(run -> run.variant().isPresent())
                .toList();
    }

    private static List<TrackedRun> parents(String experiment) {
        return tracked(experiment).stream()
                .filter(run -> run.variant().isEmpty())
                .toList();
    }

    private static JsonNode ask(String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(tracker.uri() + "/api/2.0/mlflow/" + path))
                    .build();
            return new ObjectMapper()
                    .readTree(http.send(request, HttpResponse.BodyHandlers.ofString())
                            .body());
        }
    }

    private static List<String> artifacts(TrackedRun run) throws IOException, InterruptedException {
        return ask("artifacts/list?run_id=" + run.runId()).path("files").findValuesAsText("path");
    }

    @Test
    void everyRunIsLoggedAndReported() throws Exception {
        ExperimentRunner.Outcome outcome = whole();
        assertThat(outcome.failed()).isZero();
        assertThat(outcome.page()).isEqualTo(home.resolve("results/smoke/whole/report.md"));
        assertThat(Reports.files(home.resolve("results/smoke/whole")))
                .contains(
                        "report.md",
                        "runs.csv",
                        "summary.csv",
                        "effects.csv",
                        "curves.csv",
                        "provenance.json",
                        "effects.png",
                        "accuracy.png",
                        "curves.png");
        assertThat(outcome.report().effects())
                .singleElement()
                .satisfies(effect -> assertThat(effect.ours()).isPresent());
        String page = Files.readString(home.resolve("results/smoke/whole/report.html"));
        assertThat(page)
                .contains("data-chart=", "<table class=\"matrix\">", "<h2>Receptive fields</h2>")
                .doesNotContain("kept no answers");
        for (RunRow run : outcome.report().runs()) {
            assertThat(page)
                    .as("the address of MLflow's page")
                    .containsPattern("<a href=\"" + tracker.uri() + "/#/experiments/\\d+/runs/" + run.runId() + "\\?");
            assertThat(experiment("whole", TEXT).folder(home.resolve("results"), run))
                    .isDirectoryContaining("glob:**/final.safetensors");
        }

        assertThat(parents("whole")).singleElement().satisfies(parent -> {
            assertThat(parent.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(parent.params()).containsEntry("profile", "smoke").containsEntry("runs", "4");
            assertThat(parent.metrics())
                    .containsKeys("effect_kernel_3_without_shortcuts_low", "accuracy.mean/with shortcut kernel 3")
                    .containsEntry("seeds.finished/without shortcut kernel 3", 2.0)
                    .containsEntry("runs.finished", 4.0);
            assertThat(parent.tags()).containsEntry(RunTags.SOURCE, "a test");
            assertThat(outcome.trackerPage())
                    .startsWith(tracker.uri().toString())
                    .endsWith("/runs/" + parent.runId() + "?workflowType=machine_learning");
            assertThat(artifacts(parent)).contains("experiment.yaml", "report");
        });
        assertThat(children("whole")).hasSize(4);
        for (TrackedRun child : children("whole")) {
            assertThat(child.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(child.parentRunId()).contains(parents("whole").getFirst().runId());
            assertThat(child.params())
                    .containsEntry("training.learningRate", "0.02")
                    .containsEntry("model.width", "0.25")
                    .containsEntry("kernel", "3")
                    .containsKeys("parameters", "seed")
                    .doesNotContainKeys("model.kernel", "model.shortcut");
            assertThat(child.tags())
                    .containsEntry(RunTags.PROFILE, "smoke")
                    .containsEntry(RunTags.PAPER_TABLE, "table02-shortcut")
                    .containsKeys(RunTags.BACKEND, RunTags.JDK, RunTags.MACHINE, RunTags.SEED, RunTags.VARIANT);
            assertThat(child.metrics())
                    .containsKeys("train_loss", "test_loss", "images_per_second", SystemMetrics.MEMORY);
            assertThat(tracker.query().history(child.runId(), "loss"))
                    .extracting(MetricPoint::step)
                    .containsExactly(1L, 2L, 3L, 4L);
            assertThat(tracker.query().history(child.runId(), "accuracy"))
                    .extracting(MetricPoint::step)
                    .containsExactly(1L, 2L);
            assertThat(artifacts(child))
                    .contains("curves.csv", "curves.png", "depthwise-plan.txt", "experiment.yaml")
                    .contains("predictions.csv", "samples.png");
            assertThat(ask("runs/get?run_id=" + child.runId()).at("/run/inputs/dataset_inputs"))
                    .hasSize(2);
        }
        assertThat(ask("experiments/get-by-name?experiment_name=whole").at("/experiment/tags"))
                .anySatisfy(tag -> {
                    assertThat(tag.path("key").asText()).isEqualTo(RunTags.DESCRIPTION);
                    assertThat(tag.path("value").asText()).startsWith("Shortcuts in small\n");
                });
        for (RunRow row : outcome.report().runs()) {
            TrackedRun child = children("whole").stream()
                    .filter(run -> run.runId().equals(row.runId()))
                    .findFirst()
                    .orElseThrow();
            assertThat(child.metrics()).containsAllEntriesOf(row.metrics());
            assertThat(row.curve()).extracting(CurvePoint::epoch).containsExactly(1.0, 2.0);
            assertThat(row.seconds()).isPositive();
        }
        Path folder = home.resolve("results/smoke/whole/runs/shortcut=with,kernel=3,seed=1");
        assertThat(Safetensors.read(folder.resolve("final.safetensors")).tensors())
                .containsKey("classifier.bias");
        assertThat(folder.resolve("checkpoint.safetensors")).doesNotExist();
    }

    /** What MLflow has of a run's model is what the run reports, and Python finds what it needs beside it. */
    @Test
    void theModelWithTheReportedNumbersIsLoggedAndRegistered() throws Exception {
        ExperimentRunner.Outcome outcome = new ExperimentRunner(tracker, results, heard)
                .register("tiny net")
                .run(experiment("registered", ONE_SEED), ExperimentRunner.Reuse.MATCHING, "a test");
        List<String> sources = new ArrayList<>();
        List<TrackedRun> runs = children("registered"); // all has arrived
        assertThat(runs).hasSize(2);
        for (RunRow row : outcome.report().runs()) {
            JsonNode outputs = ask("runs/get?run_id=" + row.runId()).at("/run/outputs/model_outputs");
            assertThat(outputs).hasSize(1);
            String id = outputs.get(0).path("model_id").asText();
            sources.add("models:/" + id);
            JsonNode model = ask("logged-models/" + id).path("model");
            assertThat(model.at("/info/name").asText()).isEqualTo("classifier");
            assertThat(model.at("/info/status").asText()).isEqualTo("LOGGED_MODEL_READY");
            assertThat(model.at("/info/source_run_id").asText()).isEqualTo(row.runId());
            assertThat(model.at("/data/metrics")).anySatisfy(metric -> {
                assertThat(metric.path("key").asText()).isEqualTo("accuracy");
                assertThat(metric.path("value").asDouble())
                        .isEqualTo(row.metrics().get("accuracy"));
            });
            assertThat(model.at("/data/params").findValuesAsText("key")).contains("training.epochs", "kernel");
            Path files = home.resolve(
                    "mlruns/artifacts/" + model.at("/info/experiment_id").asText() + "/models/" + id + "/artifacts");
            assertThat(Files.readString(files.resolve("MLmodel")))
                    .contains("model_id: " + id, "loader_module: mlflow.onnx");
            assertThat(files.resolve("model.onnx")).exists();
            assertThat(files.resolve("final.safetensors")).exists();
        }
        assertThat(ask("model-versions/search?filter=name%3D%27tiny%20net%27").path("model_versions"))
                .extracting(version -> version.path("source").asText())
                .containsExactlyInAnyOrderElementsOf(sources);
    }

    /** What {@code Lab.train} does in a notebook. */
    @Test
    void aTrainingOfOnesOwnIsLoggedAsARunIs() throws Exception {
        ExperimentSpec spec = experiment("whole", TEXT).spec();
        TrainTest data = Datasets.open(spec.data(), 0);
        Layer model = new ExperimentModels(spec.classPath())
                .make(
                        spec.optionsOf(spec.combinations().getFirst()),
                        data.shape(),
                        data.classes(),
                        new SplittableRandom(1));
        ActiveRun run = tracker.startRun(
                RunSpec.of("own", "mine").variant("kernel=3 width=half").seed(1), results.resolve("own"));
        OwnTraining own = new OwnTraining(run, "kernel=3 width=half", model, data, spec.training(), 1);
        own.describe(Profile.SMOKE);
        Trainer trainer = new Trainer(model, data, spec.training(), 1, null);
        assertThat(trainer.run(own.listener(new TrainingListener() {}), () -> false)
                        .isComplete())
                .isTrue();
        trainer.applyAverage();
        model.train(false);
        Evaluation evaluation = own.keep(trainer.seconds());
        run.end(RunStatus.FINISHED);
        assertThat(evaluation)
                .as("the model that is left is the one that is reported")
                .isEqualTo(TrainingTask.classification(model, data)
                        .evaluate(() -> false)
                        .orElseThrow());

        whole();
        TrackedRun child = tracked("own").getFirst();
        TrackedRun other = children("whole").getFirst();
        assertThat(child.params()).containsEntry("kernel", "3").containsEntry("width", "half");
        Set<String> settings = new TreeSet<>(other.params().keySet());
        settings.removeIf(key -> key.startsWith("model.") || key.equals("shortcut"));
        assertThat(child.params().keySet())
                .containsAll(settings.stream()
                        .filter(key -> !key.startsWith("data.") || key.equals("data.name"))
                        .toList());
        assertThat(child.metrics().keySet())
                .containsAll(List.of("loss", "learning_rate", "accuracy", "train_loss", "test_loss"));
        assertThat(child.metrics().get("accuracy")).isEqualTo(evaluation.accuracy());
        assertThat(artifacts(child)).contains("curves.csv", "curves.png", "predictions.csv", "samples.png");
        JsonNode logged = ask("runs/get?run_id=" + child.runId()).path("run");
        assertThat(logged.at("/inputs/dataset_inputs")).hasSize(2);
        assertThat(logged.at("/outputs/model_outputs")).hasSize(1);
    }

    @Test
    void finishedRunsAreNotRunAgainUnlessAskedFor() {
        List<RunRow> rows = run("reused", ONE_SEED, false).report().runs();
        assertThat(heard.reused).isEmpty();
        assertThat(run("reused", ONE_SEED, false).report().runs()).isEqualTo(rows);
        assertThat(heard.reused).hasSize(2);
        assertThat(children("reused")).hasSize(2);
        assertThat(parents("reused"))
                .as("nothing was run, so nothing is logged")
                .hasSize(1);

        // Stopped in its first run, a fresh sweep is gone on with by leaving --fresh out: nothing old is left to reuse.
        heard.reused.clear();
        heard.interruptRun = 0;
        heard.interruptStep = 1;
        assertThatThrownBy(() -> run("reused", ONE_SEED, true))
                .isInstanceOf(LabException.class)
                .hasMessage("stopped after 0 of 2 runs; the same command goes on from there");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(StoredRun.read(results.resolve("smoke/reused/runs/shortcut=without,kernel=3,seed=1")))
                .as("what has no successor yet is not gone")
                .isPresent();
        List<RunRow> fresh = run("reused", ONE_SEED, false).report().runs();
        assertThat(heard.reused).isEmpty();
        assertThat(children("reused")).hasSize(4).extracting(TrackedRun::status).containsOnly(RunStatus.FINISHED);
        assertThat(fresh).extracting(RunRow::runId).doesNotContainAnyElementsOf(ids(rows));
        assertThat(values(fresh)).isEqualTo(values(rows));
    }

    /** An error of any kind, here one that no code expects, is the end of its run alone, and the next call tries again. */
    @Test
    void aRunThatFailsDoesNotEndTheOthers() {
        Heard failing = new Heard() {
            @Override
            public void step(RunPlan plan, long step, long totalSteps, double loss) {
                if (plan.variant().get("shortcut").equals("with") && step == 3) {
                    throw new IndexOutOfBoundsException("of all things");
                }
            }
        };
        ExperimentRunner.Outcome outcome = new ExperimentRunner(tracker, results, failing)
                .run(experiment("failing", ONE_SEED), ExperimentRunner.Reuse.MATCHING, "a test");
        assertThat(outcome.failed()).isEqualTo(1);
        assertThat(outcome.page()).exists();
        assertThat(outcome.report().runs()).extracting(RunRow::status).containsExactly(RunEnd.FAILED, RunEnd.FINISHED);
        assertThat(failing.notices).containsExactly("shortcut=with kernel=3 seed=1 failed: of all things");
        assertThat(children("failing"))
                .extracting(TrackedRun::status)
                .containsExactlyInAnyOrder(RunStatus.FAILED, RunStatus.FINISHED);
        TrackedRun failed = children("failing").stream()
                .filter(run -> run.status() == RunStatus.FAILED)
                .findFirst()
                .orElseThrow();
        assertThat(failed.tags()).containsEntry("replklab.error", "of all things");
        assertThat(parents("failing")).extracting(TrackedRun::status).containsExactly(RunStatus.FAILED);

        outcome = run("failing", ONE_SEED, false);
        assertThat(outcome.failed()).isZero();
        assertThat(heard.reused).containsExactly("shortcut=without kernel=3 seed=1");
        assertThat(children("failing")).hasSize(2).allSatisfy(run -> {
            assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(tracker.query().history(run.runId(), "loss"))
                    .extracting(MetricPoint::step)
                    .containsExactly(1L, 2L, 3L, 4L);
        });
    }

    @Test
    void anExperimentWhoseRunsAllDivergeHasResults() {
        String wild = ONE_SEED.replace("learningRate: 0.02", "learningRate: 1.0e+30");
        ExperimentRunner.Outcome outcome = run("diverging", wild, false);
        assertThat(outcome.failed()).isZero();
        assertThat(outcome.page()).exists();
        assertThat(outcome.report().runs()).hasSize(2).allSatisfy(row -> {
            assertThat(row.status()).isEqualTo(RunEnd.DIVERGED);
            assertThat(row.metrics().get("accuracy")).isEqualTo(100.0 / 3);
        });
        assertThat(outcome.page().resolveSibling("report.html"))
                .content()
                .contains("2 runs diverged and answered nothing")
                .doesNotContain("<table class=\"matrix\">");
        assertThat(children("diverging")).hasSize(2).allSatisfy(run -> {
            assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(run.tags())
                    .containsEntry(RunTags.OUTCOME, "diverged")
                    .containsKeys(RunTags.DIVERGED_STEP, RunTags.DIVERGED_LAYER);
        });
        List<RunRow> rows = run("diverging", wild, false).report().runs();
        assertThat(heard.reused).as("it is not tried again").hasSize(2);
        assertThat(rows).isEqualTo(outcome.report().runs());
    }

    @Test
    void exchangedImagesAreNoticed() throws IOException {
        Path images = home.resolve("exchanged");
        String text = ONE_SEED.replace("path: images", "path: exchanged");
        for (String half : List.of("train", "val")) {
            for (int label = 0; label < 3; label++) {
                Path folder = Files.createDirectories(images.resolve(half + "/class" + label));
                for (int i = 0; i < 4; i++) {
                    ImageIO.write(
                            image(label, i), "png", folder.resolve(i + ".png").toFile());
                }
            }
        }
        run("exchanged", text, false);
        run("exchanged", text, false);
        assertThat(heard.reused).hasSize(2);
        Path one = images.resolve("train/class0/0.png");
        byte[] before = Files.readAllBytes(one);
        BufferedImage other = image(0, 0);
        other.setRGB(3, 3, ~other.getRGB(3, 3));
        ImageIO.write(other, "png", one.toFile());
        heard.reused.clear();
        run("exchanged", text, false);
        assertThat(heard.reused).isEmpty();
        assertThat(heard.notices)
                .singleElement()
                .asString()
                .startsWith("2 finished runs of exchanged are run again: the data changed since commit ");
        assertThat(children("exchanged")).as("the others stay in MLflow").hasSize(4);
        Files.write(one, before);
        Experiment full = Experiments.parse("exchanged", text.replace("    seeds: 5", "    seeds: 1"), Profile.FULL);
        run(full, ExperimentRunner.Reuse.MATCHING);
        ImageIO.write(other, "png", one.toFile());
        assertThatThrownBy(() -> run(full, ExperimentRunner.Reuse.MATCHING))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(
                        "2 of the runs in results/full/exchanged are finished, but since then the data changed")
                .hasMessageContaining("--keep")
                .hasMessageContaining("--replace");
        heard.reused.clear();
        run(full, new ExperimentRunner.Reuse(false, Stale.KEEP));
        assertThat(heard.reused).hasSize(2);
        heard.reused.clear();
        run(full, new ExperimentRunner.Reuse(false, Stale.REPLACE));
        assertThat(heard.reused).isEmpty();
    }

    @Test
    void otherSeedsAndSettingsOfFullHaveTheirOwnFolder() throws IOException {
        String text = TEXT.replace(
                "    seeds: 5\n    training:\n      epochs: 5", "    seeds: 1\n    training:\n      epochs: 1");
        Experiment file = Experiments.parse("placed", text, Profile.FULL);
        run(file, ExperimentRunner.Reuse.MATCHING);
        String page = Files.readString(results.resolve("full/placed/report.md"));
        run(file.withSeeds(1, 301), ExperimentRunner.Reuse.MATCHING);
        assertThat(results.resolve("full-seeds-301-301/placed/report.md")).exists();
        Experiment changed =
                Experiments.parse("placed", text.replace("learningRate: 0.02", "learningRate: 0.03"), Profile.FULL);
        Path elsewhere = run(changed, ExperimentRunner.Reuse.MATCHING).page();
        assertThat(elsewhere.toString())
                .startsWith(results.resolve("full-").toString())
                .endsWith("/placed/report.md");
        assertThat(heard.notices)
                .singleElement()
                .asString()
                .contains("results/full/placed holds results of other settings");
        assertThat(results.resolve("full/placed/report.md")).hasContent(page);
        assertThat(heard.reused).isEmpty();
    }

    @Test
    void aSecondOneWaitsAndSharesWhatTheFirstFinishes() throws Exception {
        Heard first = new Heard();
        CountDownLatch waits = new CountDownLatch(1);
        Heard second = new Heard() {
            @Override
            public void notice(String line) {
                super.notice(line);
                waits.countDown();
            }
        };
        Thread other = Thread.ofPlatform()
                .unstarted(() -> new ExperimentRunner(tracker, results, second)
                        .run(experiment("shared", ONE_SEED), ExperimentRunner.Reuse.MATCHING, "a test"));
        first.atStep = () -> {
            if (other.getState() == Thread.State.NEW) {
                other.start();
                try {
                    waits.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        new ExperimentRunner(tracker, results, first)
                .run(experiment("shared", ONE_SEED), ExperimentRunner.Reuse.MATCHING, "a test");
        other.join();
        assertThat(second.reused).hasSize(2);
        assertThat(second.notices).singleElement().asString().startsWith("shared is being run already, by process ");
        assertThat(children("shared")).hasSize(2);
    }

    /** What does not like an interrupt, such as a kernel's display, says so with an exception of its own. */
    @Test
    void anExceptionOfAnInterruptedRunIsNoFailure() throws Exception {
        heard.interruptRun = 1;
        heard.interruptStep = 3;
        heard.atInterrupt = () -> {
            throw new IllegalStateException("Errno 4 : Interrupted function");
        };
        assertThatThrownBy(() -> run("disliked", TEXT, false))
                .isInstanceOf(LabException.class)
                .hasMessage("stopped after 1 of 4 runs; the same command goes on from there");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(children("disliked"))
                .extracting(TrackedRun::status)
                .containsExactly(RunStatus.FINISHED, RunStatus.KILLED);
        String stopped = children("disliked").get(1).runId();
        ExperimentRunner.Outcome outcome = run("disliked", TEXT, false);
        assertThat(children("disliked"))
                .hasSize(4)
                .extracting(TrackedRun::status)
                .containsOnly(RunStatus.FINISHED);
        assertThat(tracker.query().history(stopped, "loss"))
                .extracting(MetricPoint::step)
                .containsExactly(1L, 2L, 3L, 4L);
        assertThat(values(outcome.report().runs()))
                .isEqualTo(values(whole().report().runs()));
        assertThat(results.resolve("smoke/disliked/runs/shortcut=without,kernel=3,seed=1/artifacts/error.txt"))
                .doesNotExist();
    }

    /** Whatever a disk has taken of a log, the run's numbers are those of an undisturbed one, and MLflow has each point once. */
    @ParameterizedTest
    @ValueSource(
            strings = {"everything", "the last step", "the first epoch", "the first epoch, which MLflow never had"})
    void aLogThatLostSomethingCostsNothingButTime(String lost) throws Exception {
        String name = "lost-" + lost.replaceAll("\\W+", "-");
        heard.interruptRun = 1;
        heard.interruptStep = 3; // in the middle of the second epoch
        assertThatThrownBy(() -> run(name, TEXT, false)).isInstanceOf(LabException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(children(name)).hasSize(2);
        Path folder = results.resolve("smoke/" + name + "/runs/shortcut=without,kernel=3,seed=1");
        List<String> lines = Files.readAllLines(folder.resolve("run.log"));
        String before = lost.equals("the last step") ? "\"step\":3" : "\"step\":1,";
        int kept = lost.equals("everything")
                ? 0
                : lines.indexOf(lines.stream()
                        .filter(line -> line.contains(before))
                        .findFirst()
                        .orElseThrow());
        Files.writeString(
                folder.resolve("run.log"),
                lines.subList(0, kept).stream().map(line -> line + "\n").collect(Collectors.joining()));
        boolean known = !lost.endsWith("never had");
        if (!known) {
            Files.delete(folder.resolve("run.sent"));
        }
        ExperimentRunner.Outcome outcome = run(name, TEXT, false);
        assertThat(outcome.failed()).isZero();
        assertThat(values(outcome.report().runs()))
                .isEqualTo(values(whole().report().runs()));
        assertThat(heard.notices)
                .anyMatch(line -> line.contains(known && kept > 0 ? "is damaged" : "has lost something"));
        List<TrackedRun> finished = children(name).stream()
                .filter(run -> run.status() == RunStatus.FINISHED)
                .toList();
        assertThat(finished).hasSize(4);
        assertThat(children(name)).hasSize(known ? 5 : 4);
        for (TrackedRun run : known ? finished : List.<TrackedRun>of()) {
            assertThat(tracker.query().history(run.runId(), "loss"))
                    .extracting(MetricPoint::step)
                    .containsExactly(1L, 2L, 3L, 4L);
        }
    }

    @Test
    void anInterruptedExperimentGoesOnWhereItStopped() throws Exception {
        heard.interruptRun = 1;
        heard.interruptStep = 3; // in the middle of the second epoch
        assertThatThrownBy(() -> run("stopped", TEXT, false))
                .isInstanceOf(LabException.class)
                .hasMessage("stopped after 1 of 4 runs; the same command goes on from there");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(results.resolve("smoke/stopped/runs/shortcut=without,kernel=3,seed=1/checkpoint.safetensors"))
                .exists();
        assertThat(parents("stopped")).extracting(TrackedRun::status).containsExactly(RunStatus.KILLED);
        List<TrackedRun> before = children("stopped");
        assertThat(before).extracting(TrackedRun::status).containsExactly(RunStatus.FINISHED, RunStatus.KILLED);

        ExperimentRunner.Outcome outcome = run("stopped", TEXT, false);
        assertThat(outcome.failed()).isZero();
        assertThat(heard.reused).containsExactly("shortcut=with kernel=3 seed=1");
        List<TrackedRun> after = children("stopped");
        assertThat(after).hasSize(4).extracting(TrackedRun::status).containsOnly(RunStatus.FINISHED);
        String resumed = before.get(1).runId();
        assertThat(after).extracting(TrackedRun::runId).contains(resumed);
        assertThat(tracker.query().history(resumed, "loss"))
                .extracting(MetricPoint::step)
                .containsExactly(1L, 2L, 3L, 4L);
        assertThat(ask("runs/get?run_id=" + resumed).at("/run/inputs/dataset_inputs"))
                .hasSize(2);
        assertThat(values(outcome.report().runs()))
                .isEqualTo(values(whole().report().runs()));
    }

    @Test
    void trainedModelsCanBeAskedMore() {
        String text = ONE_SEED.replace(
                        "scale: Tiny.", "scale: Tiny.\nevaluate: {merge: {}, cost: {batch: 2, passes: 1}}")
                .replace("  lastChannels: 16\n", "  lastChannels: 16\n  smallKernel: 3\n");
        ExperimentRunner.Outcome outcome = run("asked", text, false);
        assertThat(outcome.failed()).isZero();
        assertThat(outcome.report().runs()).hasSize(2).allSatisfy(row -> {
            assertThat(row.metrics().get("merged_same")).isEqualTo(100);
            assertThat(row.metrics().get("merged_deviation")).isBetween(0.0, 10.0);
            assertThat(row.metrics().get("parameters_k")).isPositive();
            assertThat(row.metrics().get("macs_m")).isPositive();
            assertThat(row.metrics().get("inference_ms")).isPositive();
            assertThat(row.metrics()).containsKeys("accuracy", "test_loss");
        });
        assertThat(children("asked")).hasSize(2).allSatisfy(child -> {
            assertThat(child.params()).containsEntry("evaluate.cost", "{\"batch\":2,\"passes\":1}");
            assertThat(child.metrics()).containsKeys("merged_same", "inference_ms");
        });
        run("asked", text, false);
        assertThat(heard.reused).hasSize(2);
    }

    @Test
    void aLoggedRunIsRepeatedFromItsProvenanceAlone() {
        RunRow row = run("again", ONE_SEED, false).report().runs().getLast();
        assertThat(tracker.flush(PATIENCE)).isTrue();
        LoggedRun local = LoggedRun.find(tracker.query(), results, row.runId());
        LoggedRun told = LoggedRun.find(tracker.query(), home.resolve("nothing"), row.runId());
        assertThat(local.folder()).isPresent();
        assertThat(told.folder()).as("MLflow alone knows it").isEmpty();
        for (String artifact : List.of("experiment.yaml", "depthwise-plan.txt")) {
            assertThat(told.artifact(tracker.query(), artifact))
                    .isPresent()
                    .isEqualTo(local.artifact(tracker.query(), artifact));
        }
        assertThat(told.artifact(tracker.query(), "nothing.txt")).isEmpty();
        for (LoggedRun logged : List.of(local, told)) {
            Rerun rerun = Rerun.of(tracker, logged);
            assertThat(rerun.provenance()).isEmpty();
            Rerun.Outcome outcome = rerun.repeat(results, heard);
            assertThat(outcome.metrics()).allMatch(metric -> metric.timing() || metric.isSame());
            assertThat(outcome.isSame()).isTrue();
            assertThat(outcome.metrics())
                    .extracting(MetricCheck::metric)
                    .contains("accuracy", "loss", "test_loss", "images_per_second");
            assertThat(outcome.again().tags()).containsEntry(RunTags.RERUN_OF, row.runId());
            assertThat(outcome.again().runId()).isNotEqualTo(row.runId());
        }
        assertThat(results.resolve("rerun").resolve(row.runId())).isDirectory();
        assertThat(TrackedComparison.runs(tracker.query(), "again"))
                .as("repetitions are checks, not results")
                .hasSize(whole().report().runs().size() / 2);
    }

    @Test
    void whatCannotBeRepeatedSaysWhy() {
        ActiveRun own =
                tracker.startRun(RunSpec.of("own", "mine").variant("a=b").seed(1), results.resolve("own"));
        own.result("{}");
        own.end(RunStatus.FINISHED);
        assertThat(tracker.flush(PATIENCE)).isTrue();
        LoggedRun logged = LoggedRun.find(
                tracker.query(), results, own.runId().orElseThrow().substring(0, 20));
        assertThatThrownBy(() -> Rerun.of(tracker, logged))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no artifact experiment.yaml");
        assertThatThrownBy(() -> LoggedRun.find(tracker.query(), results, "ffff00001111"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no run has the id ffff00001111")
                .hasMessageContaining(results.toString());
    }

    @Test
    void runsMayMeasureInsteadOfTrain() throws Exception {
        ExperimentRunner.Outcome outcome = run("timed", Yaml.MEASURED, false);
        assertThat(outcome.failed()).isZero();
        assertThat(Reports.files(results.resolve("smoke/timed")))
                .contains("report.md", "effects.csv", "effects.png", "latency.png", "latency-paper.png")
                .doesNotContain("curves.csv");
        assertThat(outcome.report().runs()).hasSize(8).allSatisfy(row -> {
            assertThat(row.metrics().get("latency_ms")).isPositive();
            assertThat(row.metrics().get("gflops")).isPositive();
            assertThat(row.metrics().get("calls")).isGreaterThanOrEqualTo(3);
            assertThat(row.curve()).isEmpty();
        });
        assertThat(outcome.report().effects()).singleElement().satisfies(effect -> {
            double ratio = 1;
            for (RunRow row : outcome.report().runs()) {
                double latency = row.metrics().get("latency_ms");
                if (row.variant().get("implementation").equals("ours")) {
                    ratio *= row.variant().get("kernel").equals("31") ? latency : 1 / latency;
                }
            }
            assertThat(effect.mean()).isCloseTo(Math.sqrt(ratio), within(1e-9)); // geometric, over two seeds
            assertThat(effect.paperValue()).isCloseTo(8.4 / 5.6, within(1e-6));
        });
        assertThat(children("timed")).hasSize(8).allSatisfy(child -> {
            assertThat(child.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(child.params())
                    .containsEntry("measure.layers", "2")
                    .containsEntry("resolution", "16")
                    .containsKeys("plan", "valid_macs", "seed");
            assertThat(child.metrics()).containsKeys("latency_ms", "gflops", "calls");
            assertThat(artifacts(child)).contains("depthwise-plan.txt", "experiment.yaml");
        });
        assertThat(children("timed"))
                .filteredOn(child -> "fft".equals(child.params().get("implementation")))
                .allSatisfy(child -> assertThat(child.params().get("plan")).contains("fft, as asked for"));

        run("timed", Yaml.MEASURED, false);
        assertThat(heard.reused).hasSize(8);

        assertThat(tracker.flush(PATIENCE)).isTrue();
        String id = outcome.report().runs().getFirst().runId();
        Rerun rerun = Rerun.of(tracker, LoggedRun.find(tracker.query(), results, id));
        assertThat(rerun.isMeasured()).isTrue();
        Rerun.Outcome again = rerun.repeat(results, heard);
        assertThat(again.metrics()).extracting(MetricCheck::metric).contains("latency_ms", "gflops");
        assertThat(again.metrics()).as("times do not repeat").allMatch(MetricCheck::timing);
        assertThat(again.isSame()).isFalse();
    }

    /** PyTorch is a shell script here, absent at first and there later. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whoIsNotInstalledIsLeftOutAndAddedLater() throws Exception {
        String text = Yaml.MEASURED
                .replace("[ours, fft]", "[ours, torch]")
                .replace("{fft: pytorch}", "{torch: pytorch}")
                .replace("of: {implementation: ours,", "of: {implementation: torch,");
        Path python = home.resolve("python");
        String property = "replklab.peers.python";
        String before = System.getProperty(property);
        System.setProperty(property, python.toString());
        try {
            ExperimentRunner.Outcome without = run("peers", text, false);
            assertThat(without.failed()).isZero();
            assertThat(without.report().runs())
                    .hasSize(4)
                    .allMatch(row -> row.variant().get("implementation").equals("ours"));
            String sentence =
                    "torch is not measured: torch is not installed, ./lab setup --peers installs what is missing";
            assertThat(heard.notices).contains(sentence);
            assertThat(without.report().sentences()).singleElement().asString().contains("was not measured");
            assertThat(Files.readString(without.page())).contains("./lab setup --peers installs what is missing.");

            Files.writeString(python, """
                    #!/usr/bin/env bash
                    if [[ $1 == -c ]]; then echo; exit; fi
                    echo '{"version": "9.9"}'
                    while read -r line; do
                        case $line in
                            *'"do":"run"'*)
                                times=${line##*'"times":'}
                                printf '{"ms": [2.5'
                                for ((i = 1; i < ${times%%[^0-9]*}; i++)); do printf ', 2.5'; done
                                echo ']}' ;;
                            *) echo '{}' ;;
                        esac
                    done
                    """);
            assertThat(python.toFile().setExecutable(true)).isTrue();
            ExperimentRunner.Outcome with = run("peers", text, false);
            assertThat(heard.reused).hasSize(4);
            assertThat(with.report().absent()).isEmpty();
            assertThat(with.report().runs())
                    .filteredOn(row -> row.variant().get("implementation").equals("torch"))
                    .hasSize(4)
                    .allMatch(row -> row.metrics().get("latency_ms") == 2.5);
            assertThat(children("peers"))
                    .filteredOn(child -> "torch".equals(child.params().get("implementation")))
                    .hasSize(4)
                    .allSatisfy(child -> assertThat(child.params()).containsEntry("version", "9.9"));
        } finally {
            if (before == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, before);
            }
        }
    }

    private static Set<String> ids(List<RunRow> rows) {
        return new TreeSet<>(rows.stream().map(RunRow::runId).toList());
    }

    /** What decides and does not depend on the clock, of every run and epoch. */
    private static List<List<Object>> values(List<RunRow> rows) {
        List<List<Object>> values = new ArrayList<>();
        for (RunRow row : rows) {
            for (CurvePoint point : row.curve()) {
                values.add(List.of(
                        row.variant(),
                        row.seed(),
                        point.epoch(),
                        point.metrics().get("accuracy"),
                        point.metrics().get("test_loss"),
                        point.metrics().get("train_loss")));
            }
        }
        return values;
    }
}
