package replklab.base;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the names a user may have meant. */
public final class NearNames {
    private NearNames() {}

    /** Known names that contain {@code name} or lie within a third of its length in edit distance, nearest first. */
    public static List<String> of(String name, Collection<String> known) {
        String wanted = name.toLowerCase(Locale.ROOT);
        int reach = Math.max(2, wanted.length() / 3);
        return known.stream()
                .filter(candidate -> distance(wanted, candidate) <= reach
                        || (wanted.length() > 2
                                && candidate.toLowerCase(Locale.ROOT).contains(wanted)))
                .sorted(Comparator.<String>comparingInt(candidate -> distance(wanted, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(3)
                .toList();
    }

    static String message(String kind, String name, Collection<String> known) {
        String all = String.join(", ", known.stream().sorted().toList());
        if (name == null) {
            return "no %s is named (known: %s)".formatted(kind, all);
        }
        List<String> near = of(name, known);
        String hint = near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
        return "unknown %s '%s'%s (known: %s)".formatted(kind, Shown.of(name), hint, all);
    }

    private static int distance(String wanted, String candidate) {
        return LevenshteinDistance.getDefaultInstance().apply(wanted, candidate.toLowerCase(Locale.ROOT));
    }
}
