package replklab.bench;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import replklab.base.Digests;
import replklab.base.LabHome;
import replklab.base.Parallel;
import replklab.base.Provenance;
import replklab.tensor.Backend;

/**
 * Measures cases with everybody who takes part. Every finished case is kept on disk at once.
 *
 * @param kind what to benchmark
 * @param command the command line that repeats it
 * @param profile {@code quick} or {@code full}
 * @param cases what to measure
 * @param effort how long
 */
public record Bench(BenchKind kind, String command, String profile, List<? extends BenchCase> cases, Effort effort) {
    /** A machine on which more than this share of the processors is in use is busy. */
    private static final double BUSY = 0.1;

    public Bench {
        cases = List.copyOf(cases);
    }

    /**
     * Measures, or goes on with what an interrupted call of the same command left.
     *
     * @param contestants who takes part; the caller closes them
     * @param fresh whether to measure finished cases again
     */
    public BenchRun run(List<Contestant> contestants, boolean fresh, BenchListener listener) {
        Provenance provenance = Provenance.collect(
                LabHome.root(),
                Backend.current().description(),
                configuration(contestants),
                List.of(),
                profile,
                Instant.now());
        KeptResults kept = KeptResults.open(keptFile(), key(provenance), fresh);
        listener.begin(cases.size(), kept.count());
        double load = Load.now();
        if (load > BUSY) {
            listener.notice("Something else uses %.0f %% of the processors: these figures will not be worth keeping."
                    .formatted(100 * load));
        }
        FmaPeak peak = FmaPeak.measure();
        List<CaseResult> results = new ArrayList<>();
        double all = cases.stream().mapToDouble(BenchCase::weight).sum();
        double done = 0;
        for (BenchCase what : cases) {
            CaseResult result = kept.find(what).orElse(null);
            if (result == null) {
                Rounds rounds = new Rounds(effort, text -> listener.status(what.label() + ": " + text));
                result = rounds.measure(what, contestants);
                kept.add(result);
            }
            results.add(result);
            done += what.weight();
            listener.finished(what, result, done / all);
        }
        peak = peak.max(FmaPeak.measure());
        return new BenchRun(
                kind,
                command,
                List.copyOf(cases),
                results,
                peak,
                Parallel.threads(),
                load,
                provenance.finished(Instant.now()));
    }

    /** The results are safe elsewhere: an interrupted benchmark has nothing to go on from. */
    public void forget() {
        KeptResults.open(keptFile(), "", true).remove();
    }

    private Path keptFile() {
        return Contestants.folder().resolve(kind.key() + ".jsonl");
    }

    private String configuration(List<Contestant> contestants) {
        List<String> who = contestants.stream()
                .map(contestant -> contestant.implementation() + " " + contestant.variant())
                .toList();
        return cases + "\n" + effort + "\n" + who + "\n" + Parallel.threads() + " threads";
    }

    /** With other sources, another machine or another JDK, earlier results are of no use. */
    private static String key(Provenance provenance) {
        Path classes = Path.of(
                Bench.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        return Digests.of(String.join(
                "\n",
                provenance.config(),
                provenance.commit(),
                Long.toString(classes.toFile().lastModified()),
                provenance.jdk(),
                provenance.machine().toString()));
    }
}
