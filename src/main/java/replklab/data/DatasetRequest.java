package replklab.data;

import java.nio.file.Path;
import replklab.base.Options;

/**
 * What a data set is to be, for the {@link DatasetFactory} that opens it.
 *
 * @param options of the file besides its name and the limits on examples; each one there is must be asked for, since what nobody
 *     asked for is refused
 * @param home the root of the checkout, which relative paths begin at
 */
public record DatasetRequest(Options options, Path home) {
    /** A file or folder that an option names; must be given. */
    public Path path(String key) {
        return home.resolve(options.text(key));
    }
}
