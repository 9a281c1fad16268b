package replklab.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Some tensors of a weights file, perhaps under other names. */
public interface RenamedWeights extends WeightsFile {
    /** The file that holds them. */
    WeightsFile file();

    /** Each tensor's name in the file by its name here. */
    SequencedMap<String, String> sources();

    @Override
    default SequencedMap<String, Info> tensors() {
        Map<String, Info> all = file().tensors();
        SequencedMap<String, Info> tensors = new LinkedHashMap<>();
        sources().forEach((name, source) -> tensors.put(name, all.get(source)));
        return Collections.unmodifiableSequencedMap(tensors);
    }

    @Override
    default Map<String, String> metadata() {
        return file().metadata();
    }

    @Override
    default float[] floats(String name) {
        return file().floats(sources().get(name));
    }

    @Override
    default long[] integers(String name) {
        return file().integers(sources().get(name));
    }

    @Override
    default void close() {
        file().close();
    }
}
