package replklab.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What was done to the program in one case, told with every failure, and the random numbers that it is drawn from. The seed of all
 * cases is {@code -Dcrash.seed}; a case draws from that and its own name, so that one alone can be repeated.
 */
final class Story {
    /** Decides every random moment; another number in a nightly run breaks at other moments. */
    static final long SEED = Long.getLong("crash.seed", 16);

    private final String name;
    private final SplittableRandom random;
    private final List<String> events = new ArrayList<>();
    private final long begin = System.nanoTime();

    /** @param title of the case; its name is the same in small letters, digits and hyphens, as experiments are named */
    Story(String title) {
        this.name = title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        this.random = new SplittableRandom(SEED * 1_000_003L + name.hashCode());
    }

    String name() {
        return name;
    }

    SplittableRandom random() {
        return random;
    }

    /** One of several things. */
    @SafeVarargs
    final <T> T oneOf(T... things) {
        return things[random.nextInt(things.length)];
    }

    void tell(String event) {
        events.add("%.2f s: %s".formatted((System.nanoTime() - begin) / 1e9, event));
    }

    AssertionError failure(String what) {
        return new AssertionError(this + "\n" + what);
    }

    @Override
    public String toString() {
        return name + " of -Dcrash.seed=" + SEED + "\n  " + String.join("\n  ", events);
    }
}
