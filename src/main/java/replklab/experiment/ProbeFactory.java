package replklab.experiment;

import replklab.base.Factory;
import replklab.base.Options;

/** Makes a {@link Probe} from the options that stand below its name. */
@FunctionalInterface
public interface ProbeFactory extends Factory<Options, Probe> {
    /**
     * Makes one.
     *
     * @param asked its options; each one there is must be asked for
     */
    @Override
    Probe make(Options asked);
}
