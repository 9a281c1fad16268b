package replklab.experiment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import replklab.base.Provenance;
import replklab.data.DatasetSpec;
import replklab.data.Split;
import replklab.stats.Numbers;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What a reviewer asks of an experiment, answered from its file and its runs: the items on experiments of the machine learning
 * reproducibility checklist (Pineau et al. 2021, version 2.0). What the program cannot know, such as why a data set was taken, is in the
 * file's {@code scale} and in its head.
 */
record ReviewChecklist(Experiment experiment, List<RunRow> runs, Provenance provenance) {
    /** A row an item. */
    Table table() {
        Map<String, String> items = new LinkedHashMap<>();
        items.put("claim, and what would contradict it", claim());
        items.put("data, and how it is split", data());
        items.put("settings that were considered, and how they were chosen", search());
        items.put("settings of every run", "`experiment.yaml` with each run, here and in MLflow");
        items.put("runs", counted());
        items.put("what differs between seeds", varies());
        items.put("number of seeds", power());
        items.put("statistics", statistics());
        items.put("time and machine", cost());
        items.put("code and dependencies", code());
        return Table.create(
                "checklist",
                StringColumn.create("item", items.keySet()),
                StringColumn.create("answer", items.values()));
    }

    private ExperimentSpec spec() {
        return experiment.spec();
    }

    private String claim() {
        return spec().primary()
                .map(claim -> "%s; contradicted if %s lies beyond %s"
                        .formatted(claim.claim(), claim.name(), Numbers.upTo(claim.margin(), 3)))
                .orElse("none: sizes and intervals alone");
    }

    private String data() {
        if (spec().isMeasured()) {
            return "none: it measures";
        }
        List<String> stages = new ArrayList<>(List.of(described(spec().data())));
        if (spec().isFinetuned() && spec().finetune().data() != null) {
            stages.add("then " + described(spec().finetune().data()));
        }
        return String.join("; ", stages);
    }

    private static String described(DatasetSpec data) {
        String trained =
                data.trainExamples() == 0 ? "all training images" : data.trainExamples() + " training images a run";
        String held = data.validationExamples() == 0
                ? "none held out"
                : data.validationExamples() + " held out for choosing designs";
        String evaluated = data.testExamples() == 0 ? "all" : String.valueOf(data.testExamples());
        return "%s: %s, %s; evaluated on %s %s images"
                .formatted(data.name(), trained, held, evaluated, data.evaluateOn());
    }

    private String search() {
        SearchSpec search = spec().search();
        if (spec().isMeasured()) {
            return "none";
        }
        if (search == null) {
            return "the same for every variant; what was tried stands in the head of the file";
        }
        String tried = search.settings().entrySet().stream()
                .map(setting -> setting.getKey() + " of " + setting.getValue())
                .collect(Collectors.joining(", "));
        return search.chosen().isEmpty()
                ? "the same for every variant; " + tried
                        + " is to be searched for each; what was tried stands in the head of the file"
                : tried
                        + ", tried with every variant on the images that are held out; the best of each (`search.chosen`)";
    }

    private String counted() {
        long diverged =
                runs.stream().filter(run -> run.status() == RunEnd.DIVERGED).count();
        long missing = runs.stream().filter(run -> !run.hasResult()).count();
        return "%d planned, %d with a result, %s, %s"
                .formatted(
                        runs.size(),
                        runs.size() - missing,
                        diverged == 0 ? "none diverged" : diverged + " of these diverged, and count as a guess",
                        missing == 0 ? "none lost" : missing + " lost");
    }

    private String varies() {
        if (spec().isMeasured()) {
            return "the process that measures";
        }
        return "initial weights, order of the images"
                + (spec().data().trainExamples() > 0 ? ", which training images" : "")
                + ", and what is random in training";
    }

    private String power() {
        return "%d".formatted(spec().seeds())
                + spec().primary()
                        .filter(claim -> claim.interest() != null && claim.spread() != null)
                        .map(claim -> ", to resolve %s with a chance of %.0f %% at the pilot's spread of %s"
                                .formatted(
                                        Numbers.upTo(claim.interest(), 3),
                                        100 * HypothesisSpec.POWER,
                                        Numbers.upTo(claim.spread(), 3)))
                        .orElse(", by what it costs: no pilot has said how many it takes");
    }

    private String statistics() {
        boolean tested = !spec().isMeasured() && spec().evaluatedOn() == Split.TEST;
        return "paired by seed: mean difference, Student's 95 % interval, size in standard deviations"
                + (spec().isMeasured()
                        ? ""
                        : "; an interval over seeds and images and a sign-flip test where answers are kept")
                + (spec().primary().isPresent() && tested
                        ? "; Holm's correction over all claims in results/README.md"
                        : "");
    }

    private String cost() {
        double seconds = runs.stream().mapToDouble(RunRow::seconds).sum();
        return "%s of runs on %s"
                .formatted(Provenance.words(Duration.ofSeconds(Math.round(seconds))), provenance.machine());
    }

    private String code() {
        return "commit %s, JDK %s; versions in `pom.xml` and, with hashes, `requirements.txt`; `./lab rerun RUN_ID` repeats a run to the last bit"
                .formatted(provenance.commit(), provenance.jdk());
    }
}
