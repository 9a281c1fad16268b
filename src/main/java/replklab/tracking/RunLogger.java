package replklab.tracking;

import java.nio.file.Path;
import java.util.Map;

/**
 * Takes down what a run does. Every operation returns as soon as the entry is safe from the death of this process; none
 * waits for a network. Implementations may be called from several threads.
 *
 * <p>All operations throw {@link replklab.base.LabException} when the entry cannot be written, which names the file, or
 * when a name is not one that MLflow accepts.
 */
public interface RunLogger {
    /** Parameters, fixed for the whole run: giving one a second value is an error. Values are logged as text. */
    void params(Map<String, ?> params);

    /** Tags; a later value replaces an earlier one. */
    void tags(Map<String, String> tags);

    /** Values of this moment at a step or epoch; NaN and infinities are values like others. */
    void metrics(Map<String, Double> values, long step);

    /** One value of this moment at a step or epoch. */
    default void metric(String name, double value, long step) {
        metrics(Map.of(name, value), step);
    }

    /** A data set that the run reads. */
    void dataset(DatasetInput input);

    /**
     * A file that the run made; it is copied, so it may change or vanish afterwards.
     *
     * @param file the file, logged under its own name
     * @param folder the folder among the run's artifacts, with {@code /} between its parts; empty for the top
     */
    void artifact(Path file, String folder);

    /**
     * Text as a file among the run's artifacts.
     *
     * @param path folder and name, with {@code /} between its parts
     */
    void artifactText(String path, String text);

    /** The run is over. What comes after it is an error; a second end is ignored. */
    void end(RunStatus status);
}
