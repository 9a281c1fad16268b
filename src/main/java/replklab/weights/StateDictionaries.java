package replklab.weights;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import replklab.weights.TensorUnpickler.View;

/**
 * The dictionaries of weights in what a training saved: {@code {"model": {...}, "model_ema": {...}, "optimizer": {...}, ...}}, or
 * one alone. What an optimiser keeps is none: it goes by number.
 */
final class StateDictionaries {
    /** Deep enough for {@code {"checkpoint": {"ema": {"module": {...}}}}}. */
    private static final int DEPTH = 4;

    private final SequencedMap<String, Map<String, View>> found = new LinkedHashMap<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private StateDictionaries() {}

    /** The dictionaries by their path, such as {@code "ema.module"}; the whole object's is empty. */
    static SequencedMap<String, Map<String, View>> of(Map<?, ?> root) {
        StateDictionaries dictionaries = new StateDictionaries();
        dictionaries.look("", root, 0);
        return dictionaries.found;
    }

    /** Tells how many tensors were found below. */
    private int look(String path, Map<?, ?> map, int depth) {
        if (depth > DEPTH || !seen.add(map)) {
            return 0;
        }
        int below = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (entry.getKey() instanceof String key && entry.getValue() instanceof Map<?, ?> inner) {
                below += look(path.isEmpty() ? key : path + "." + key, inner, depth + 1);
            }
        }
        Map<String, View> tensors = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (key instanceof String name && value instanceof View view) {
                tensors.put(name, view);
            }
        });
        if (tensors.size() > below) { // else a random state beside weights, or a loss's history
            found.put(path, tensors);
        }
        return below + tensors.size();
    }

    /** What else lies where weights are looked for: classes of objects by their path. */
    static List<String> strangers(Map<?, ?> root) {
        List<String> words = new ArrayList<>();
        root.forEach((key, value) -> {
            if (value instanceof TensorUnpickler.Foreign foreign) {
                words.add(key + " (" + foreign.name() + ")");
            }
        });
        return words;
    }
}
