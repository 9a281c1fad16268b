package replklab.kernels;

/** The text of a Java class that grows line by line. */
final class Source {
    private final StringBuilder text = new StringBuilder();
    private int depth;

    /** One line, as {@link String#format}; a block opens with a brace at its end and closes with one at its beginning. */
    Source line(String format, Object... values) {
        String line = values.length == 0 ? format : format.formatted(values);
        if (line.startsWith("}")) {
            depth--;
        }
        text.append(line.isEmpty() ? "" : "    ".repeat(depth)).append(line).append('\n');
        if (line.endsWith("{")) {
            depth++;
        }
        return this;
    }

    /** Several lines, whose own indentation counts for nothing. */
    Source lines(String lines) {
        lines.lines().map(String::strip).forEach(line -> line(line.startsWith("*") ? " " + line : line));
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    /** An address: {@code base + count * step}, as short as can be. */
    static String at(String base, int count, String step) {
        return switch (count) {
            case 0 -> base;
            case 1 -> base + " + " + step;
            default -> base + " + " + count + " * " + step;
        };
    }

    /** A vector read from memory. */
    static String load(String memory, String at) {
        return "FloatVector.fromMemorySegment(SPECIES, " + memory + ", " + at + ", ORDER)";
    }

    /** Writes a vector to memory. */
    Source store(String vector, String memory, String at) {
        return line("%s.intoMemorySegment(%s, %s, ORDER);", vector, memory, at);
    }
}
