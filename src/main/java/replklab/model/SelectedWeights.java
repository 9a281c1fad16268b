package replklab.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import replklab.base.Shown;
import replklab.nn.Layer;

/**
 * Some tensors of a weights file, perhaps under other names: a backbone's out of a larger network's. The file itself stays
 * its opener's to close.
 *
 * @param file that holds them
 * @param sources each tensor's name in the file by its name here
 */
record SelectedWeights(WeightsFile file, SequencedMap<String, String> sources) implements WeightsFile {
    /** What MMSegmentation and MMDetection put before the names of a backbone's weights. */
    static final String WRAPPER = "backbone.";

    private static final int SHOWN = 20;

    /** A file's tensors; of one in which a backbone stands beside heads, those of the backbone under their usual names. */
    static SelectedWeights unwrapped(WeightsFile file) {
        Set<String> names = file.tensors().keySet();
        String prefix = names.stream().anyMatch(name -> name.startsWith(WRAPPER)) ? WRAPPER : "";
        SequencedMap<String, String> sources = new LinkedHashMap<>();
        names.stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> sources.put(name.substring(prefix.length()), name));
        return new SelectedWeights(file, sources);
    }

    /** Those but a classifier's final norm and head. */
    SelectedWeights withoutHead() {
        SequencedMap<String, String> others = new LinkedHashMap<>(sources);
        others.keySet().removeIf(name -> name.startsWith("head.") || name.startsWith("norm."));
        return new SelectedWeights(file, others);
    }

    /** Those that a network has, with PyTorch's counters of its norms. */
    SelectedWeights only(Layer network) {
        Map<String, Layer.Variable> state = network.state();
        SequencedMap<String, String> own = new LinkedHashMap<>();
        sources.forEach((name, source) -> {
            if (state.containsKey(name)
                    || Weights.isCounter(name, file.tensors().get(source), state)) {
                own.put(name, source);
            }
        });
        return new SelectedWeights(file, own);
    }

    /** What else the file holds, by the first part of the names, such as {@code "decode_head.* (41 tensors)"}. */
    List<String> leftOut() {
        List<String> others = new ArrayList<>(file.tensors().keySet());
        others.removeAll(Set.copyOf(sources.values()));
        Map<String, Integer> groups = new TreeMap<>();
        for (String name : others) {
            int dot = name.indexOf('.');
            groups.merge(dot < 0 ? name : name.substring(0, dot) + ".*", 1, Integer::sum);
        }
        List<String> words = new ArrayList<>();
        groups.entrySet().stream()
                .limit(SHOWN)
                .forEach(group -> words.add(Shown.of(group.getKey()) + " (" + group.getValue()
                        + (group.getValue() == 1 ? " tensor)" : " tensors)")));
        if (groups.size() > SHOWN) {
            words.add(groups.size() - SHOWN + " more");
        }
        return words;
    }

    @Override
    public SequencedMap<String, Info> tensors() {
        SequencedMap<String, Info> tensors = new LinkedHashMap<>();
        sources.forEach((name, source) -> tensors.put(name, file.tensors().get(source)));
        return Collections.unmodifiableSequencedMap(tensors);
    }

    @Override
    public Map<String, String> metadata() {
        return file.metadata();
    }

    @Override
    public float[] floats(String name) {
        return file.floats(sources.get(name));
    }

    @Override
    public long[] integers(String name) {
        return file.integers(sources.get(name));
    }

    @Override
    public void close() {
        file.close();
    }
}
