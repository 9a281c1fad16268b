package replklab.base;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What compiled code consists of, without what only a debugger reads, so that a changed comment is no change. */
public final class ClassBytes {
    private static final String ENDING = ".class";

    private ClassBytes() {}

    /**
     * Adds the files of a jar or a folder to a digest, by name and in its order.
     *
     * @param wanted which files, by their path with slashes
     */
    public static void digest(Path place, Predicate<String> wanted, MessageDigest into) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        if (Files.isDirectory(place)) {
            collect(place, wanted, files);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                collect(jar.getPath("/"), wanted, files);
            }
        }
        files.forEach((name, bytes) -> {
            into.update((name + "\0").getBytes(StandardCharsets.UTF_8));
            into.update(bytes);
        });
    }

    private static void collect(Path root, Predicate<String> wanted, Map<String, byte[]> into) throws IOException {
        // Only with a constant pool of its own is a method written anew; else its bytes are copied, line numbers and
        // all.
        ClassFile classFile = ClassFile.of(
                ClassFile.DebugElementsOption.DROP_DEBUG,
                ClassFile.LineNumbersOption.DROP_LINE_NUMBERS,
                ClassFile.ConstantPoolSharingOption.NEW_POOL,
                ClassFile.StackMapsOption.DROP_STACK_MAPS);
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = root.relativize(file).toString().replace('\\', '/');
                if (Files.isRegularFile(file) && wanted.test(name)) {
                    byte[] bytes = Files.readAllBytes(file);
                    into.put(name, name.endsWith(ENDING) ? stripped(classFile, bytes) : bytes);
                }
            }
        }
    }

    /** As it is where it is no class after all, or one of a newer Java. */
    private static byte[] stripped(ClassFile classFile, byte[] bytes) {
        try {
            return classFile.transformClass(classFile.parse(bytes), ClassTransform.ACCEPT_ALL);
        } catch (IllegalArgumentException e) {
            return bytes;
        }
    }
}
