package replklab.experiment;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import replklab.base.LabException;
import replklab.base.UsageException;

/** What to do with finished runs that were made by another library, with other settings or on other data. */
public enum Stale {
    /** Outside {@code full} they are run again; in {@code full}, where that may take an hour, it is an error that says what to choose. */
    ASK,
    /** They count as they are; the report says at which commits they were made. */
    KEEP,
    /** They are run again. */
    REPLACE;

    /** The environment variable that answers for notebooks: {@code ask}, {@code keep} or {@code replace}. */
    public static final String VARIABLE = "REPLKLAB_STALE";

    /** What {@link #VARIABLE} says, or {@link #ASK}. */
    public static Stale ofEnvironment() {
        return of(System.getenv(VARIABLE));
    }

    static Stale of(String name) {
        if (name == null || name.isBlank()) {
            return ASK;
        }
        List<String> names = Arrays.stream(values())
                .map(stale -> stale.name().toLowerCase(Locale.ROOT))
                .toList();
        if (!names.contains(name)) {
            throw UsageException.unknown(VARIABLE, name, names);
        }
        return values()[names.indexOf(name)];
    }

    /** The question of {@link #ASK}. */
    static LabException question(Experiment experiment, List<String> runs, String differences) {
        String command = experiment.command();
        String first = runs.size() > 3 ? String.join(", ", runs.subList(0, 3)) + ", ..." : String.join(", ", runs);
        return new LabException(
                ("%d of the runs in results/%s/%s are finished, but since then %s changed (%s). Choose:%n  %s --keep      counts them as they are%n  %s --fresh     runs everything again%n  %s --replace   runs again what does not match, and keeps the rest%nIn a notebook "
                                + VARIABLE + "=keep or replace, set where ./lab notebook is started, says the same.")
                        .formatted(
                                runs.size(),
                                experiment.place(),
                                experiment.name(),
                                differences,
                                first,
                                command,
                                command,
                                command));
    }
}
