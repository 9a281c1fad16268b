package replklab.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import replklab.base.LabException;
import replklab.base.WholeFile;
import replklab.table.Csv;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * {@code results/ledger.csv}: every attempt to confirm a claim, the ones that were given up too, in the order in which they were made. It is
 * committed, and only ever grows; what stands in it was looked at, so that its seeds confirm nothing any more.
 */
public final class Ledger {
    /** The file's name in {@code results/}. */
    public static final String FILE = "ledger.csv";

    private static final Pattern SEEDS = Pattern.compile("(\\d+)(?: to (\\d+))?");

    private final Path file;

    /** What became of an attempt. */
    public enum Status {
        /** Looked at before there were protocols: results that a design may have been chosen by. */
        EXPLORED,
        /** A confirmation that goes on, or was stopped and may go on. */
        BEGUN,
        /** A confirmation that came to its end. */
        CONFIRMED,
        /** A confirmation that was begun and will not be ended, as its protocol was changed. */
        GIVEN_UP;

        /** As the file has it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        private static Status of(String words) {
            for (Status status : values()) {
                if (status.toString().equals(words)) {
                    return status;
                }
            }
            throw new IllegalArgumentException("'" + words + "' is no status of an attempt");
        }
    }

    /**
     * An attempt.
     *
     * @param date when
     * @param experiment its name
     * @param protocol the start of the SHA-256 of the resolved configuration, claims and margins included
     * @param commit of the code that ran
     * @param firstSeed the first of its seeds
     * @param n how many there are, one after the other
     * @param status what became of it
     * @param verdict of the primary claim by itself, or what was said of the effects; empty while there is none
     */
    public record Entry(
            LocalDate date,
            String experiment,
            String protocol,
            String commit,
            long firstSeed,
            int n,
            Status status,
            String verdict) {
        /** Its seeds in words: {@code "51 to 58"}. */
        public String seeds() {
            return n == 1 ? Long.toString(firstSeed) : firstSeed + " to " + (firstSeed + n - 1);
        }

        /** Whether any of some seeds is one of its own. */
        public boolean used(long first, int number) {
            return firstSeed < first + number && first < firstSeed + n;
        }

        /** Whether it is of the same protocol, code and seeds: the same attempt, at another time. */
        public boolean sameAs(Entry other) {
            return experiment.equals(other.experiment)
                    && protocol.equals(other.protocol)
                    && firstSeed == other.firstSeed
                    && n == other.n;
        }

        /** The same attempt later on. */
        public Entry later(LocalDate when, Status became, String found) {
            return new Entry(when, experiment, protocol, commit, firstSeed, n, became, found);
        }
    }

    /**
     * The ledger of a folder of results.
     *
     * @param results the folder {@code results/}
     */
    public Ledger(Path results) {
        file = results.resolve(FILE);
    }

    /**
     * All attempts, the oldest first; none without a file.
     *
     * @throws LabException if the file is not what this class writes
     */
    public List<Entry> entries() {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        try {
            Csv.read(file).forEach(row -> entries.add(entry(row)));
        } catch (IllegalArgumentException | IllegalStateException | DateTimeException e) {
            throw new LabException(file + " cannot be read: line " + (entries.size() + 2) + ": " + e.getMessage(), e);
        }
        return List.copyOf(entries);
    }

    /** The last attempt of an experiment. */
    public Optional<Entry> last(String experiment) {
        return entries().stream()
                .filter(entry -> entry.experiment().equals(experiment))
                .reduce((_, later) -> later);
    }

    /** The line of the file, from 1 for the first attempt, that an experiment's last confirmation stands in; empty if it has none. */
    public Optional<Integer> confirmation(String experiment) {
        List<Entry> entries = entries();
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).experiment().equals(experiment) && entries.get(i).status() == Status.CONFIRMED) {
                return Optional.of(i + 1);
            }
        }
        return Optional.empty();
    }

    /** Writes an attempt below the others. */
    public void append(Entry entry) {
        List<Entry> all = new ArrayList<>(entries());
        all.add(entry);
        try {
            WholeFile.replace(file, Csv.of(table(all)).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new LabException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /** Attempts as a table, a row each, as the file has them. */
    static Table table(List<Entry> entries) {
        return Table.create(
                "ledger",
                texts("date", entries, entry -> entry.date().toString()),
                texts("experiment", entries, Entry::experiment),
                texts("protocol", entries, Entry::protocol),
                texts("commit", entries, Entry::commit),
                texts("seeds", entries, Entry::seeds),
                IntColumn.create("n", entries.stream().mapToInt(Entry::n)),
                texts("status", entries, entry -> entry.status().toString()),
                texts("verdict", entries, Entry::verdict));
    }

    private static StringColumn texts(String name, List<Entry> entries, Function<Entry, String> cell) {
        return StringColumn.create(name, entries.stream().map(cell));
    }

    private static Entry entry(Row row) {
        Matcher seeds = SEEDS.matcher(row.getString("seeds"));
        if (!seeds.matches()) {
            throw new IllegalArgumentException("'" + row.getString("seeds") + "' are no seeds, such as 51 to 58");
        }
        long first = Long.parseLong(seeds.group(1));
        long last = seeds.group(2) == null ? first : Long.parseLong(seeds.group(2));
        return new Entry(
                LocalDate.parse(row.getString("date")),
                row.getString("experiment"),
                row.getString("protocol"),
                row.getString("commit"),
                first,
                Math.toIntExact(last - first + 1),
                Status.of(row.getString("status")),
                row.getString("verdict"));
    }
}
