package replklab.cli;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import replklab.base.LabException;
import replklab.base.Shown;
import replklab.base.WholeFile;

/** NumPy files of numbers. What a file says of itself is checked here: ND4J's reader, in native code, believes it. */
final class NumpyFiles {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST_HEADER = 10_000;
    private static final int ALIGNMENT = 64;
    private static final int MOST_AXES = 8;
    private static final Pattern HEADER = Pattern.compile(
            "\\{'descr': '([^']{1,20})', 'fortran_order': (True|False), 'shape': \\(([0-9, ]{0,200})\\),? ?\\}\\s*");

    private NumpyFiles() {}

    /** What a file says of its array. */
    private record Header(String type, boolean fortran, List<Long> shape, long bytes) {}

    /**
     * Reads an array of float32 or float64.
     *
     * @return it as float32
     * @throws LabException naming the file and what is wrong with it
     */
    static INDArray read(Path file) {
        try {
            Header header = header(file);
            long size = header.type().equals("<f8") ? Double.BYTES : Float.BYTES;
            if (!header.type().equals("<f4") && size == Float.BYTES) {
                throw wrong(
                        file,
                        "holds numbers of type '" + Shown.of(header.type())
                                + "'; float32 ('<f4') and float64 ('<f8') can be read: x.astype('float32')");
            }
            if (header.fortran()) {
                throw wrong(file, "is in Fortran order; save numpy.ascontiguousarray(x)");
            }
            long elements = 1;
            for (long side : header.shape()) {
                elements = Math.multiplyExact(elements, side);
            }
            long expected = Math.addExact(header.bytes(), Math.multiplyExact(elements, size));
            if (elements == 0 || Files.size(file) != expected) {
                throw wrong(
                        file,
                        "has %d bytes; its shape %s makes %d".formatted(Files.size(file), header.shape(), expected));
            }
            return Nd4j.createFromNpyFile(file.toFile()).castTo(DataType.FLOAT);
        } catch (NoSuchFileException e) {
            throw new LabException("there is no file " + file, e);
        } catch (EOFException e) {
            throw wrong(file, "ends within its header");
        } catch (ArithmeticException e) {
            throw wrong(file, "has a shape that no file holds");
        } catch (IOException e) {
            throw new LabException("cannot read " + file + ": " + Shown.of(e.getMessage()), e);
        }
    }

    private static Header header(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file);
                DataInputStream in = new DataInputStream(stream)) {
            byte[] start = in.readNBytes(MAGIC.length);
            if (!Arrays.equals(start, MAGIC)) {
                throw wrong(file, "is no NumPy file (.npy)");
            }
            int major = in.readUnsignedByte();
            in.readUnsignedByte();
            int sizeBytes = major == 1 ? Short.BYTES : Integer.BYTES;
            byte[] size = new byte[sizeBytes];
            in.readFully(size);
            ByteBuffer number = ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN);
            int length = major == 1 ? Short.toUnsignedInt(number.getShort()) : number.getInt();
            if (length < 0 || length > LONGEST_HEADER) {
                throw wrong(file, "has a header of " + Integer.toUnsignedString(length) + " bytes");
            }
            byte[] text = new byte[length];
            in.readFully(text);
            Matcher match = HEADER.matcher(new String(text, StandardCharsets.ISO_8859_1));
            if (!match.matches()) {
                throw wrong(file, "has a header that is not NumPy's");
            }
            return new Header(
                    match.group(1),
                    match.group(2).equals("True"),
                    shape(file, match.group(3)),
                    MAGIC.length + 2L + sizeBytes + length);
        }
    }

    private static List<Long> shape(Path file, String text) {
        try {
            List<Long> shape = Pattern.compile(",")
                    .splitAsStream(text)
                    .map(String::strip)
                    .filter(side -> !side.isEmpty())
                    .map(Long::valueOf)
                    .toList();
            if (shape.isEmpty() || shape.size() > MOST_AXES) {
                throw wrong(file, "has " + shape.size() + " axes");
            }
            return shape;
        } catch (NumberFormatException e) {
            throw wrong(file, "has the shape (" + Shown.of(text) + ")");
        }
    }

    private static LabException wrong(Path file, String what) {
        return new LabException(file + " " + what);
    }

    /**
     * Writes an array of float32 in C order.
     *
     * @param values row-major
     */
    static void write(Path file, int[] shape, float[] values) {
        String sides = Arrays.stream(shape).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        String text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + sides + (shape.length == 1 ? ",)" : ")")
                + ", }";
        int before = MAGIC.length + 2 + Short.BYTES;
        int padded = Math.ceilDiv(before + text.length() + 1, ALIGNMENT) * ALIGNMENT;
        ByteBuffer bytes = ByteBuffer.allocate(padded + values.length * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) (padded - before))
                .put(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.position() < padded - 1) {
            bytes.put((byte) ' ');
        }
        bytes.put((byte) '\n');
        bytes.asFloatBuffer().put(values);
        WholeFile.write(file, "the array", out -> out.write(bytes.array()));
    }
}
