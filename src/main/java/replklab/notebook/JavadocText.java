package replklab.notebook;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.regex.Pattern;

/** Javadoc as text to read, as the {@code jshell} tool prints it: without tags, in lines that fit, parameters below each other. */
final class JavadocText {
    private static final int COLUMNS = 100;
    private static final char JOINED = '\u00a0';
    private static final Pattern FIRST_SENTENCE = Pattern.compile("\\.\\s+(?=[^@\\s])");
    private static final MethodHandle FORMAT = find();

    private JavadocText() {}

    /**
     * @param signature of what is documented
     * @param javadoc the comment without its stars, or null
     */
    static String of(String signature, String javadoc) {
        if (javadoc == null) {
            return signature;
        }
        if (FORMAT == null) {
            return signature + "\n\n" + javadoc;
        }
        try {
            return ((String) FORMAT.invoke(signature, joined(javadoc)))
                    .replace(JOINED, ' ')
                    .strip();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The formatter drops the space behind the first sentence, unless it takes that for none. */
    private static String joined(String javadoc) {
        return FIRST_SENTENCE.matcher(javadoc).replaceFirst("." + JOINED);
    }

    /** The tool's own formatter, which is not exported; null in a JDK that has another. */
    private static MethodHandle find() {
        try {
            Class<?> type = Class.forName("jdk.internal.shellsupport.doc.JavadocFormatter");
            Object formatter = type.getConstructor(int.class, boolean.class).newInstance(COLUMNS, false);
            return MethodHandles.lookup()
                    .findVirtual(type, "formatJavadoc", MethodType.methodType(String.class, String.class, String.class))
                    .bindTo(formatter);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
