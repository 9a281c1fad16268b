package replklab.tracking;

import java.util.Objects;
import replklab.base.LabException;

/**
 * A data set that a run read, as MLflow lists it among the run's inputs.
 *
 * @param name such as {@code fashion-mnist}, at most 500 characters
 * @param digest identifies the content, such as a SHA-256; MLflow keeps its first 36 characters, the run's folder all
 * @param source where it lies, a path or URL
 * @param schema JSON about columns or shapes, or empty
 * @param profile JSON about sizes, such as the number of images, or empty
 * @param context what it was used for: {@code train} or {@code test}
 */
public record DatasetInput(String name, String digest, String source, String schema, String profile, String context) {
    private static final int LONGEST_NAME = 500;

    public DatasetInput {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(profile, "profile");
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            throw new LabException("data set name '" + name + "' must have 1 to " + LONGEST_NAME + " characters");
        }
        if (digest.isBlank()) {
            throw new LabException("data set '" + name + "' needs a digest of its content");
        }
        if (context.isBlank()) {
            throw new LabException("data set '" + name + "' needs a context such as train or test");
        }
    }
}
