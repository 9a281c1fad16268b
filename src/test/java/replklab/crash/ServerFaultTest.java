package replklab.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import replklab.crash.FaultProxy.Fault;
import replklab.crash.FaultProxy.Script;

/**
 * A real MLflow behind a proxy that spoils answers. While a fault lasts the training must go on and the program end by itself; when it
 * is over, the next call must bring everything to MLflow, once.
 */
@Tag("crash")
class ServerFaultTest extends BesideOneServer {
    private static final Fault NONE = new Fault.None();
    private static final String HTML = "<!DOCTYPE html><html><body><form action='/login'>Log in</form></body></html>";

    /** Answers that another server, or something between, gives. */
    private static final Map<String, Fault> FAULTS = Map.ofEntries(
            Map.entry("401", answer(401, "WWW-Authenticate: Basic realm=\"mlflow\"\r\n", "You are not authenticated.")),
            Map.entry(
                    "403 Invalid Host",
                    answer(403, "", "Invalid Host header - possible DNS rebinding attack detected")),
            Map.entry("404", answer(404, "", "Not Found")),
            Map.entry("429", answer(429, "Retry-After: 1\r\n", "slow down")),
            Map.entry("500", answer(500, "", "Internal Server Error")),
            Map.entry("502", answer(502, "", HTML)),
            Map.entry("503", answer(503, "Retry-After: 1\r\n", "")),
            Map.entry("200 HTML", answer(200, "Content-Type: text/html\r\n", HTML)),
            Map.entry("200 empty", answer(200, "", "")),
            Map.entry("200 other JSON", answer(200, "Content-Type: application/json\r\n", "{\"status\": \"ok\"}")),
            Map.entry("302 log-in", answer(302, "Location: /login?next=mlflow\r\n", "")),
            Map.entry("garbage", new Fault.Garbage()),
            Map.entry("reset", new Fault.Reset()),
            Map.entry("lost answer", new Fault.LostAnswer()),
            Map.entry("half answer", new Fault.HalfAnswer()),
            Map.entry("slow", new Fault.Slow(2_000)),
            Map.entry("hang", new Fault.Hang()));

    private static Fault answer(int status, String headers, String body) {
        return new Fault.Answer(status, headers, body);
    }

    /** Each fault once for a while in the middle, and from a moment on until the program has ended. */
    @TestFactory
    Stream<DynamicTest> faultsThatPass() {
        return FAULTS.keySet().stream()
                .sorted()
                .flatMap(name -> Stream.of(
                        CrashCase.of("each seventh request: " + name, () -> {
                            int first = new Story(name).random().nextInt(7);
                            passing(
                                    "seventh",
                                    name,
                                    request -> request.number() % 7 == first && request.number() > 7
                                            ? FAULTS.get(name)
                                            : NONE);
                        }),
                        CrashCase.of("from a moment on: " + name, () -> {
                            int first = 3 + new Story(name).random().nextInt(60);
                            passing("until", name, request -> request.number() > first ? FAULTS.get(name) : NONE);
                        })));
    }

    private static void passing(String kind, String name, Script script) throws IOException {
        Story story = new Story(kind + " " + name);
        String experiment = story.name();
        try (Checkout checkout = Checkout.make(story, experiment);
                FaultProxy proxy = new FaultProxy(mlflow.port())) {
            Map<String, String> environment = Map.of("MLFLOW_TRACKING_URI", proxy.uri());
            proxy.script(script);
            LabProcess program = checkout.run(experiment, environment);
            int code = program.await(story); // which it must come to while the fault lasts
            story.tell(proxy.faults() + " requests were spoilt");
            Summary.count("requests spoilt", name, proxy.faults());
            assertThat(proxy.faults()).isPositive();
            polite(story, program);
            assertThat(code).as("exit code\n%s\n%s", story, program.said()).isIn(0, 1);
            proxy.release();
            proxy.script(request -> NONE);
            checkout.finish(experiment, environment);
            new Oracle(story).check(checkout, experiment, mlflow.store());
            checkout.passed();
        }
    }

    /** Endpoints that a server lacks: what goes there is set aside, said once; the rest arrives. */
    @TestFactory
    Stream<DynamicTest> endpointsThatAreMissing() {
        return Stream.of("runs/log-inputs", "mlflow-artifacts", "logged-models", "403 artifacts")
                .map(name -> CrashCase.of("missing: " + name, () -> missing(name)));
    }

    private static void missing(String name) throws IOException {
        String part = name.startsWith("403") ? "mlflow-artifacts" : name;
        Fault fault = FAULTS.get(name.startsWith("403") ? "403 Invalid Host" : "404");
        Story story = new Story("missing " + name);
        String experiment = story.name();
        try (Checkout checkout = Checkout.make(story, experiment);
                FaultProxy proxy = new FaultProxy(mlflow.port())) {
            Map<String, String> environment = Map.of("MLFLOW_TRACKING_URI", proxy.uri());
            proxy.script(request -> request.to(part) ? fault : NONE);
            polite(story, checkout.finish(experiment, environment));
            int faults = proxy.faults();
            LabProcess again = checkout.finish(experiment, environment);
            polite(story, again);
            assertThat(again.errors())
                    .as("a second call promises nothing\n%s", story)
                    .doesNotContain("next start", "tries again", "refused");
            Summary.count("requests spoilt", "missing " + name, proxy.faults());
            story.tell(faults + " requests were spoilt at first, then " + (proxy.faults() - faults));
            Oracle oracle = new Oracle(story);
            if (part.equals("runs/log-inputs")) {
                oracle.withoutInputs();
            } else {
                oracle.withoutArtifacts();
            }
            oracle.check(checkout, experiment, mlflow.store());
            checkout.passed();
        }
    }

    /** No server when the program starts: it says so, or goes on without one; later all is there. */
    @TestFactory
    Stream<DynamicTest> awayAtTheStart() {
        return Stream.of(CrashCase.of("away at the start", () -> {
            Story story = new Story("away");
            try (Checkout checkout = Checkout.make(story, "away");
                    FaultProxy proxy = new FaultProxy(mlflow.port())) {
                Map<String, String> environment = Map.of("MLFLOW_TRACKING_URI", proxy.uri());
                proxy.script(request -> new Fault.Reset());
                LabProcess program = checkout.run("away", environment);
                int code = program.await(story);
                polite(story, program);
                assertThat(code).isIn(0, 1);
                assertThat(program.errors()).contains(proxy.uri());
                proxy.script(request -> NONE);
                checkout.finish("away", environment);
                new Oracle(story).check(checkout, "away", mlflow.store());
                checkout.passed();
            }
        }));
    }

    /** Neither stack traces nor the HTTP library's own lines, and no notice twice. */
    static void polite(Story story, LabProcess program) throws IOException {
        String errors = program.errors();
        assertThat(errors)
                .as("standard error\n%s", story)
                .doesNotContain("\tat ", "Exception in thread", "INFO", "org.apache.http", "NullPointerException");
        List<String> lines = Arrays.stream(errors.split("\n"))
                .filter(line -> line.contains("MLflow"))
                .toList();
        assertThat(lines.stream()
                        .collect(Collectors.groupingBy(line -> line, Collectors.counting()))
                        .entrySet())
                .as("notices\n%s", story)
                .allMatch(line -> line.getValue() == 1);
    }
}
