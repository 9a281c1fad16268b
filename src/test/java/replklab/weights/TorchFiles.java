package replklab.weights;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes PyTorch's files by hand, instruction by instruction, so that tests can write what PyTorch never would. */
public final class TorchFiles {
    /** A pickle that is being written; protocol 2. */
    public static final class Pickle {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        public Pickle() {
            op(0x80).op(2);
        }

        public Pickle op(int code) {
            bytes.write(code);
            return this;
        }

        public Pickle text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            bytes.write('X');
            bytes.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(utf8.length)
                    .array());
            bytes.writeBytes(utf8);
            return this;
        }

        /** An integer as it is written from 2 bytes on. */
        public Pickle number(long value) {
            if (value == (int) value) {
                bytes.write('J');
                bytes.writeBytes(ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt((int) value)
                        .array());
            } else {
                bytes.write(0x8a);
                bytes.write(8);
                bytes.writeBytes(ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(value)
                        .array());
            }
            return this;
        }

        public Pickle global(String module, String name) {
            bytes.write('c');
            bytes.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
            return this;
        }

        public Pickle tuple(long... numbers) {
            op('(');
            for (long number : numbers) {
                number(number);
            }
            return op('t');
        }

        public Pickle storage(String type, String key, long elements) {
            return op('(').text("storage")
                    .global("torch", type)
                    .text(key)
                    .text("cpu")
                    .number(elements)
                    .op('t')
                    .op('Q');
        }

        /** A tensor as torch._utils._rebuild_tensor_v2 gets it. */
        public Pickle tensor(String type, String key, long elements, long offset, long[] sizes, long[] strides) {
            return global("torch._utils", "_rebuild_tensor_v2")
                    .op('(')
                    .storage(type, key, elements)
                    .number(offset)
                    .tuple(sizes)
                    .tuple(strides)
                    .op(0x89)
                    .global("collections", "OrderedDict")
                    .op(')')
                    .op('R')
                    .op('t')
                    .op('R');
        }

        public byte[] done() {
            return op('.').bytes.toByteArray();
        }
    }

    private TorchFiles() {}

    /** A file with this pickle and these storages. */
    public static Path write(Path file, byte[] pickle, Map<String, byte[]> storages) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("archive/data.pkl", pickle);
        entries.put("archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        storages.forEach((key, bytes) -> entries.put("archive/data/" + key, bytes));
        return write(file, entries, ZipEntry.STORED);
    }

    public static Path write(Path file, Map<String, byte[]> entries, int method) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> named : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(named.getKey());
                entry.setMethod(method);
                entry.setSize(named.getValue().length);
                CRC32 sum = new CRC32();
                sum.update(named.getValue());
                entry.setCrc(sum.getValue());
                zip.putNextEntry(entry);
                zip.write(named.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    public static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }
}
