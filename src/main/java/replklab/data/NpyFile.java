package replklab.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import replklab.base.LabException;
import replklab.base.Quietly;
import replklab.base.Shown;
import replklab.base.WholeFile;

/**
 * A NumPy file ({@code .npy}) of numbers, read row by row along its first axis, so that a large one need not be in memory.
 * ND4J's reader wants all of it there, and ends the whole process over a file that is cut off or of a type it does not know.
 */
public final class NpyFile implements Closeable {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_HEADER = 1 << 16;
    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([a-zA-Z])([1-9]\\d{0,2})'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)");

    private final Path path;
    private final RandomAccessFile in;
    private final Header header;
    private final long start;

    /** What a file's header says: the kind of number by NumPy's letter, its bytes, and the array's shape. */
    private record Header(char kind, int bytes, ByteOrder order, int[] shape) {}

    /** Takes rows of an array that is being written. */
    @FunctionalInterface
    public interface Rows {
        /** Writes some rows, row-major. */
        void write(float[] values) throws IOException;
    }

    /** Gives the rows of an array that is being written. */
    @FunctionalInterface
    public interface Source {
        /** Hands over all rows, in pieces of any size. */
        void writeTo(Rows rows) throws IOException;
    }

    private NpyFile(Path path, RandomAccessFile in) throws IOException {
        this.path = path;
        this.in = in;
        byte[] first = new byte[12];
        int read = Math.max(0, in.read(first));
        if (read < 10 || !Arrays.equals(Arrays.copyOf(first, MAGIC.length), MAGIC)) {
            throw refused("it does not begin as NumPy's files do");
        }
        ByteBuffer lengths = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
        boolean shortLength = first[6] == 1; // the version
        long length =
                shortLength ? Short.toUnsignedInt(lengths.getShort(8)) : Integer.toUnsignedLong(lengths.getInt(8));
        long begin = shortLength ? 10 : 12;
        if (length > Math.min(MAX_HEADER, in.length() - begin)) {
            throw refused("its header claims " + length + " bytes");
        }
        byte[] text = new byte[(int) length];
        in.seek(begin);
        in.readFully(text);
        this.header = header(new String(text, StandardCharsets.ISO_8859_1));
        this.start = begin + length;
        double bytes = header.bytes; // which may be more than any integer
        for (int size : header.shape) {
            bytes *= size;
        }
        if (bytes > in.length() - start) {
            throw refused("its shape " + text(header.shape) + " takes " + (long) bytes + " bytes; it has "
                    + (in.length() - start));
        }
    }

    /**
     * Opens a file.
     *
     * @throws LabException naming the file and what is wrong with it
     */
    public static NpyFile open(Path path) {
        RandomAccessFile in = null;
        NpyFile file = null;
        try {
            in = new RandomAccessFile(path.toFile(), "r");
            file = new NpyFile(path, in);
            return file;
        } catch (IOException e) {
            throw new LabException(
                    Files.exists(path) ? "cannot read " + path + ": " + e.getMessage() : "no file " + path, e);
        } finally {
            if (file == null && in != null) {
                Quietly.close(in);
            }
        }
    }

    private Header header(String text) {
        Matcher type = TYPE.matcher(text);
        Matcher order = ORDER.matcher(text);
        Matcher axes = SHAPE.matcher(text);
        if (!type.find() || !order.find() || !axes.find()) {
            throw refused("its header is not of an array of numbers: " + Shown.of(text.strip()));
        }
        if (order.group(1).equals("True")) {
            throw refused("it is in Fortran's order; np.save(FILE, np.ascontiguousarray(x)) writes the usual one");
        }
        int[] shape;
        try {
            shape = Pattern.compile(",")
                    .splitAsStream(axes.group(1))
                    .map(String::strip)
                    .filter(size -> !size.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
        } catch (NumberFormatException e) {
            throw refused("its shape is (" + Shown.of(axes.group(1)) + ")");
        }
        ByteOrder endian = type.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new Header(type.group(2).charAt(0), Integer.parseInt(type.group(3)), endian, shape);
    }

    /** The array's shape. */
    public int[] shape() {
        return header.shape.clone();
    }

    /** The shape as Python prints it. */
    public String shapeText() {
        return text(header.shape);
    }

    /** NumPy's name of the numbers' type, such as {@code f4}. */
    public String type() {
        return header.kind + String.valueOf(header.bytes);
    }

    /**
     * Rows as float32, row-major.
     *
     * @param from the first row
     * @param rows how many
     * @throws LabException if the file holds no floats of 16, 32 or 64 bits, or cannot be read
     */
    public float[] floats(int from, int rows) {
        ByteBuffer bytes = bytes(from, rows);
        float[] values = new float[bytes.capacity() / header.bytes];
        switch (type()) {
            case "f2" -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.float16ToFloat(bytes.getShort());
                }
            }
            case "f4" -> bytes.asFloatBuffer().get(values);
            case "f8" -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) bytes.getDouble();
                }
            }
            default ->
                throw refused("it holds numbers of type " + type() + "; float16, float32 and float64 are read here");
        }
        return values;
    }

    /**
     * All numbers of an array of integers.
     *
     * @throws LabException if the file holds something else, or numbers beyond 32 bits
     */
    public int[] integers() {
        if (header.kind != 'i' && header.kind != 'u') {
            throw refused("it holds numbers of type " + type() + "; integers are read here");
        }
        ByteBuffer bytes = bytes(0, header.shape.length == 0 ? 1 : header.shape[0]);
        int[] values = new int[bytes.capacity() / header.bytes];
        for (int i = 0; i < values.length; i++) {
            long value = integer(bytes);
            if (value != (int) value) {
                throw refused("it holds " + value + "; integers up to " + Integer.MAX_VALUE + " are read here");
            }
            values[i] = (int) value;
        }
        return values;
    }

    private long integer(ByteBuffer bytes) {
        return switch (type()) {
            case "i1" -> bytes.get();
            case "u1" -> Byte.toUnsignedInt(bytes.get());
            case "i2" -> bytes.getShort();
            case "u2" -> Short.toUnsignedInt(bytes.getShort());
            case "i4" -> bytes.getInt();
            case "u4" -> Integer.toUnsignedLong(bytes.getInt());
            case "i8", "u8" -> bytes.getLong(); // one beyond comes out negative, and is refused as a label
            default -> throw refused("it holds numbers of type " + type() + ", which NumPy does not have");
        };
    }

    private ByteBuffer bytes(int from, int rows) {
        long row = header.bytes;
        for (int axis = 1; axis < header.shape.length; axis++) {
            row *= header.shape[axis];
        }
        if (row * rows > Integer.MAX_VALUE) {
            throw refused("rows " + from + " to " + (from + rows - 1) + " have more than 2 GiB");
        }
        byte[] bytes = new byte[(int) (row * rows)];
        try {
            in.seek(start + row * from);
            in.readFully(bytes);
        } catch (IOException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
        return ByteBuffer.wrap(bytes).order(header.order);
    }

    /**
     * Writes an array of float32, wholly or not at all; an older file stays until it is complete.
     *
     * @param shape of the array
     * @param source gives its rows
     * @throws LabException naming the file if it cannot be written
     */
    public static void write(Path path, int[] shape, Source source) {
        String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': " + text(shape) + ", }";
        // The numbers begin at a multiple of 64, behind magic, version and length; the header ends with a line feed.
        int padding = 63 - (10 + dictionary.length()) % 64;
        byte[] text = (dictionary + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        WholeFile.write(path, "an array", out -> {
            out.write(MAGIC);
            out.write(new byte[] {1, 0, (byte) text.length, (byte) (text.length >> 8)});
            out.write(text);
            source.writeTo(values -> write(values, out));
        });
    }

    private static void write(float[] values, OutputStream out) throws IOException {
        byte[] bytes = new byte[Math.multiplyExact(values.length, Float.BYTES)];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
        out.write(bytes);
    }

    private static String text(int[] shape) {
        String sizes = Arrays.stream(shape).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        return "(" + sizes + (shape.length == 1 ? ",)" : ")");
    }

    private LabException refused(String why) {
        return new LabException("cannot read " + path + ": " + why);
    }

    @Override
    public void close() {
        Quietly.close(in);
    }
}
