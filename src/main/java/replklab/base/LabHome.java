package replklab.base;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The checkout that this program works in: where {@code experiments/}, {@code data/}, {@code results/} and
 * {@code mlruns/} lie. {@code lab} and the notebook kernel name it in the system property {@code replklab.home};
 * without it, the nearest folder upwards that holds {@code experiments/} and {@code pom.xml} is taken.
 */
public final class LabHome {
    /** Name of the system property. */
    public static final String PROPERTY = "replklab.home";

    private LabHome() {}

    /** The root of the checkout, absolute. */
    public static Path root() {
        String named = System.getProperty(PROPERTY);
        if (named != null) {
            return Path.of(named).toAbsolutePath().normalize();
        }
        Path start = Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("experiments")) && Files.exists(folder.resolve("pom.xml"))) {
                return folder;
            }
        }
        throw new LabException("no RepLK Lab checkout at or above " + start + ": start through ./lab, or set -D"
                + PROPERTY + "=FOLDER to the folder that holds experiments/");
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
