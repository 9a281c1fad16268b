package replklab.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import replklab.base.LabException;
import replklab.base.Shown;

/** Whether tensors that are to be loaded are those that a model, or a training, has. */
public final class StateMatch {
    private static final int SHOWN = 20;

    private StateMatch() {}

    /**
     * Throws unless both have the same names with the same shapes.
     *
     * @param own the sizes that are there, by name
     * @param given the sizes that are to be loaded, by name
     * @param refusal how the message begins
     * @throws LabException naming what is missing, surplus or of another shape, all at once
     */
    public static void require(Map<String, int[]> own, Map<String, int[]> given, String refusal) {
        List<String> problems = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(own.keySet());
        names.addAll(given.keySet());
        for (String name : names) {
            if (!given.containsKey(name)) {
                problems.add("missing: " + Shown.of(name));
            } else if (!own.containsKey(name)) {
                problems.add("surplus: " + Shown.of(name));
            } else if (!Arrays.equals(own.get(name), given.get(name))) {
                problems.add("shape of " + name + " is " + text(given.get(name)) + ", the model's is "
                        + text(own.get(name)));
            }
        }
        if (!problems.isEmpty()) {
            String shown = problems.stream().limit(SHOWN).collect(Collectors.joining("; "));
            int more = problems.size() - SHOWN;
            throw new LabException(refusal + "; " + shown + (more > 0 ? "; and " + more + " more" : ""));
        }
    }

    private static String text(int[] sizes) {
        return Arrays.stream(sizes).mapToObj(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }
}
