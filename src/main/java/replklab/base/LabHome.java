package replklab.base;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The checkout that this program works in: where {@code experiments/}, {@code data/}, {@code results/} and
 * {@code mlruns/} lie. {@code lab} and the notebook kernel name it in the system property {@code replklab.home};
 * without it, the nearest folder upwards that holds {@code experiments/} and {@code pom.xml} is taken.
 */
public final class LabHome {
    /** Name of the system property. */
    public static final String PROPERTY = "replklab.home";

    private LabHome() {}

    /**
     * The root of the checkout, absolute.
     *
     * @throws LabException if there is none
     */
    public static Path root() {
        return find().orElseThrow(() -> new LabException("no RepLK Lab checkout at or above "
                + Path.of("").toAbsolutePath() + ": start through ./lab, or set -D" + PROPERTY
                + "=FOLDER to the folder that holds experiments/"));
    }

    /** The root of the checkout, if there is one: the library is also used without. */
    public static Optional<Path> find() {
        String named = System.getProperty(PROPERTY);
        if (named != null) {
            return Optional.of(Path.of(named).toAbsolutePath().normalize());
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("experiments")) && Files.exists(folder.resolve("pom.xml"))) {
                return Optional.of(folder);
            }
        }
        return Optional.empty();
    }

    /** A path under {@link #root()}. */
    public static Path resolve(String first, String... more) {
        Path path = root().resolve(first);
        for (String part : more) {
            path = path.resolve(part);
        }
        return path;
    }
}
