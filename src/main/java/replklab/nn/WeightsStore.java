package replklab.nn;

import java.nio.file.Path;
import java.util.ServiceLoader;

/** Reads and writes networks' weights: what {@link Layer#save} and {@link Layer#load} hand over to, found as a service. */
public interface WeightsStore {
    /** The one that is there. */
    static WeightsStore found() {
        return ServiceLoader.load(WeightsStore.class, WeightsStore.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nothing that reads weights files is on the class path"));
    }

    /** Writes all parameters and buffers. */
    void save(Layer network, Path file);

    /** Overwrites all parameters and buffers, or none if they do not fit. */
    void load(Layer network, Path file);
}
