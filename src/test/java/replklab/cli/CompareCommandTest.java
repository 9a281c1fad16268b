package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.FileTree;
import replklab.base.LabHome;
import replklab.tracking.ActiveRun;
import replklab.tracking.RunSpec;
import replklab.tracking.RunStatus;
import replklab.tracking.TestPython;
import replklab.tracking.Tracker;

/** {@code ./lab compare} on a real MLflow server, which this class starts once and the command finds. */
class CompareCommandTest {
    private static final Map<String, String> IDS = new TreeMap<>();

    @TempDir
    static Path home;

    private static String homeBefore;
    private static Tracker tracker;

    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() {
        TestPython.use();
        homeBefore = System.setProperty(LabHome.PROPERTY, home.toString());
        tracker = Tracker.open(Map.of(), home.resolve("mlruns"), home, line -> {});
        ActiveRun parent = tracker.startRun(RunSpec.of("shortcut", "parent"), home.resolve("p"));
        child(parent, "kernel=13", 2, Map.of("accuracy", 81.25, "loss", Double.NaN), RunStatus.FINISHED);
        child(parent, "kernel=13", 1, Map.of(), RunStatus.FAILED);
        parent.end(RunStatus.FAILED);
        assertThat(tracker.flush(Duration.ofSeconds(30))).isTrue();
    }

    private static void child(
            ActiveRun parent, String variant, long seed, Map<String, Double> metrics, RunStatus status) {
        RunSpec spec =
                RunSpec.of("shortcut", variant + " " + seed).variant(variant).seed(seed);
        ActiveRun run = tracker.startChild(parent, spec, home.resolve("run" + seed));
        run.metrics(metrics, 3);
        run.end(status);
        IDS.put("seed " + seed, run.runId().orElseThrow());
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
    }

    /** What a command prints on standard output; {@link #err} takes its errors. */
    private String printed(int code, String... arguments) {
        return CommandOutput.of(err, code, arguments);
    }

    @Test
    void jsonIsOneDocumentOfThePromisedShape() throws Exception {
        JsonNode json = new ObjectMapper()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readTree(printed(0, "compare", "shortcut", "--json"));
        assertThat(json.fieldNames()).toIterable().containsExactly("experiment", "runs");
        assertThat(json.get("experiment").asText()).isEqualTo("shortcut");
        assertThat(json.get("runs")).hasSize(2);
        for (JsonNode run : json.get("runs")) {
            assertThat(run.fieldNames()).toIterable().containsExactly("run_id", "variant", "seed", "status", "metrics");
            assertThat(run.get("variant").asText()).isEqualTo("kernel=13");
            assertThat(run.get("seed").isIntegralNumber()).isTrue();
            assertThat(run.get("run_id").asText())
                    .isEqualTo(IDS.get("seed " + run.get("seed").asLong()));
        }
        JsonNode good = json.get("runs").get(0);
        assertThat(good.get("status").asText()).isEqualTo("FINISHED");
        assertThat(good.get("metrics").get("accuracy").isNumber()).isTrue();
        assertThat(good.get("metrics").get("accuracy").asDouble()).isEqualTo(81.25);
        assertThat(good.get("metrics").get("loss").asDouble()).isNaN();
        assertThat(json.get("runs").get(1).get("status").asText()).isEqualTo("FAILED");
        assertThat(json.get("runs").get(1).get("metrics")).isEmpty();
    }

    @Test
    void theTableIsInOrderAndShowsTheMetric() {
        List<String> lines = printed(0, "compare", "shortcut").lines().toList();
        assertThat(lines.getFirst()).contains("kernel", "seed", "status", "accuracy", "commit", "run_id");
        assertThat(lines.stream().filter(line -> line.contains("F")).toList())
                .satisfiesExactly(
                        line -> assertThat(line).contains("FAILED"),
                        line -> assertThat(line).contains("FINISHED", "81.25"));
        // The only experiment there is need not be named.
        assertThat(printed(0, "compare").lines().toList()).isEqualTo(lines);
    }

    @Test
    void meansCountFinishedRuns() {
        assertThat(printed(0, "compare", "shortcut", "--by", "kernel", "--csv"))
                .isEqualTo("kernel,seeds,mean,sd,low,high\n13,1,81.25,,,\n");
        assertThat(printed(0, "compare", "shortcut", "--where", "seed=1", "--csv")
                        .lines())
                .hasSize(2);
    }

    /** Runs that MLflow does not have; one that it has counts once. */
    @Test
    void runsThatCameWithTheCheckoutCountAsAllOthers() throws Exception {
        Path folder = home.resolve("results/full/shortcut");
        Path other = home.resolve("results/full/dilated");
        Files.createDirectories(other);
        Files.createDirectories(folder);
        String head = "kernel,seed,status,accuracy,seconds,run_id,commit,config\n";
        try {
            Files.writeString(
                    folder.resolve("runs.csv"),
                    head + "3,1,finished,70.5,2,aaa,c0ffee,5e771f00\n3,2,diverged,10,2,bbb,c0ffee,5e771f00\n"
                            + "13,2,finished,81.25,2," + IDS.get("seed 2") + ",c0ffee,5e771f00\n");
            Files.writeString(folder.resolve("provenance.json"), "{\"started\": \"2026-11-28T04:24:40Z\"}");
            Files.writeString(other.resolve("runs.csv"), head + "9,1,finished,60,2,ddd,c0ffee,5e771f00\n");
            JsonNode json = new ObjectMapper().readTree(printed(0, "compare", "shortcut", "--json"));
            assertThat(json.get("runs")).hasSize(4);
            JsonNode first = json.get("runs").get(0);
            assertThat(first.get("variant").asText()).isEqualTo("kernel=3");
            assertThat(first.get("status").asText()).isEqualTo("FINISHED");
            assertThat(first.get("metrics").toString()).isEqualTo("{\"accuracy\":70.5,\"seconds\":2.0}");
            assertThat(json.get("runs").get(1).get("status").asText()).isEqualTo("DIVERGED");
            assertThat(printed(0, "compare", "shortcut", "--where", "profile=full", "--by", "kernel", "--csv"))
                    .contains("\n3,2,40.25,");
            assertThat(printed(0, "compare", "dilated", "--csv"))
                    .contains("dilated,full,9,1,FINISHED,60.0,2.0,c0ffee,5e771f,");
            assertThat(printed(2, "compare")).isEmpty();
            assertThat(err.toString()).contains("which experiment? There are dilated, shortcut");
            printed(2, "compare", "dilatd");
            assertThat(err.toString()).contains("unknown experiment 'dilatd'; did you mean dilated?");
            Files.writeString(other.resolve("runs.csv"), head + "9,one,finished,60,2,ddd,c0ffee,5e771f00\n");
            printed(1, "compare", "dilated");
            assertThat(err.toString()).contains("runs.csv is no table of runs");
        } finally {
            FileTree.delete(home.resolve("results"));
        }
    }

    @Test
    void chartsAreWritten() throws Exception {
        Path chart = home.resolve("chart.png");
        printed(0, "compare", "shortcut", "--by", "kernel", "--chart", chart.toString());
        assertThat(ImageIO.read(chart.toFile()).getWidth()).isGreaterThan(1000);
    }

    @Test
    void unknownNamesAreWrongUse() {
        assertThat(printed(2, "compare", "shortcut", "--metric", "acuracy")).isEmpty();
        assertThat(printed(2, "compare", "shortct", "--json")).isEmpty();
        assertThat(printed(2, "compare", "shortcut", "--where", "kernle=3")).isEmpty();
        assertThat(printed(2, "compare", "shortcut", "--where", "kernel")).isEmpty();
        assertThat(printed(2, "compare", "shortcut", "--pair", "kernel=13")).isEmpty();
        assertThat(err.toString())
                .contains("unknown metric 'acuracy'; did you mean accuracy?")
                .contains("unknown experiment 'shortct'; did you mean shortcut?")
                .contains("unknown column 'kernle'; did you mean kernel?")
                .contains("it reads COLUMN=VALUE")
                .contains("it reads A,B");
    }
}
