package replklab.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Option;
import replklab.base.LabHome;
import replklab.base.UsageException;
import replklab.bench.Bench;
import replklab.bench.BenchCase;
import replklab.bench.BenchJson;
import replklab.bench.BenchKind;
import replklab.bench.BenchReport;
import replklab.bench.BenchRun;
import replklab.bench.BenchTables;
import replklab.bench.Contestant;
import replklab.bench.Contestants;
import replklab.bench.Effort;
import replklab.bench.Pass;
import replklab.bench.PeerEnvironment;
import replklab.table.TextTable;
import tech.tablesaw.api.Table;

/** What all benchmarks understand, and what all do. */
final class BenchOptions {
    @Option(
            names = "--pass",
            split = ",",
            paramLabel = "PASS,...",
            hideParamSyntax = true,
            description = "forward, training (gradients too; of data: random parts), or both (the default).")
    private List<String> passes = List.of("forward", "training");

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "PEER,...",
            hideParamSyntax = true,
            description = "Which peers to measure beside ours, or none.")
    private List<String> peers = List.of();

    @Option(
            names = "--implementations",
            split = ",",
            paramLabel = "NAME,...",
            hideParamSyntax = true,
            description = "Measure only these, ours or peers.")
    private List<String> implementations = List.of();

    @Option(names = "--rounds", paramLabel = "N", description = "Turns that everybody gets.")
    private Integer rounds;

    @Option(names = "--quick", description = "Fewer cases, measured shorter.")
    private boolean quick;

    @Option(names = "--fresh", description = "Begin anew, though an interrupted benchmark could go on.")
    private boolean fresh;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    boolean quick() {
        return quick;
    }

    List<Pass> passes() {
        return passes.stream().map(Pass::of).toList();
    }

    /**
     * Who takes part.
     *
     * @param own names of ours
     * @param known every peer that can
     * @param usual the peers that are measured when none is named
     */
    List<String> chosen(List<String> own, List<String> known, List<String> usual) {
        List<String> all = new ArrayList<>(own);
        all.addAll(known);
        if (!implementations.isEmpty()) {
            implementations.forEach(name -> require("implementation", name, all));
            return List.copyOf(new LinkedHashSet<>(implementations));
        }
        List<String> names = new ArrayList<>(own);
        if (peers.isEmpty()) {
            names.addAll(usual);
        } else if (!peers.equals(List.of("none"))) {
            List<String> allowed = new ArrayList<>(known);
            allowed.add("none");
            peers.forEach(name -> require("peer", name, allowed));
            if (peers.contains("none")) {
                throw new UsageException("--peers is " + String.join(",", peers) + "; none stands alone");
            }
            names.addAll(new LinkedHashSet<>(peers));
        }
        return names;
    }

    private static void require(String kind, String name, List<String> known) {
        if (!known.contains(name)) {
            throw UsageException.unknown(kind, name, known);
        }
    }

    /**
     * Measures, writes the results, and prints them.
     *
     * @param kind what is benchmarked
     * @param whole whether the cases are all that are measured by default
     * @param names who takes part
     * @param contestants makes them
     */
    int run(
            BenchKind kind,
            boolean whole,
            List<? extends BenchCase> cases,
            Effort effort,
            List<String> names,
            String command,
            Function<Effort, List<Contestant>> contestants) {
        Effort wanted = rounds == null ? effort : effort.withRounds(rounds);
        if (names.stream().anyMatch(Contestants::isPython)) {
            PeerEnvironment.furnish(System.err::println);
        }
        List<Contestant> all = contestants.apply(wanted);
        boolean kept =
                whole && !quick && passes.size() == 2 && implementations.isEmpty() && peers.isEmpty() && rounds == null;
        Bench bench = new Bench(kind, command, quick ? "quick" : "full", cases, wanted);
        BenchRun run;
        try (BenchProgress progress = new BenchProgress(kind.key())) {
            run = bench.run(all, fresh, progress);
        } finally {
            all.forEach(Contestant::close);
        }
        Path folder = kept ? LabHome.resolve("results", "bench") : LabHome.resolve("results", "bench", "trial");
        Path page = BenchReport.write(run, folder);
        bench.forget();
        if (json) {
            System.out.println(BenchJson.of(run));
        } else {
            Table overview = BenchTables.overview(run);
            String table = TextTable.of(overview, BenchTables.decimals(overview), Terminal.width());
            System.out.println(TextTable.in(Terminal.charset(), table));
            if (kind != BenchKind.DATA) {
                System.out.println("FMA peak  %.1f GFLOP/s on one thread, %.1f on %d"
                        .formatted(run.peak().oneThread(), run.peak().allThreads(), run.threads()));
            }
            run.leftOut().keySet().forEach(reason -> System.out.println("Left out  " + reason));
            System.out.println("Report    " + LabHome.root().relativize(page));
        }
        return 0;
    }
}
