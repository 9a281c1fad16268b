package replklab.base;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Classes that are not the library's: the places where a file or a command line says that they lie, and what is on the class path
 * of the process anyway. A place is a jar, a folder of compiled classes, or a folder of Java files, which are compiled.
 */
public final class UserClasses {
    /** No places; the classes of the process alone. */
    public static final UserClasses NONE = new UserClasses(List.of(), "", parent());

    private static final int MOST_NAMES = 500;
    private static final String CLASS = ".class";

    /** Places by what they are and hold: classes that were compiled anew are other classes. */
    private static final Map<String, UserClasses> KNOWN = new LinkedHashMap<>();

    private final List<Path> places;
    private final String digest;
    private final ClassLoader loader;

    private UserClasses(List<Path> places, String digest, ClassLoader loader) {
        this.places = places;
        this.digest = digest;
        this.loader = loader;
    }

    /** In a notebook the classes that it added are those of the thread. */
    private static ClassLoader parent() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? UserClasses.class.getClassLoader() : context;
    }

    /**
     * The classes in some places.
     *
     * @param places jars and folders
     * @throws UsageException naming a place that does not exist or is neither; with the compiler's words if Java files do not compile
     */
    public static synchronized UserClasses of(List<Path> places) {
        if (places.isEmpty()) {
            return new UserClasses(List.of(), "", parent());
        }
        List<Path> compiled = new ArrayList<>();
        for (Path place : places) {
            require(place);
            List<Path> sources = Files.isDirectory(place) ? SourceFolder.sources(place) : List.of();
            compiled.add(sources.isEmpty() ? place : SourceFolder.compiled(sources, others(places, place)));
        }
        String digest = digest(compiled);
        return KNOWN.computeIfAbsent(
                places + digest, _ -> new UserClasses(List.copyOf(places), digest, loader(compiled)));
    }

    /** The same as a file names them, absolute. */
    @JsonCreator
    static UserClasses named(List<String> places) {
        return of(places.stream().map(Path::of).toList());
    }

    private static void require(Path place) {
        if (!Files.exists(place)) {
            throw new UsageException("classPath names " + place + ", which does not exist");
        }
        boolean jar = String.valueOf(place.getFileName()).endsWith(".jar");
        if (!Files.isDirectory(place) && !jar) {
            throw new UsageException(
                    "classPath names " + place + ", which is neither a folder nor a jar; it names folders of classes or"
                            + " of Java files, and jars");
        }
    }

    private static List<Path> others(List<Path> places, Path but) {
        return places.stream().filter(place -> !place.equals(but)).toList();
    }

    private static ClassLoader loader(List<Path> places) {
        URL[] urls = places.stream().map(UserClasses::url).toArray(URL[]::new);
        return new URLClassLoader("user", urls, parent());
    }

    private static URL url(Path place) {
        try {
            return place.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("every file has an address", e);
        }
    }

    /**
     * Splits a class path as Java's own command line has it; {@code FOLDER/*} names every jar in a folder.
     *
     * @param base what relative places are relative to
     */
    public static List<Path> split(String path, Path base) {
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(place -> !place.isBlank())
                .flatMap(place -> expanded(place, base))
                .toList();
    }

    /** One place of a class path. */
    public static Stream<Path> expanded(String place, Path base) {
        if (!place.endsWith("/*")) {
            return Stream.of(base.resolve(place).toAbsolutePath().normalize());
        }
        Path folder = base.resolve(place.substring(0, place.length() - 2))
                .toAbsolutePath()
                .normalize();
        require(folder);
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).endsWith(".jar")).sorted().toList().stream();
        } catch (IOException e) {
            throw new LabException("cannot list " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Where they lie, besides the class path of the process. */
    public List<Path> places() {
        return places;
    }

    /** What loads them. */
    public ClassLoader loader() {
        return loader;
    }

    /** A class by its full name; empty if there is none. */
    public Optional<Class<?>> find(String name) {
        try {
            return Optional.of(Class.forName(name, false, loader));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        } catch (LinkageError e) {
            throw new UsageException("the class " + name + " cannot be loaded: " + e);
        }
    }

    /** Names of the classes in the places, nested ones left out; of many the first. */
    public List<String> names() {
        TreeSet<String> names = new TreeSet<>();
        for (Path place : places) {
            try {
                List<Path> sources = Files.isDirectory(place) ? SourceFolder.sources(place) : List.of();
                if (Files.isDirectory(place)) {
                    names(place, sources.isEmpty() ? CLASS : ".java", names);
                } else {
                    try (FileSystem jar = FileSystems.newFileSystem(place)) {
                        names(jar.getPath("/"), CLASS, names);
                    }
                }
            } catch (IOException e) {
                throw new LabException("cannot read " + place + ": " + e.getMessage(), e);
            }
        }
        return names.stream().limit(MOST_NAMES).toList();
    }

    private static void names(Path root, String ending, Set<String> into) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> name.endsWith(ending) && !name.contains("$") && !name.contains("-"))
                    .map(name ->
                            name.substring(0, name.length() - ending.length()).replace('/', '.'))
                    .forEach(into::add);
        }
    }

    /**
     * SHA-256 of the compiled code that a class comes with: of all places where it is of these classes, else of the jar or folder it
     * was loaded from. Empty where nobody can read it, as of a class that a notebook's cell made.
     */
    public Optional<String> digest(Class<?> of) {
        if (of.getClassLoader() == loader && !places.isEmpty()) {
            return Optional.of(digest);
        }
        CodeSource source = of.isHidden() ? null : of.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return Optional.empty();
        }
        try {
            Path place = Path.of(source.getLocation().toURI());
            return Files.exists(place) ? Optional.of(digest(List.of(place))) : Optional.empty();
        } catch (URISyntaxException | IllegalArgumentException | java.nio.file.FileSystemNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Whether a class is one of the library's own. */
    static boolean isOfLibrary(Class<?> type) {
        CodeSource one = type.getProtectionDomain().getCodeSource();
        CodeSource ours = UserClasses.class.getProtectionDomain().getCodeSource();
        return one != null && ours != null && uri(one).equals(uri(ours));
    }

    private static URI uri(CodeSource source) {
        return URI.create(String.valueOf(source.getLocation()));
    }

    /** Other files in these places, such as results that are written there, are no code. */
    private static String digest(List<Path> places) {
        Predicate<String> code = name -> name.endsWith(CLASS) || name.startsWith("META-INF/services/");
        try {
            MessageDigest sha256 = Digests.sha256();
            for (Path place : places) {
                ClassBytes.digest(place, code, sha256);
                sha256.update((byte) '\n');
            }
            return Digests.hex(sha256);
        } catch (IOException e) {
            throw new UsageException("cannot read the classes of " + places + ": " + e.getMessage());
        }
    }
}
