package replklab.weights;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What wraps a network while it is trained puts something before its weights' names: PyTorch's data parallel, compiled, sharded
 * and averaged modules, and those of the field's frameworks.
 */
final class Wrappers {
    /** May be at any place, as a part of a network can be wrapped. */
    private static final Pattern INSIDE = Pattern.compile(
            "(^|\\.)(_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module|_forward_module)(?=\\.)");

    /** Stand before all names. */
    private static final Set<String> AROUND = Set.of("module", "model", "net", "network");

    /** Several networks of the same names, of which all but one follow slowly. */
    private static final Pattern AVERAGED =
            Pattern.compile(".*(ema|averaged|online|target|student|teacher|momentum|encoder_[qk]).*");

    /** How often an averaged module was brought up to date, and the like; it has no part in the network. */
    private static final Set<String> COUNTERS =
            Set.of("n_averaged", "steps", "step", "initted", "num_updates", "decay");

    private Wrappers() {}

    /**
     * Takes off what wraps.
     *
     * @param names of tensors
     * @return by what stands before the names of several networks of the same names, empty for one: the tensors' names in {@code names} by
     *     their names without wrappers
     */
    static SequencedMap<String, SequencedMap<String, String>> unwrapped(Collection<String> names) {
        SequencedMap<String, String> sources = new LinkedHashMap<>();
        names.forEach(name -> sources.put(withoutInside(name), name));
        SequencedMap<String, SequencedMap<String, String>> found = new LinkedHashMap<>();
        collect("", sources, found);
        return found;
    }

    private static String withoutInside(String name) {
        String inner = INSIDE.matcher(name).replaceAll("");
        return inner.startsWith(".") ? inner.substring(1) : inner;
    }

    private static void collect(
            String label,
            SequencedMap<String, String> sources,
            SequencedMap<String, SequencedMap<String, String>> found) {
        SequencedMap<String, SequencedMap<String, String>> groups = groups(sources);
        List<String> first = List.copyOf(groups.keySet());
        if (first.size() == 1 && (AROUND.contains(first.getFirst()) || isAveraged(first.getFirst()))) {
            collect(label, groups.firstEntry().getValue(), found);
        } else if (first.size() > 1
                && first.stream().allMatch(each -> AROUND.contains(each) || isAveraged(each))
                && groups.values().stream().map(Map::keySet).distinct().count() == 1) {
            groups.forEach((each, inner) -> collect(label.isEmpty() ? each : label + "." + each, inner, found));
        } else {
            found.put(label, sources);
        }
    }

    private static boolean isAveraged(String name) {
        return AVERAGED.matcher(name).matches();
    }

    /** Names without their first part, by it; {@link #COUNTERS} are left away, and any other name without parts is a group of its own. */
    private static SequencedMap<String, SequencedMap<String, String>> groups(SequencedMap<String, String> sources) {
        SequencedMap<String, SequencedMap<String, String>> groups = new LinkedHashMap<>();
        sources.forEach((name, source) -> {
            int dot = name.indexOf('.');
            if (dot > 0) {
                groups.computeIfAbsent(name.substring(0, dot), key -> new LinkedHashMap<>())
                        .put(name.substring(dot + 1), source);
            } else if (!COUNTERS.contains(name)) {
                groups.put(name, new LinkedHashMap<>());
            }
        });
        return groups;
    }
}
