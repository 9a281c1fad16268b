package replklab.base;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * What can be named of one kind, such as models: the library's own, what was registered while the program runs, what
 * {@link ServiceLoader} finds, and any class that fits, by its full name.
 *
 * @param <R> what a factory gets
 * @param <P> what it makes
 * @param <F> the kind of its factories
 */
public final class Registry<R, P, F extends Factory<R, P>> {
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_.-]*");

    /**
     * What a name stands for.
     *
     * @param name as it was asked for
     * @param factory makes it
     * @param code identifies the code behind it: a digest of classes, or of a version; empty where it is the library's own. Where
     *     nobody can tell, it is another one in each process and at each registration
     */
    public record Found<F>(String name, F factory, String code) {}

    /** Makes a factory of a class whose objects are products. */
    public interface Adapter<R, P, F> {
        /** The factory that does the same as another one. */
        F of(Factory<R, P> make);
    }

    private final String kind;
    private final Class<F> factories;
    private final Class<P> products;
    private final Class<R> asked;
    private final Adapter<R, P, F> adapter;
    private final Map<String, F> own = new LinkedHashMap<>();
    private final Map<String, Found<F>> registered = new ConcurrentHashMap<>();
    private final Map<Class<?>, String> unreadable = new ConcurrentHashMap<>();

    /**
     * A registry.
     *
     * @param kind in messages, such as {@code "model"}
     * @param factories the kind of factories, which {@link ServiceLoader} is asked for
     * @param products what a class may be in place of a factory, with a public constructor that takes what factories get or
     *     nothing
     * @param asked what factories get
     * @param own the library's, by name
     */
    public Registry(
            String kind,
            Class<F> factories,
            Class<P> products,
            Class<R> asked,
            Adapter<R, P, F> adapter,
            Map<String, ? extends F> own) {
        this.kind = kind;
        this.factories = factories;
        this.products = products;
        this.asked = asked;
        this.adapter = adapter;
        this.own.putAll(own);
    }

    /**
     * Gives a factory a name, from now on and in place of what had it.
     *
     * @param version says which code this is: results of a run count for another one with the same version; empty where nobody
     *     says, then they count until the name is registered again or the process ends
     * @throws UsageException if the name is one of the library's, or no name
     */
    public void register(String name, String version, F factory) {
        if (own.containsKey(name)) {
            throw new UsageException("'" + name + "' is a " + kind + " of the library; give yours another name");
        }
        if (!NAME.matcher(name).matches()) {
            throw new UsageException("a " + kind + " cannot be called '" + Shown.of(name)
                    + "'; a name is made of letters, digits and . _ -, and begins with a letter");
        }
        String code = version.isBlank() ? "registered " + UUID.randomUUID() : "version " + version.strip();
        registered.put(name, new Found<>(name, factory, code));
    }

    /** The names that are known without the classes, the library's first. */
    public List<String> names() {
        List<String> names = new ArrayList<>(own.keySet());
        names.addAll(new TreeSet<>(registered.keySet()));
        return names;
    }

    /** Whether a name is one of the library's own. */
    public boolean isOwn(String name) {
        return own.containsKey(name);
    }

    /**
     * What a name stands for; empty if nothing has it.
     *
     * @param classes where the user's classes lie
     * @throws UsageException for a class of that name that is no such thing
     */
    public Optional<Found<F>> find(String name, UserClasses classes) {
        if (own.containsKey(name)) {
            return Optional.of(new Found<>(name, own.get(name), ""));
        }
        if (registered.containsKey(name)) {
            return Optional.of(registered.get(name));
        }
        return provided(name, classes).or(() -> ofClass(name, classes));
    }

    /**
     * The same, or the error for a name that nothing has.
     *
     * @param key of the file, such as {@code "model.name"}
     */
    public Found<F> require(String key, String name, UserClasses classes) {
        return find(name, classes)
                .orElseThrow(() -> new UsageException(key + ": "
                        + UsageException.unknown(kind, name, known(classes)).getMessage()
                        + (name.contains(".") && classes.places().isEmpty()
                                ? "; no class has that name: classPath, or --class-path, says where classes of your own lie"
                                : "")));
    }

    /**
     * Makes what was found. What a user's code throws becomes an error that says whose it is.
     *
     * @param options in the request: each that was given must have been asked for
     * @throws UsageException also if the factory fails otherwise than by a {@link LabException}, or gives nothing
     */
    public P make(Found<F> found, R request, Options options) {
        try {
            P made = found.factory().make(request);
            if (made == null) {
                throw new UsageException(kind + " '" + found.name() + "' cannot be made: its factory gives null");
            }
            options.requireAllAsked();
            return made;
        } catch (LabException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            UsageException error = new UsageException(
                    kind + " '" + found.name() + "' cannot be made: " + Shown.inLine(String.valueOf(e)) + place(e));
            error.initCause(e);
            throw error;
        }
    }

    /** Where the user's code threw it: the first line that is not Java's own. */
    private static String place(Throwable error) {
        return Arrays.stream(error.getStackTrace())
                .filter(frame ->
                        frame.getFileName() != null && !frame.getClassName().matches("(java|jdk)[.].*"))
                .findFirst()
                .map(frame -> " (" + frame.getFileName() + ", line " + frame.getLineNumber() + ")")
                .orElse("");
    }

    private List<String> known(UserClasses classes) {
        List<String> known = new ArrayList<>(names());
        known.addAll(classes.names());
        return known;
    }

    private Optional<Found<F>> provided(String name, UserClasses classes) {
        try {
            for (F each : ServiceLoader.load(factories, classes.loader())) {
                if (each.name().equals(name)) {
                    return Optional.of(new Found<>(name, each, code(each.getClass(), classes)));
                }
            }
            return Optional.empty();
        } catch (ServiceConfigurationError e) {
            throw new UsageException(
                    "META-INF/services/" + factories.getName() + " names what is no " + kind + ": " + e.getMessage());
        }
    }

    private Optional<Found<F>> ofClass(String name, UserClasses classes) {
        return classes.find(name).map(type -> {
            if (!factories.isAssignableFrom(type) && !products.isAssignableFrom(type)) {
                throw new UsageException("the class " + name + " is no " + kind + "; it must be " + allowed());
            }
            if (Modifier.isAbstract(type.getModifiers())) {
                throw new UsageException("the class " + name + " is abstract, so there is no " + kind + " of it");
            }
            return new Found<>(name, factory(type), code(type, classes));
        });
    }

    private F factory(Class<?> type) {
        if (factories.isAssignableFrom(type)) {
            Constructor<?> plain = constructor(type).orElseThrow(() -> lacks(type));
            return factories.cast(made(plain));
        }
        Optional<Constructor<?>> taking = constructor(type, asked);
        Constructor<?> constructor = taking.or(() -> constructor(type)).orElseThrow(() -> lacks(type));
        return adapter.of(
                request -> products.cast(taking.isPresent() ? made(constructor, request) : made(constructor)));
    }

    private UsageException lacks(Class<?> type) {
        return new UsageException("the class " + type.getName()
                + " has no public constructor that fits, or is not public" + " itself; a " + kind + " is " + allowed());
    }

    private String allowed() {
        String factory =
                "a public class that implements " + factories.getName() + ", with a constructor without parameters";
        return Modifier.isFinal(products.getModifiers())
                ? factory
                : "a public class that is a " + products.getName() + ", with a public constructor that takes a "
                        + asked.getName() + " or nothing; or " + factory;
    }

    private static Optional<Constructor<?>> constructor(Class<?> type, Class<?>... parameters) {
        try {
            return Modifier.isPublic(type.getModifiers())
                    ? Optional.of(type.getConstructor(parameters))
                    : Optional.empty();
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        } catch (LinkageError e) {
            throw new UsageException("the class " + type.getName() + " cannot be used: " + e);
        }
    }

    private static Object made(Constructor<?> constructor, Object... arguments) {
        try {
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case RuntimeException thrown -> throw thrown;
                case Error thrown -> throw thrown;
                case Throwable thrown -> throw new LabException(String.valueOf(thrown), thrown);
            }
        } catch (ReflectiveOperationException e) {
            throw new UsageException(
                    "the class " + constructor.getDeclaringClass().getName() + " cannot be used: " + e);
        }
    }

    private String code(Class<?> type, UserClasses classes) {
        return UserClasses.isOfLibrary(type)
                ? ""
                : classes.digest(type)
                        .orElseGet(() -> unreadable.computeIfAbsent(type, _ -> "unreadable " + UUID.randomUUID()));
    }
}
