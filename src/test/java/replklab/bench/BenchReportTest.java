package replklab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.Provenance;
import replklab.tensor.Precision;
import tech.tablesaw.api.Table;

class BenchReportTest {
    private static final ConvCase SMALL = new ConvCase(1, 8, 5, 5, 3, Pass.FORWARD);
    private static final ConvCase LARGE = new ConvCase(1, 8, 5, 5, 31, Pass.FORWARD);
    private static final ModelCase MODEL = new ModelCase("mobilenetv2-0.75", 8, 224, Precision.FLOAT32, Pass.FORWARD);

    @TempDir
    Path folder;

    private static Measured measured(String name, String version, double ms) {
        Timing timing = Timing.of(ms / 2, ms, 2 * ms);
        Description description = new Description(
                new Memory(100, 164),
                name.equals("ours") ? "fft" : "",
                name.equals("ours") ? Map.of("depthwise 3x3", 1.0, "pointwise", 3.0) : Map.of());
        return new Measured(name, version, "", timing, description, Map.of("NCHW", timing, "channels_last", timing));
    }

    private static BenchRun run(String name, BenchCase... cases) {
        return run(name, List.of(measured("ours", "", 2), measured("torch", "2.15", 8), measured("fft", "", 4)), cases);
    }

    private static BenchRun run(String name, List<Measured> measured, BenchCase... cases) {
        List<CaseResult> results = List.of(cases).stream()
                .map(what -> new CaseResult(what.label(), measured, List.of(new LeftOut("nd4j", "", "too large"))))
                .toList();
        Provenance provenance =
                Provenance.collect(Path.of("."), "cpu", "", List.of(), "full", Instant.parse("2026-01-02T03:04:05Z"));
        return new BenchRun(
                BenchKind.valueOf(name.toUpperCase(Locale.ROOT)),
                "./lab bench " + name,
                List.of(cases),
                results,
                new FmaPeak(50, 100),
                2,
                0.01,
                provenance);
    }

    private static JsonNode json(BenchRun run) throws Exception {
        return new ObjectMapper()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readTree(BenchJson.of(run));
    }

    @Test
    void theJsonOfConvolutionsHasThePromisedShape() throws Exception {
        JsonNode json = json(run("conv", SMALL, LARGE));
        assertThat(json.fieldNames()).toIterable().startsWith("machine", "rows");
        assertThat(json.at("/machine/fma_gflops").asDouble()).isEqualTo(100);
        assertThat(json.at("/machine/versions/torch").asText()).isEqualTo("2.15");
        assertThat(json.get("rows")).hasSize(6);
        JsonNode row = json.at("/rows/1");
        assertThat(row.fieldNames())
                .toIterable()
                .startsWith("n", "channels", "height", "width", "kernel", "pass", "implementation", "milliseconds");
        assertThat(row.get("n").isIntegralNumber()).isTrue();
        assertThat(row.get("kernel").asInt()).isEqualTo(3);
        assertThat(row.get("pass").asText()).isEqualTo("forward");
        assertThat(row.get("implementation").asText()).isEqualTo("torch");
        assertThat(row.get("milliseconds").asDouble()).isEqualTo(8);
        assertThat(row.get("precision").asText()).isEqualTo("float32");
        assertThat(row.get("valid_macs").asLong()).isEqualTo(SMALL.validMacs());
        assertThat(row.get("peak_mib").asDouble()).isEqualTo(64);
        assertThat(row.get("fastest").asDouble()).isEqualTo(4);
        assertThat(row.get("slowest").asDouble()).isEqualTo(16);
        assertThat(json.at("/left_out/0/reason").asText()).isEqualTo("too large");
    }

    @Test
    void theJsonOfModelsHasThePromisedShape() throws Exception {
        JsonNode row = json(run("model", MODEL)).at("/rows/0");
        assertThat(row.fieldNames())
                .toIterable()
                .contains("model", "batch", "resolution", "pass", "implementation", "images_per_second", "peak_mib");
        assertThat(row.get("images_per_second").asDouble()).isEqualTo(4000);
        assertThat(row.at("/layers/pointwise").asDouble()).isEqualTo(3);
        assertThat(row.get("depthwise_share").asDouble()).isEqualTo(0.25);
    }

    /** Each kind of layer in one row, with everybody who can tell; a kind that one has not stays empty. */
    @Test
    void timesByKindOfLayerStandBesideEachOther() {
        Map<String, Double> theirs = Map.of("pointwise", 5.0, "depthwise 5x5", 2.0);
        Description told = new Description(Memory.UNKNOWN, "", theirs);
        Measured openvino = new Measured("openvino", "1", "", Timing.of(8), told, Map.of("", Timing.of(8)));
        List<Measured> all = List.of(measured("ours", "", 2), openvino, measured("torch", "2.15", 8));
        Table layers = BenchTables.layers(run("model", all, MODEL));
        assertThat(layers.columnNames())
                .containsExactly("case", "kind of layer", "ours ms", "openvino ms", "share of ours, %");
        assertThat(layers.stringColumn("kind of layer").asList())
                .containsExactlyInAnyOrder("depthwise 3x3", "pointwise", "depthwise 5x5");
        Table pointwise = layers.where(layers.stringColumn("kind of layer").isEqualTo("pointwise"));
        assertThat(pointwise.doubleColumn("ours ms").get(0)).isEqualTo(3);
        assertThat(pointwise.doubleColumn("openvino ms").get(0)).isEqualTo(5);
        assertThat(pointwise.doubleColumn("share of ours, %").get(0)).isEqualTo(75);
        Table alien = layers.where(layers.stringColumn("kind of layer").isEqualTo("depthwise 5x5"));
        assertThat(alien.doubleColumn("ours ms").isMissing(0)).isTrue();
        assertThat(alien.doubleColumn("share of ours, %").isMissing(0)).isTrue();
    }

    @Test
    void readingImagesIsShownInImagesPerSecond() throws Exception {
        BenchRun run = run("data", new DataCase("jpeg", 500, 375, 224, Pass.FORWARD));
        JsonNode row = json(run).at("/rows/1");
        assertThat(row.fieldNames())
                .toIterable()
                .startsWith("format", "width", "height", "resolution", "pass", "implementation");
        assertThat(row.get("images_per_second").asDouble()).isEqualTo(32_000);
        assertThat(Files.readString(BenchReport.write(run, folder)))
                .contains("ours img/s", "jpeg 500x375", "data-forward.png", "256 files");
        assertThat(folder.resolve("data-forward.png")).isNotEmptyFile();
    }

    @Test
    void whatIsNotKnownIsNull() throws Exception {
        Measured measured = new Measured(
                "ours", "", "", Timing.of(1), new Description(Memory.UNKNOWN, "", Map.of()), Map.of("", Timing.of(1)));
        BenchRun run = run("conv", SMALL);
        BenchRun unknown = new BenchRun(
                BenchKind.CONV,
                run.command(),
                run.cases(),
                List.of(new CaseResult(SMALL.label(), List.of(measured), List.of())),
                run.peak(),
                2,
                Double.NaN,
                run.provenance());
        assertThat(json(unknown).at("/rows/0/peak_mib").isNull()).isTrue();
        assertThat(json(unknown).at("/machine/other_load").isNull()).isTrue();
    }

    @Test
    void writesPageTablesAndCharts() throws Exception {
        Path page = BenchReport.write(run("conv", SMALL, LARGE), folder);
        assertThat(page).hasFileName("conv.md");
        assertThat(Files.readString(page))
                .contains(
                        "`./lab bench conv`", "FMA peak", "torch 2.15", "nd4j: too large (2 cases)", "conv-forward.png")
                // Ours is compared with the fastest peer, not with our own other algorithm.
                .containsPattern("\\| forward \\| +2\\.00 \\| +8\\.00 \\| +4\\.00 \\| 4\\.00 \\|");
        assertThat(Files.readAllLines(folder.resolve("conv.csv")))
                .hasSize(7)
                .first()
                .asString()
                .startsWith("n,channels,");
        assertThat(ImageIO.read(folder.resolve("conv-forward.png").toFile()).getWidth())
                .isGreaterThan(1000);
        assertThat(folder.resolve("conv-training.png")).doesNotExist();
        assertThat(folder.resolve("conv.json")).isNotEmptyFile();
    }

    /** The first thing that a reader of the page sees. */
    @Test
    void whereAPeerIsFasterThePageSaysSoFirst() throws Exception {
        assertThat(Files.readAllLines(BenchReport.write(run("conv", SMALL, LARGE), folder)))
                .element(2)
                .isEqualTo("Ours is the fastest in 2 of 2 rows that a peer takes part in.");
        List<Measured> slow = List.of(measured("ours", "", 2), measured("torch", "", 8), measured("openvino", "", 1.5));
        assertThat(Files.readAllLines(BenchReport.write(run("conv", slow, LARGE), folder)))
                .element(2)
                .isEqualTo("**A peer is faster in 1 of 1 rows**: 1x8x5x5 K=31 forward, 0.75x of openvino.");
        List<Measured> alone = List.of(measured("ours", "", 2), measured("fft", "", 1));
        assertThat(Files.readAllLines(BenchReport.write(run("conv", alone, LARGE), folder)))
                .element(2)
                .isEqualTo("No peer took part.");
    }

    /** A network of an experiment has a name for people beside the one that it is made from. */
    @Test
    void anExperimentsNetworkIsCalledByItsVariant() throws Exception {
        BenchRun run = run(
                "model",
                new ModelCase("mobilenetv2-0.75", "shortcut=with kernel=3", 8, 28, Precision.BF16, Pass.TRAINING));
        JsonNode row = json(run).at("/rows/0");
        assertThat(row.get("model").asText()).isEqualTo("mobilenetv2-0.75");
        assertThat(row.get("shown").asText()).isEqualTo("shortcut=with kernel=3");
        assertThat(Files.readString(BenchReport.write(run, folder)))
                .contains("shortcut=with kernel=3 batch 8 at 28 training");
    }

    @Test
    void modelsAreShownInImagesPerSecond() throws Exception {
        assertThat(Files.readString(BenchReport.write(run("model", MODEL), folder)))
                .contains(
                        "ours img/s",
                        "Where the time goes",
                        "Depthwise convolutions take 25.0 % of mobilenetv2-0.75 batch 8 at 224 forward");
    }

    /** In one panel two precisions had the same marks at the same batch, and nobody could tell which was which. */
    @Test
    void precisionsHaveAPanelEach() throws Exception {
        ModelCase other = new ModelCase("replknet-3", 8, 224, Precision.FLOAT32, Pass.FORWARD);
        BenchReport.write(run("model", MODEL, other), folder.resolve("one"));
        BenchReport.write(run("model", MODEL, half(MODEL), other, half(other)), folder.resolve("two"));
        BufferedImage one = ImageIO.read(folder.resolve("one/model-forward.png").toFile());
        BufferedImage two = ImageIO.read(folder.resolve("two/model-forward.png").toFile());
        assertThat(two.getWidth()).as("four panels of 300, two of at least 620").isEqualTo(one.getWidth() * 1200 / 620);
    }

    private static ModelCase half(ModelCase whole) {
        return new ModelCase(whole.model(), whole.batch(), whole.resolution(), Precision.BF16, whole.pass());
    }
}
