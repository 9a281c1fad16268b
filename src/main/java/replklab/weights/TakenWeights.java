package replklab.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import replklab.base.LabException;
import replklab.base.UsageException;

/** Those weights of a file that are meant, under a network's own names: no wrapper's, and one network's where there are several. */
record TakenWeights(WeightsFile file, SequencedMap<String, String> sources, Choice choice) implements RenamedWeights {
    /** Names of what is taken by itself, the first that there is. */
    private static final List<String> USUAL = List.of(
            "model",
            "module",
            "state_dict",
            "model_state_dict",
            "model_state",
            "net",
            "network",
            "online_model",
            "student",
            "encoder_q",
            "weights",
            "params",
            "");

    /**
     * Chooses.
     *
     * @param which a name of those that {@link Choice#others} gives; empty for the usual one
     * @throws UsageException if there is none of that name
     */
    static TakenWeights of(WeightsFile file, Path path, String which) {
        SequencedMap<String, SequencedMap<String, String>> all = networks(file);
        if (all.isEmpty()) {
            throw new LabException("weights file " + path + " holds no tensors");
        }
        String taken = which.isEmpty() ? usual(all) : which;
        if (!all.containsKey(taken)) {
            throw UsageException.unknown(
                    "--which",
                    which,
                    all.sequencedKeySet().stream()
                            .filter(name -> !name.isEmpty())
                            .toList());
        }
        List<String> others = new ArrayList<>(all.sequencedKeySet());
        others.remove(taken);
        return new TakenWeights(file, all.get(taken), new Choice(taken, others));
    }

    private static SequencedMap<String, SequencedMap<String, String>> networks(WeightsFile file) {
        SequencedMap<String, SequencedMap<String, String>> all = new LinkedHashMap<>();
        file.dictionaries().forEach((dictionary, members) -> {
            String prefix = dictionary.isEmpty() ? "" : dictionary + ".";
            List<String> names = members.stream()
                    .map(name -> name.substring(prefix.length()))
                    .toList();
            Wrappers.unwrapped(names).forEach((label, sources) -> {
                SequencedMap<String, String> full = new LinkedHashMap<>();
                sources.forEach((name, source) -> full.put(name, prefix + source));
                all.put(label.isEmpty() ? dictionary : prefix + label, full);
            });
        });
        return all;
    }

    /** A usual name is no reason to take what is much less than something else in the file. */
    private static String usual(SequencedMap<String, SequencedMap<String, String>> all) {
        int most = all.values().stream().mapToInt(Map::size).max().orElseThrow();
        for (String name : USUAL) {
            for (String there : all.keySet()) {
                if (there.substring(there.lastIndexOf('.') + 1).equals(name)
                        && all.get(there).size() * 2 >= most) {
                    return there;
                }
            }
        }
        return Collections.max(
                        all.sequencedEntrySet().reversed(), // of equals the first in the file
                        Map.Entry.comparingByValue((a, b) -> Integer.compare(a.size(), b.size())))
                .getKey();
    }

    @Override
    public WeightsFile whole() {
        return file;
    }
}
