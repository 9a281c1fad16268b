package replklab.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import replklab.base.Provenance;

/**
 * A finished benchmark.
 *
 * @param kind what was benchmarked
 * @param command the command line that repeats it
 * @param cases what was measured, in order
 * @param results one a case
 * @param peak the machine's, measured in the same run
 * @param threads how many everybody had
 * @param load share of the processors that something else used before it began, 0 to 1; NaN where it cannot be told
 * @param provenance commit, JDK, machine
 */
public record BenchRun(
        BenchKind kind,
        String command,
        List<BenchCase> cases,
        List<CaseResult> results,
        FmaPeak peak,
        int threads,
        double load,
        Provenance provenance) {
    public BenchRun {
        cases = List.copyOf(cases);
        results = List.copyOf(results);
        if (cases.size() != results.size()) {
            throw new IllegalArgumentException(cases.size() + " cases and " + results.size() + " results");
        }
    }

    /** As the command line and the files name it. */
    public String name() {
        return kind.key();
    }

    /** One implementation in one case. */
    public record Row(BenchCase what, Measured measured) {
        public double milliseconds() {
            return measured.timing().median();
        }
    }

    /** Every row, case by case. */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            for (Measured measured : results.get(i).measured()) {
                rows.add(new Row(cases.get(i), measured));
            }
        }
        return rows;
    }

    /** The versions of the peers that took part, by name. */
    public SequencedMap<String, String> versions() {
        SequencedMap<String, String> versions = new LinkedHashMap<>();
        rows().stream()
                .filter(row -> !row.measured().version().isEmpty())
                .forEach(row -> versions.put(
                        row.measured().implementation(), row.measured().version()));
        return versions;
    }

    /** Why somebody is missing: reasons by implementation and variant, with the number of cases. */
    public Map<String, Integer> leftOut() {
        Map<String, Integer> reasons = new LinkedHashMap<>();
        for (CaseResult result : results) {
            for (LeftOut one : result.leftOut()) {
                String who =
                        one.variant().isEmpty() ? one.implementation() : one.implementation() + ", " + one.variant();
                reasons.merge(who + ": " + one.reason(), 1, Integer::sum);
            }
        }
        return reasons;
    }
}
