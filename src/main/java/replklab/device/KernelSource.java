package replklab.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The text of a program, in the words that {@code dialect.h} gives OpenCL C and CUDA C++ in common.
 *
 * @param name for messages, such as {@code depthwise.cl KERNEL=31}
 * @param text all of it: constants, dialect, program
 */
public record KernelSource(String name, String text) {
    private static final Map<String, String> READ = new ConcurrentHashMap<>();

    /**
     * A program that lies as a resource beside a class.
     *
     * @param constants set by {@code #define} before everything else
     */
    public static KernelSource of(Class<?> beside, String resource, Map<String, ?> constants) {
        String given = new TreeMap<>(constants)
                .entrySet().stream()
                        .map(each -> "#define " + each.getKey() + " " + each.getValue() + "\n")
                        .collect(Collectors.joining());
        String named = new TreeMap<>(constants)
                .entrySet().stream()
                        .map(each -> " " + each.getKey() + "=" + each.getValue())
                        .collect(Collectors.joining());
        return new KernelSource(
                resource + named, given + read(KernelSource.class, "dialect.h") + read(beside, resource));
    }

    private static String read(Class<?> beside, String resource) {
        return READ.computeIfAbsent(beside.getPackageName() + "/" + resource, _ -> {
            try (InputStream stream = beside.getResourceAsStream(resource)) {
                if (stream == null) {
                    throw new IllegalStateException("no resource " + resource + " beside " + beside.getName());
                }
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
