package replklab.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interrupts, tapes and Javadoc in one session with the real kernel. Needs {@code .venv}. */
class KernelSessionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BEGUN = "begun";

    private static final List<Map<String, Object>> STEPS = new ArrayList<>();
    private static final Map<String, JsonNode> ANSWERS = new LinkedHashMap<>();
    private static final List<String> NAMES = new ArrayList<>();

    @TempDir
    private static Path folder;

    @BeforeAll
    static void talk() throws Exception {
        TestKernel kernel = TestKernel.register(folder);
        interrupts();
        tapes();
        failures();
        inspections();
        Path script = Path.of(Objects.requireNonNull(KernelSessionTest.class.getResource("kernel_session.py"))
                .toURI());
        Path input = folder.resolve("steps.json");
        Files.writeString(input, JSON.writeValueAsString(STEPS));
        int code = kernel.python(input, script, "replk-lab");
        assertThat(code).as(kernel.err()).isZero();
        JsonNode answers = JSON.readTree(kernel.out());
        for (int i = 0; i < answers.size(); i++) {
            ANSWERS.put(NAMES.get(i), answers.get(i));
        }
    }

    private static void interrupts() {
        cell("declarations", """
                class Busy {
                    static volatile long n;
                    static void begun() { if (n++ == 0) { System.out.println("begun"); } }
                }
                class Own extends Layer {
                    final Layer inner = child("inner", new Pointwise(1, 10, true, new SplittableRandom(1)));
                    public Tensor forward(Tensor x) {
                        IntStream.range(0, 100).parallel().forEach(i -> { Busy.n++; });
                        return inner.forward(x).globalAveragePool();
                    }
                }
                Tensor x = Tensor.of(new float[] {1, -2, 3}, 3);
                TrainTest data = Datasets.open(DatasetSpec.fashionMnist().withExamples(100, 10), 0);
                """);
        interrupted("a plain loop", "{ System.out.println(\"begun\"); while (true) { Busy.n++; } }");
        cell("the loop has stopped", "long before = Busy.n; Thread.sleep(100); Busy.n - before");
        interrupted(
                "a loop that catches all",
                "{ System.out.println(\"begun\"); while (true) { try { Thread.sleep(5); Busy.n++; } catch (Throwable e) { } } }");
        interrupted(
                "a parallel stream",
                "Busy.n = 0; IntStream.range(0, Integer.MAX_VALUE).parallel().forEach(i -> Busy.begun());");
        cell("the stream has stopped", "before = Busy.n; Thread.sleep(100); Busy.n - before");
        interrupted(
                "operations of the library, called by nothing of the cell's",
                "{ System.out.println(\"begun\"); boolean _ = Stream.iterate(x, Tensor::relu).allMatch(Objects::nonNull); }");
        interrupted("a training with a layer of the cell's", """
                new Trainer(new Own(), data, TrainingConfig.adamW(1_000_000, 10, 1e-3), 1, null).run(
                        new TrainingListener() {
                            @Override
                            public void step(long step, long total, double loss, double rate) {
                                if (step == 1) { System.out.println("begun"); }
                            }
                        }, () -> false).toString()
                """);
        interrupted("a part of a cell", """
                int first = 1; Object waited = null;
                try { System.out.println("begun"); Thread.sleep(100_000); } catch (InterruptedException e) { waited = e; }
                int never = 2;
                """);
        cell("what came before the interrupt", "(waited != null) + \" \" + first");
        cell("what came after it", "never");
        interrupted(
                "what nothing stops",
                "{ System.out.println(\"begun\"); boolean _ = Stream.generate(Object::new).allMatch(Objects::nonNull); }");
        cell("the next cell", "first + 1");
    }

    private static void tapes() {
        cell(
                "left open",
                "Tensor weight = Tensor.of(new float[] {2, 5, 7}, 3).asParameter(); Tape left = Tape.training(1);");
        cell("forward", "Tensor loss = weight.multiply(x).sum();");
        cell("fails", "Tape more = Tape.training(2); Tape third = Tape.training(3); List.of().getFirst();");
        cell("compiles not", "Tape fourth = Tape.training(4); nothing.atAll();");
        cell("still open", "Tape.open()");
        cell("backward", "left.backward(loss); float[] gradient = weight.gradient().toArray(); left.close();");
        cell("gradient", "Arrays.toString(gradient) + \" \" + Tape.open()");
    }

    private static void failures() {
        cell("a function", """
                // what it divides by
                int zero = 0; int divided(int n) { return n / zero; }

                class Deep {
                    Deep() { down(); }
                    void down() { throw new IllegalStateException("deep", new IllegalArgumentException("cause")); }
                }
                """);
        cell("calls it", "int before = 1;\n\nint after =\n    divided(3);");
        cell("calls it in a lambda", "List.of(1, 2).forEach(\n    n -> divided(n));");
        cell("makes an object", "new Deep();");
        cell("compiles not at all", "int fine = 1;\nint wrong = Vectr.of(1);");
    }

    private static void inspections() {
        inspect("a method by its name", "Tensor.of|");
        inspect("a method that is called", "int k = 3;\nx.re|lu();\nint l = 4;");
        inspect("an argument's place", "new Pointwise(3, |");
        inspect("a class", "import java.util.*;\nclass Other extends Lay|er { }");
        inspect("nothing", "Tensor nothing = |");
    }

    @Test
    void loopsOfACellEnd() {
        assertThat(answer("the loop has stopped").get("data").asText()).isEqualTo("0");
        for (String name : List.of("a plain loop", "a loop that catches all")) {
            assertInterrupted(name);
        }
    }

    @Test
    void aStreamEndsInAllItsThreads() {
        assertInterrupted("a parallel stream");
        assertThat(answer("the stream has stopped").get("data").asText()).isEqualTo("0");
    }

    @Test
    void operationsEnd() {
        assertInterrupted("operations of the library, called by nothing of the cell's");
    }

    /** With its step in hand, to which a layer of the cell's belongs that could be stopped. */
    @Test
    void aTrainingEndsInItsOwnOrder() {
        JsonNode training = answer("a training with a layer of the cell's");
        assertThat(training.get("status").asText()).as(training.toString()).isEqualTo("ok");
        assertThat(training.get("data").asText()).contains("STOPPED");
    }

    @Test
    void anInterruptedCellKeepsWhatItHadAndDoesNoMore() {
        assertInterrupted("a part of a cell");
        assertThat(answer("what came before the interrupt").get("data").asText())
                .isEqualTo("true 1");
        assertThat(answer("what came after it").get("data").asText())
                .as("declared, but not computed")
                .isEqualTo("0");
    }

    @Test
    void oneIsToldOfWhatNothingStops() {
        assertInterrupted("what nothing stops");
        assertThat(answer("what nothing stops").get("stderr").asText())
                .contains("still at work")
                .contains("restart the kernel");
        assertThat(answer("the next cell").get("data").asText()).isEqualTo("2");
    }

    @Test
    void aFailedCellClosesItsOwnTapes() {
        assertThat(answer("fails").get("error").asText()).contains("NoSuchElementException");
        assertThat(answer("fails").get("stderr").asText()).contains("left 2 tapes open: closed");
        assertThat(answer("compiles not").get("stderr").asText()).contains("left a tape open: closed");
    }

    @Test
    void forwardAndBackwardMayStandInTwoCells() {
        assertThat(answer("left open").get("stderr").asText()).contains("A tape stays open after this cell");
        assertThat(answer("forward").get("stderr").asText()).isEmpty();
        assertThat(answer("still open").get("data").asText()).isEqualTo("1");
        assertThat(answer("gradient").get("data").asText()).isEqualTo("[1.0, -2.0, 3.0] 0");
    }

    @Test
    void aStackTraceNamesCellsAndTheirLines() {
        int function = number("a function");
        assertThat(answer("calls it").get("trace").asText()).isEqualTo("""
                        java.lang.ArithmeticException: / by zero
                        \tat divided(cell [%d], line 2)
                        \tat cell [%d], line 4""".formatted(function, number("calls it")));
        assertThat(answer("calls it in a lambda").get("trace").asText())
                .contains("at divided(cell [%d], line 2)\n\tat cell [%d], line 2\n"
                        .formatted(function, number("calls it in a lambda")))
                .endsWith("at cell [%d], line 1".formatted(number("calls it in a lambda")));
        assertThat(answer("makes an object").get("trace").asText())
                .contains(
                        "at Deep.down(cell [%d], line 6)".formatted(function),
                        "at Deep.<init>(cell [%d], line 5)".formatted(function),
                        "at cell [%d], line 1\nCaused by: ".formatted(number("makes an object")));
    }

    /** The library's own compiler flag would be told at each error. */
    @Test
    void anErrorOfTheCompilerSpeaksOfTheCellAlone() {
        assertThat(answer("compiles not at all").get("trace").asText())
                .contains("int wrong = Vectr.of(1);", "cannot find symbol")
                .doesNotContain("incubat");
    }

    private static int number(String name) {
        return answer(name).get("count").asInt();
    }

    @Test
    void signatureAndJavadocAreShown() {
        assertThat(answer("a method by its name").get("data").asText())
                .contains("Tensor Tensor.of(float[] values, int... sizes)")
                .contains("A copy of an array, row-major.")
                .contains("Tensor Tensor.of(INDArray array)")
                .doesNotContain("@throws");
        assertThat(answer("a method that is called").get("data").asText()).contains("Tensor Tensor.relu()");
        assertThat(answer("an argument's place").get("data").asText())
                .contains("Pointwise(int in, int out, boolean bias, RandomGenerator random)")
                .contains("out - output channels");
        assertThat(answer("a class").get("data").asText()).contains("A part of a network");
        assertThat(answer("nothing").get("found").asBoolean()).isFalse();
    }

    private static void assertInterrupted(String name) {
        assertThat(answer(name).get("status").asText())
                .as(answer(name).toString())
                .isEqualTo("error");
        assertThat(answer(name).get("error").asText()).contains("EvaluationInterruptedException");
    }

    private static JsonNode answer(String name) {
        return Objects.requireNonNull(ANSWERS.get(name), () -> "no answer to: " + name + "; " + ANSWERS);
    }

    private static void cell(String name, String code) {
        step(name, Map.of("code", code));
    }

    /** A cell that says in its statement that lasts when it has begun, and is then interrupted. */
    private static void interrupted(String name, String code) {
        step(name, Map.of("code", code, "interrupt", BEGUN));
    }

    /** The cursor is at the bar. */
    private static void inspect(String name, String code) {
        step(name, Map.of("inspect", code.replace("|", ""), "cursor", code.indexOf('|')));
    }

    private static void step(String name, Map<String, Object> step) {
        NAMES.add(name);
        STEPS.add(step);
    }
}
