package replklab.experiment;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import replklab.base.LabException;
import replklab.base.Provenance;
import replklab.report.ExperimentReport;
import replklab.stats.Effect;
import replklab.tracking.ActiveRun;
import replklab.tracking.RunRecord;
import replklab.tracking.RunSpec;
import replklab.tracking.RunTags;
import replklab.tracking.Tracker;

/** The run in MLflow that an execution's runs lie below: what it is told of the experiment and of its report. */
final class ParentRun {
    private static final String FOLDER = "parent";

    private ParentRun() {}

    /** Where its log lies. */
    static Path folder(Path runs) {
        return runs.resolve(FOLDER);
    }

    /** Starts one of an execution's own. */
    static ActiveRun start(Tracker tracker, Path runs, Experiment experiment, Provenance provenance, String source) {
        return described(tracker.startRun(spec(experiment, provenance, source), folder(runs)), experiment);
    }

    /**
     * Goes on with the one that runs find by its key which other processes began, or starts it.
     *
     * @throws LabException if the folder belongs to a run that goes on
     */
    static ActiveRun join(Tracker tracker, Path runs, Experiment experiment, Provenance provenance, String source) {
        Path folder = folder(runs);
        String key = key(experiment, provenance, RunFreshness.of(runs));
        Optional<ActiveRun> there = RunRecord.read(folder)
                .filter(record ->
                        record.tags().getOrDefault(RunTags.SHARED_KEY, "").equals(key))
                .flatMap(_ -> tracker.resumeRun(folder));
        return described(
                there.orElseGet(() -> tracker.startRun(
                        spec(experiment, provenance, source).tag(RunTags.SHARED_KEY, key), folder, key)),
                experiment);
    }

    /**
     * By what processes that know nothing of each other find the parent of their runs: the same for the same runs at the same place,
     * until they are begun afresh.
     */
    static String key(Experiment experiment, Provenance provenance, RunFreshness fresh) {
        String name = String.join(
                "\n", experiment.name(), experiment.place(), provenance.settings(), String.valueOf(fresh.since()));
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static ActiveRun described(ActiveRun parent, Experiment experiment) {
        parent.params(Map.of(
                "profile",
                experiment.profile(),
                "seeds",
                experiment.spec().seeds(),
                "runs",
                RunPlan.of(experiment.spec()).size()));
        if (!experiment.overrides().isEmpty()) {
            parent.params(Map.of("overrides", String.join(" ", experiment.overrides())));
        }
        parent.about(about(experiment.spec()));
        parent.artifactText(SingleRun.CONFIGURATION, experiment.logged());
        return parent;
    }

    /** What an experiment is about, in Markdown; the title plain, since MLflow's list shows it as it is. */
    private static String about(ExperimentSpec spec) {
        return spec.title() + "\n\n" + spec.question();
    }

    private static RunSpec spec(Experiment experiment, Provenance provenance, String source) {
        RunSpec spec = RunSpec.of(
                        experiment.name(), experiment.name() + " " + experiment.profile() + " " + provenance.started())
                .description(about(experiment.spec()))
                .source(source);
        return tagged(spec, experiment, provenance);
    }

    /** Tags that parent and children share; commit, JDK and machine come from the tracker. */
    static RunSpec tagged(RunSpec spec, Experiment experiment, Provenance provenance) {
        RunSpec told =
                experiment.rerunOf().map(run -> spec.tag(RunTags.RERUN_OF, run)).orElse(spec);
        return told.tag(RunTags.PROFILE, experiment.profile().toString())
                .tags(experiment
                        .spec()
                        .inPaper()
                        .map(paper -> Map.of(RunTags.PAPER_TABLE, paper.label()))
                        .orElse(Map.of()))
                .tag(RunTags.BACKEND, provenance.backend())
                .tag("replklab.config_sha256", provenance.config());
    }

    /** Logs what was found; a parent that is gone on with has a value more of each metric for each report. */
    static void log(ActiveRun parent, ExperimentReport report, Path page) {
        Map<String, Double> effects = ParentMetrics.of(report.runs(), report.metrics());
        for (Effect effect : report.effects()) {
            if (effect.ours().isPresent()) {
                String name = effect.name().replaceAll("[^A-Za-z0-9 ]", "").replace(' ', '_');
                effects.put("effect_" + name, effect.mean());
                effects.put("effect_" + name + "_low", effect.low());
                effects.put("effect_" + name + "_high", effect.high());
            }
        }
        parent.metrics(effects, parent.record().nextStep("runs.finished"));
        for (String file : Reports.files(page.resolveSibling(""))) {
            parent.artifact(page.resolveSibling(file), "report");
        }
    }
}
