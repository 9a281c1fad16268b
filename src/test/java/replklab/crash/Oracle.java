package replklab.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What must be true once all is over, whatever happened on the way: every run once on the page and in MLflow, ended, with every
 * metric point once, and the numbers, to the last bit, of an execution that nobody disturbed.
 */
final class Oracle {
    /** How strictly MLflow's runs are counted. */
    enum Runs {
        /** Each run is there once, and no other. */
        ONCE,
        /** Each run is there, finished, as the page names it; earlier tries have ended. */
        SUPERSEDED
    }

    /** Long enough for a server that ends when those that use it have gone. */
    private static final long GONE_MILLIS = Long.getLong("crash.gone", 60_000);

    private static Reference reference;

    private final Story story;
    private Runs runs = Runs.ONCE;
    private boolean artifacts = true;
    private boolean inputs = true;
    private boolean errors;
    private String deleted = "";

    /** What the undisturbed execution left: the page, and MLflow's record of each plan. */
    record Reference(
            Page page,
            Map<String, MlflowRun> runs,
            Map<String, Map<String, String>> files,
            long millis,
            long startMillis) {}

    Oracle(Story story) {
        this.story = story;
    }

    Oracle allowing(Runs strictness) {
        runs = strictness;
        return this;
    }

    /** For a server that takes no artifacts. */
    Oracle withoutArtifacts() {
        artifacts = false;
        return this;
    }

    /** For a server that takes no data sets. */
    Oracle withoutInputs() {
        inputs = false;
        return this;
    }

    /** For a disk that is full: what the attempt that failed has said stays with the run. */
    Oracle withErrors() {
        errors = true;
        return this;
    }

    /** For a plan whose run somebody deleted in MLflow: it may be gone there. */
    Oracle without(String plan) {
        deleted = plan;
        return this;
    }

    /** The undisturbed execution, made once a JVM, with the embedded server. */
    static synchronized Reference reference() throws IOException {
        if (reference == null) {
            Story story = new Story("undisturbed");
            try (Checkout checkout = Checkout.make(story, "tiny")) {
                LabProcess program = checkout.run("tiny", Map.of());
                Processes.await(
                        () -> Processes.files(checkout.runs("tiny")) > 0 || !program.alive(),
                        Long.MAX_VALUE / 2_000_000);
                long started = program.millis();
                if (program.await(story) != 0) {
                    throw story.failure(program.said());
                }
                Store store = Store.embedded(checkout.mlruns());
                Map<String, MlflowRun> children = new TreeMap<>();
                Map<String, Map<String, String>> files = new TreeMap<>();
                for (MlflowRun run : store.runs("tiny")) {
                    if (!run.plan().isEmpty()) {
                        children.put(run.plan(), run);
                        files.put(run.plan(), store.files(run));
                    }
                }
                reference =
                        new Reference(Page.of(checkout.results("tiny")), children, files, program.millis(), started);
                assertThat(children).hasSize(Checkout.RUNS);
                new Oracle(story).check(checkout, "tiny", store);
                checkout.passed();
            }
        }
        return reference;
    }

    /** Checks page and MLflow, and that nothing runs any more. */
    void check(Checkout checkout, String experiment, Store store) throws IOException {
        check(checkout, experiment, store, true);
    }

    void check(Checkout checkout, String experiment, Store store, boolean alone) throws IOException {
        Reference expected = reference();
        Page page = Page.of(checkout.results(experiment));
        assertThat(page.runs().keySet())
                .as("plans on the page\n%s", story)
                .isEqualTo(expected.page().runs().keySet());
        page.runs().forEach((plan, row) -> {
            assertThat(row).as("the page's %s\n%s", plan, story).containsEntry("status", "finished");
            assertThat(Page.steady(row))
                    .as("numbers of %s\n%s", plan, story)
                    .isEqualTo(Page.steady(expected.page().runs().get(plan)));
            assertThat(row.get("run_id")).as("run id of %s\n%s", plan, story).isNotEmpty();
        });
        assertThat(page.curves())
                .as("curves\n%s", story)
                .isEqualTo(expected.page().curves());
        tracked(store, store.runs(experiment), page, expected);
        if (alone) {
            assertThat(Processes.await(() -> Processes.of(checkout.root()).isEmpty(), GONE_MILLIS))
                    .as("nothing runs any more, but %s\n%s", Processes.of(checkout.root()), story)
                    .isTrue();
        }
    }

    private void tracked(Store store, List<MlflowRun> all, Page page, Reference expected) throws IOException {
        assertThat(all)
                .as("runs that MLflow believes to go on\n%s", story)
                .filteredOn(MlflowRun::active)
                .extracting(MlflowRun::status)
                .doesNotContain("RUNNING", "SCHEDULED");
        Map<String, List<MlflowRun>> byPlan = all.stream()
                .filter(run -> run.active() && !run.plan().isEmpty())
                .collect(Collectors.groupingBy(MlflowRun::plan, TreeMap::new, Collectors.toList()));
        Set<String> plans = new TreeSet<>(expected.runs().keySet());
        if (!byPlan.containsKey(deleted)) {
            plans.remove(deleted);
        }
        assertThat(byPlan.keySet()).as("plans in MLflow\n%s", story).isEqualTo(plans);
        for (Map.Entry<String, List<MlflowRun>> each : byPlan.entrySet()) {
            String plan = each.getKey();
            if (runs == Runs.ONCE) {
                assertThat(each.getValue())
                        .as("%s in MLflow\n%s", plan, story)
                        .extracting(MlflowRun::status)
                        .containsExactly("FINISHED");
            }
            String id = page.runs().get(plan).get("run_id");
            Map<String, MlflowRun> byId =
                    each.getValue().stream().collect(Collectors.toMap(MlflowRun::id, Function.identity()));
            assertThat(byId).as("MLflow's runs of %s\n%s", plan, story).containsKey(id);
            tracked(store, byId.get(id), expected);
        }
    }

    private void tracked(Store store, MlflowRun run, Reference expected) throws IOException {
        MlflowRun model = expected.runs().get(run.plan());
        String who = run.plan() + " (" + run.id() + ")\n" + story;
        assertThat(run.status()).as("status of %s", who).isEqualTo("FINISHED");
        assertThat(doubled(run)).as("points that are there twice, of %s", who).isEmpty();
        assertThat(counted(run)).as("points of %s", who).isEqualTo(counted(model));
        assertThat(steady(run)).as("values of %s", who).isEqualTo(steady(model));
        assertThat(run.params()).as("parameters of %s", who).isEqualTo(model.params());
        if (inputs) {
            assertThat(run.inputs()).as("data sets of %s", who).isEqualTo(model.inputs());
        }
        if (artifacts) {
            assertThat(run.models()).as("logged models of %s", who).hasSameSizeAs(model.models());
            Map<String, String> files = new TreeMap<>(store.files(run));
            if (errors) {
                files.remove("error.txt");
            }
            assertThat(files)
                    .as("artifacts of %s", who)
                    .isEqualTo(expected.files().get(run.plan()));
        }
    }

    /** The points that are there whatever the clock says: system metrics are sampled by time. */
    private static Set<String> counted(MlflowRun run) {
        Set<String> counted = new TreeSet<>(run.points().keySet());
        counted.removeIf(point -> point.startsWith("system/"));
        return counted;
    }

    private static Map<String, List<String>> doubled(MlflowRun run) {
        Map<String, List<String>> doubled = new TreeMap<>(run.points());
        doubled.values().removeIf(values -> values.size() == 1);
        return doubled;
    }

    private static Map<String, List<String>> steady(MlflowRun run) {
        Map<String, List<String>> steady = new TreeMap<>(run.points());
        steady.keySet().removeIf(point -> !Page.isSteady(point.substring(0, point.indexOf('@'))));
        return steady;
    }
}
