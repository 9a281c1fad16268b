package replklab.base;

/**
 * Makes what a name stands for: a lambda that a notebook registers, or a class with a public constructor without parameters.
 *
 * @param <R> what it gets
 * @param <P> what it makes
 */
public interface Factory<R, P> {
    /** Makes one. */
    P make(R asked);

    /** The name by which it is found where {@link java.util.ServiceLoader} finds it; the class's unless it says another. */
    default String name() {
        return getClass().getName();
    }
}
