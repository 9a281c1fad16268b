package replklab.tracking;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import replklab.base.LabException;
import replklab.base.Shown;

/** MLflow's rules for the names of metrics, parameters and tags, and its limits on values. */
final class Names {
    static final int LONGEST_KEY = 250;
    static final int LONGEST_PARAM = 6000;
    static final int LONGEST_TAG = 8000;
    private static final String CUT = " [cut]";
    private static final Pattern ALLOWED = Pattern.compile("[/\\w.\\- :]+", Pattern.UNICODE_CHARACTER_CLASS);

    private Names() {}

    /** Refuses what the server would refuse, where the caller can still see it. */
    static void check(String key) {
        if (!ALLOWED.matcher(key).matches()) {
            throw new LabException("'" + key + "' is no name for a metric, parameter or tag: "
                    + "letters, digits, _ - . : / and spaces are allowed");
        }
        if (key.length() > LONGEST_KEY) {
            throw new LabException("the name '" + key.substring(0, 40) + "...' has " + key.length()
                    + " characters; a metric, parameter or tag may have " + LONGEST_KEY);
        }
        if (!isPlainPath(key)) {
            throw new LabException("'" + key + "' is no name for a metric, parameter or tag: "
                    + "as a path it would mean another name (no leading or doubled /, no . or .. parts)");
        }
    }

    /** Checks folder and name of an artifact and gives them back. */
    static String artifactPath(String folder, String name) {
        String path = folder.isEmpty() ? name : folder + "/" + name;
        // Control characters first: a path with NUL in it is none.
        if (path.chars().anyMatch(Character::isISOControl) || !isPlainPath(path) || path.contains("\\")) {
            throw new LabException("'" + Shown.of(path) + "' is no place for an artifact: "
                    + "it must be relative, without . or .. parts, \\ and control characters");
        }
        return path;
    }

    /** The value as it fits, with a mark where it was cut; the run's own folder keeps all of it. */
    static String cut(String value, int longest) {
        return value.length() <= longest ? value : value.substring(0, longest - CUT.length()) + CUT;
    }

    private static boolean isPlainPath(String path) {
        return !path.endsWith("/")
                && List.of(path.split("/")).stream()
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."))
                && !Path.of(path).isAbsolute();
    }
}
