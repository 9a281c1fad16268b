package replklab.experiment;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import replklab.base.UsageException;

/** How much work an experiment may be. The profile changes sizes and seeds, never what is compared. */
public enum Profile {
    /** Seconds: for tests. */
    SMOKE,
    /** Minutes: the default. */
    QUICK,
    /** What is committed: at least five seeds. */
    FULL,
    /** The paper's data and schedule, in files that have it: years of two cores, so it wants a cluster. */
    PAPER;

    /** The environment variable that names the profile of a notebook. */
    public static final String VARIABLE = "REPLKLAB_PROFILE";

    /** The profile of a name as the user writes it. */
    public static Profile of(String name) {
        for (Profile profile : values()) {
            if (profile.toString().equals(name)) {
                return profile;
            }
        }
        throw UsageException.unknown("profile", name, names());
    }

    /** The profile that {@link #VARIABLE} names, or quick. */
    public static Profile ofEnvironment() {
        String name = System.getenv(VARIABLE);
        return name == null || name.isBlank() ? QUICK : of(name);
    }

    /** Those that every file with profiles has. */
    public static List<Profile> required() {
        return List.of(SMOKE, QUICK, FULL);
    }

    /** Every name. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Profile::toString).toList();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
