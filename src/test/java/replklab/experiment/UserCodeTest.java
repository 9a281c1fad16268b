package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.base.LabHome;
import replklab.base.UsageException;
import replklab.base.UserClasses;
import replklab.data.ImageShape;
import replklab.model.Architecture;
import replklab.model.KernelForm;
import replklab.model.Models;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.tracking.FakeMlflow;
import replklab.tracking.RunRecord;
import replklab.tracking.RunTags;
import replklab.tracking.Tracker;

/** The project of docs/experiments.md, compiled and run as it stands there, and what can be wrong with such a project. */
class UserCodeTest {
    private static final Pattern BLOCK =
            Pattern.compile("(?s)`stripes/([\\w/]+[.](?:java|yaml))`.*?\n```\\w+\n(.*?)```");
    private static final Path PAGE = Path.of("docs", "experiments.md");

    @TempDir
    static Path shared;

    @TempDir
    Path home;

    private String homeBefore;
    private Path project;
    private final List<String> reused = new ArrayList<>();

    /** The files that the page names, each with the block that follows. */
    @BeforeEach
    void unpack() throws IOException {
        homeBefore = System.setProperty(LabHome.PROPERTY, home.toString());
        project = home.resolve("stripes");
        List<MatchResult> blocks =
                BLOCK.matcher(Files.readString(PAGE)).results().toList();
        assertThat(blocks).hasSize(5);
        for (MatchResult block : blocks) {
            write(block.group(1), block.group(2));
        }
    }

    @AfterEach
    void restore() {
        if (homeBefore == null) {
            System.clearProperty(LabHome.PROPERTY);
        } else {
            System.setProperty(LabHome.PROPERTY, homeBefore);
        }
    }

    private void write(String name, String text) {
        try {
            Path file = project.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void change(String name, String piece, String other) {
        try {
            String text = Files.readString(project.resolve(name));
            assertThat(text).contains(piece);
            write(name, text.replace(piece, other));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Experiment load() {
        return Experiments.loadFile(project.resolve("stripes.yaml"), null);
    }

    private ExperimentRunner.Outcome run(Experiment experiment) {
        reused.clear();
        RunnerListener listener = new RunnerListener() {
            @Override
            public void runBegins(RunPlan plan, int index, boolean done) {
                if (done) {
                    reused.add(plan.name());
                }
            }
        };
        try (FakeMlflow mlflow = new FakeMlflow();
                Tracker tracker = Tracker.open(mlflow.environment(), home.resolve("mlruns"), home, _ -> {})) {
            return new ExperimentRunner(tracker, home.resolve("results"), listener)
                    .run(experiment, ExperimentRunner.Reuse.MATCHING, "a test");
        }
    }

    private Path compiledOnce() throws IOException {
        Path classes = shared.resolve("classes");
        return Files.exists(classes) ? classes : compiled(classes);
    }

    private Path compiled(Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Files.createDirectories(classes);
        try (Stream<Path> sources = Files.walk(project.resolve("src"));
                var files = compiler.getStandardFileManager(null, null, null)) {
            List<Path> java =
                    sources.filter(file -> file.toString().endsWith(".java")).toList();
            List<String> options =
                    List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
            assertThat(compiler.getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(java))
                            .call())
                    .isTrue();
        }
        return classes;
    }

    private static void jar(Path file, Path classes, Map<String, String> more) throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + file.toUri()), Map.of("create", "true"));
                Stream<Path> all = Files.walk(classes)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                Path to = jar.getPath("/").resolve(classes.relativize(each).toString());
                Files.createDirectories(to.getParent());
                Files.copy(each, to);
            }
            for (Map.Entry<String, String> text : more.entrySet()) {
                Path to = jar.getPath("/", text.getKey());
                Files.createDirectories(to.getParent());
                Files.writeString(to, text.getValue());
            }
        }
    }

    @Test
    void theProjectOfThePageRunsAndIsKnownAgain() throws IOException {
        ExperimentRunner.Outcome outcome = run(load());
        assertThat(outcome.failed()).isZero();
        assertThat(outcome.report().runs()).hasSize(6).allSatisfy(run -> {
            assertThat(run.status()).isEqualTo(RunEnd.FINISHED);
            assertThat(run.metrics()).containsKeys("accuracy", "top_2", "largest");
            assertThat(run.metrics().get("top_2")).isBetween(run.metrics().get("accuracy"), 100.0);
            assertThat(run.curve())
                    .hasSize(3)
                    .allSatisfy(point -> assertThat(point.metrics()).containsKey("top_2"));
        });
        assertThat(Reports.files(home.resolve("results/quick/stripes")))
                .contains("report.md", "effects.png", "accuracy.png", "curves.png", "curves-top-2.png");

        assertThat(run(load()).failed()).isZero();
        assertThat(reused).as("nothing has changed").hasSize(6);
        change("src/mine/Net.java", "// (n, h, w, channels) -> (n, classes)", "// another comment");
        run(load());
        assertThat(reused).as("a comment is no change").hasSize(6);
        change("src/mine/Net.java", "Activation.RELU", "Activation.NONE");
        assertThat(run(load()).failed()).isZero();
        assertThat(reused).as("the network is another one").isEmpty();
        assertThat(Experiments.parse("again", load().logged(), null)
                        .spec()
                        .classPath()
                        .places())
                .as("a logged configuration says where the classes lie")
                .containsExactly(project.resolve("src"));
    }

    /** Nothing of what an experiment without a paper leaves names the paper or its data. */
    @Test
    void anExperimentWithoutAPaperSaysNothingOfIt() throws IOException {
        ExperimentRunner.Outcome outcome = run(load());
        Path folder = home.resolve("results/quick/stripes");
        List<String> texts = new ArrayList<>(outcome.report().sentences());
        texts.add(replklab.report.ReportWriter.terminal(outcome.report(), 100));
        outcome.report()
                .figures()
                .forEach(figure ->
                        texts.add(figure.picture().title() + figure.picture().subtitle()));
        for (String file : Reports.files(folder)) {
            if (!file.endsWith(".png") && !file.equals("effects.csv")) { // whose columns are everybody's
                // What draws the charts can draw the paper's numbers, and shows none here.
                texts.add(Files.readString(folder.resolve(file))
                        .replaceAll(
                                "(?s)<(script|style)>.*?</\\1>|data:image/png;base64,[^\"]*|&quot;paper&quot;:\\[]",
                                ""));
            }
        }
        RunRow row = outcome.report().runs().getFirst();
        RunRecord record = RunRecord.read(
                        folder.resolve("runs").resolve(new RunPlan(row.variant(), row.seed()).folder()))
                .orElseThrow();
        assertThat(record.tags()).doesNotContainKey(RunTags.PAPER_TABLE).containsKey("replklab.user_code_sha256");
        texts.add(record.tags().toString());
        assertThat(texts)
                .allSatisfy(text -> assertThat(Pattern.compile("(?i).{0,40}(paper|imagenet|fashion).{0,40}")
                                .matcher(text)
                                .results()
                                .map(MatchResult::group))
                        .isEmpty());
        assertThat(outcome.report().sentences()).singleElement().asString().startsWith("kernel 7 against 3: ");
        assertThat(outcome.report().effects().getFirst().unit()).isEqualTo("points");
    }

    @Test
    void classesAndJarsAreFoundAsSourcesAre() throws IOException {
        Path classes = compiled(project.resolve("classes"));
        jar(project.resolve("mine.jar"), classes, Map.of());
        String before = UserCode.of(load().spec(), Map.of("kernel", "3"));
        change("stripes.yaml", "classPath: src", "classPath: [classes]");
        assertThat(UserCode.of(load().spec(), Map.of("kernel", "3"))).isEqualTo(before);
        change("stripes.yaml", "classPath: [classes]", "classPath: ./*");
        assertThat(UserCode.of(load().spec(), Map.of("kernel", "3"))).isEqualTo(before);
        change("stripes.yaml", "classPath: ./*\n", "");
        assertThat(Experiments.loadFile(project.resolve("stripes.yaml"), null, List.of(classes))
                        .spec()
                        .classPath()
                        .places())
                .containsExactly(classes);
    }

    @Test
    void aServiceIsFoundByTheNameThatItSays() throws IOException {
        write("src/mine/Maker.java", """
                package mine;
                public class Maker implements replklab.model.ModelFactory {
                    public replklab.nn.Layer make(replklab.model.ModelRequest asked) { return new Net(asked); }
                    public String name() { return "stripes-net"; }
                }
                """);
        jar(
                project.resolve("served.jar"),
                compiled(project.resolve("classes")),
                Map.of("META-INF/services/replklab.model.ModelFactory", "mine.Maker\n"));
        change("stripes.yaml", "classPath: src", "classPath: served.jar");
        change("stripes.yaml", "name: mine.Net", "name: stripes-net");
        ExperimentSpec spec = load().spec();
        assertThat(new ExperimentModels(spec.classPath())
                        .found(spec.optionsOf(Map.of("kernel", "3")))
                        .code())
                .isNotEmpty();
    }

    /** What {@code ./lab model info} and {@code ./lab erf} are given. */
    @Test
    void namesOnTheCommandLineMeanTheSameModels() throws IOException {
        UserClasses classes = UserClasses.of(List.of(compiledOnce()));
        Layer net = Architecture.parse("mine.Net:width=8,kernel=7,inputChannels=1,classes=3", classes, 12, 12)
                .network(KernelForm.TRAINING, Initialisation.undefined());
        ExperimentSpec spec = load().spec();
        Layer same = new ExperimentModels(classes)
                .make(spec.optionsOf(Map.of("kernel", "7")), new ImageShape(12, 12, 1), 3, new SplittableRandom(1));
        assertThat(net.parameterCount()).isEqualTo(same.parameterCount());
        assertThatThrownBy(() -> Architecture.parse("mine.Net:widht=8", classes, 12, 12)
                        .network(KernelForm.TRAINING, Initialisation.undefined()))
                .hasMessageContaining("mine.Net: unknown key 'widht'; did you mean width");
        assertThatThrownBy(() -> Architecture.parse("mine.Nett:width=8", classes, 12, 12))
                .hasMessageContaining("did you mean mine.Net");
        assertThatThrownBy(() -> Architecture.backboneOf("mine.Net:width=8", classes, 12, 12)
                        .network(KernelForm.TRAINING, Initialisation.undefined()))
                .hasMessageContaining("gives no backbone");
        assertThatThrownBy(() -> Architecture.parse("mine.Stripes:count=8", classes, 12, 12))
                .hasMessageContaining("the class mine.Stripes is no model");
    }

    /** A name that a cell registers counts for as long as the registration does, or as its version stays. */
    @Test
    void registeredNamesHaveTheIdentityOfTheirRegistration() {
        change("stripes.yaml", "name: mine.Net", "name: of-a-cell");
        assertThatThrownBy(this::load)
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("unknown model 'of-a-cell'");
        Models.register("of-a-cell", asked -> anything());
        String first = UserCode.of(load().spec(), Map.of("kernel", "3"));
        assertThat(UserCode.of(load().spec(), Map.of("kernel", "3"))).isEqualTo(first);
        Models.register("of-a-cell", asked -> anything());
        assertThat(UserCode.of(load().spec(), Map.of("kernel", "3"))).isNotEqualTo(first);
        Models.register("of-a-cell", "1", asked -> anything());
        String versioned = UserCode.of(load().spec(), Map.of("kernel", "3"));
        Models.register("of-a-cell", "1", asked -> anything());
        assertThat(UserCode.of(load().spec(), Map.of("kernel", "3"))).isEqualTo(versioned);
        Models.register("of-a-cell", "2", asked -> anything());
        assertThat(UserCode.of(load().spec(), Map.of("kernel", "3"))).isNotEqualTo(versioned);
        assertThatThrownBy(() -> Models.register("replknet", asked -> anything()))
                .hasMessageContaining("'replknet' is a model of the library");
    }

    private static Layer anything() {
        throw new AssertionError("nobody makes it");
    }

    /** One sentence each: the file, the key, the value, and what is allowed. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            name: mine.Net        | name: mine.Nett         | model.name: unknown model 'mine.Nett'; did you mean mine.Net
            name: mine.Net        | name: mine.Stripes      | the class mine.Stripes is no model; it must be a public class that is a replklab.nn.Layer
            name: mine.Stripes    | name: mine.Stripe       | data.name: unknown data set 'mine.Stripe'; did you mean mine.Stripes
            name: mine.Stripes    | name: mine.Net          | the class mine.Net is no data set
            mine.Largest          | mine.Larger             | evaluate: unknown probe 'mine.Larger'; did you mean mine.Largest
            mine.Largest          | mine.TopK               | the class mine.TopK is no probe
            mine.TopK             | mine.Largest            | the class mine.Largest is no metric
            classPath: src        | classPath: sources      | which does not exist
            classPath: src        | classPath: stripes.yaml | neither a folder nor a jar
            width: 8              | widht: 8                | model: unknown key 'widht'; did you mean width
            width: 8              | width: wide             | model.width is "wide"; it must be a whole number
            width: 8              | width: 8, classes: 3    | model.classes follows from the data
            kernel: [3, 7]        | kernel: [4, 3, 7]       | kernel size is 4
            count: 240            | cuont: 120              | data: unknown key 'cuont'; did you mean count
            , count: 240          | ''                      | data.count is missing
            count: 240            | count: 240, x: 1        | data: unknown key 'x'
            count: 240            | count: many             | data.count is "many"; it must be a whole number
            {k: 2}                | {k: 0}                  | metrics.mine.TopK.k is 0; it must be at least 1
            {k: 2}                | {}                      | metrics.mine.TopK.k is missing
            {k: 2}                | {k: 2, j: 1}            | metrics.mine.TopK: unknown key 'j'
            mine.Largest: {}      | mine.Largest: {k: 2}    | evaluate.mine.Largest: unknown key 'k'
            """)
    void whatIsWrongIsSaidBeforeAnyRun(String piece, String other, String words) throws IOException {
        change("stripes.yaml", piece, other);
        if (!piece.startsWith("classPath")) {
            change("stripes.yaml", "classPath: src", "classPath: " + compiledOnce());
        }
        refused(words);
        assertThat(home.resolve("results/quick/stripes/runs/parent")).doesNotExist();
    }

    private void refused(String words) {
        assertThatThrownBy(() -> run(load()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("stripes.yaml: ")
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Net.java     | int width = asked                 | if (true) { throw new IllegalStateException("no luck"); } int width = asked | model 'mine.Net' cannot be made: java.lang.IllegalStateException: no luck (Net.java, line
            Net.java     | public Net(ModelRequest asked)    | Net(ModelRequest asked)                | has no public constructor that fits
            Net.java     | public class Net                  | public abstract class Net              | is abstract
            Net.java     | return head                       | return heads                           | the compiler refuses
            Stripes.java | int count = asked                 | if (true) { return null; } int count = asked | data set 'mine.Stripes' cannot be made: its factory gives null
            TopK.java    | k = asked                         | if (true) { throw new IllegalStateException(); } k = asked | metric 'mine.TopK' cannot be made: java.lang.IllegalStateException
            TopK.java    | "top_" + k                        | "accuracy"                             | two metrics with the key 'accuracy'
            """)
    void whatTheirCodeDoesWrongIsSaidBeforeAnyRun(String file, String piece, String other, String words) {
        change("src/mine/" + file, piece, other);
        refused(words);
    }
}
