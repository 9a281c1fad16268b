package replklab.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import net.razorvine.pickle.PickleException;
import replklab.base.LabException;
import replklab.base.Shown;
import replklab.weights.TensorUnpickler.View;

/**
 * Reads PyTorch's files of weights: a zip archive of a pickle, which names the tensors, and of the storages that they look
 * at. {@link TensorUnpickler} says what is let through.
 */
final class PthFile implements WeightsFile {
    private static final String PICKLE = "data.pkl";

    private static final String REMEDY =
            ", not its weights: where its code is installed, m = torch.load(F, weights_only=False)"
                    + " gives it back, and torch.save(m.state_dict(), G) writes a file that is read";

    /** Room for thousands of tensors and what a logger remembers of a long training. */
    private static final int MAX_PICKLE = 64 << 20;

    /** Views may share storages, but a small file is not to become a huge network. */
    private static final int MAX_SHARING = 4;

    private final Path path;
    private final ZipFile zip;
    private final Map<String, Stored> places = new LinkedHashMap<>();
    private final SequencedMap<String, List<String>> dictionaries = new LinkedHashMap<>();
    /** Names of the entries that were read whole and have their checksum: Java's reader of archives checks none. */
    private final Set<String> intact = new HashSet<>();

    /** A tensor and the entry that holds its storage. */
    private record Stored(Info info, StridedView view, ZipEntry entry) {}

    private PthFile(Path path, ZipFile zip) throws IOException {
        this.path = path;
        this.zip = zip;
        long bytes = requireHonestSizes();
        ZipEntry pickle = zip.stream()
                .filter(entry -> entry.getName().matches("([^/]*/)?data\\.pkl"))
                .findFirst()
                .orElseThrow(() -> damaged("it is a zip archive without PyTorch's " + PICKLE + "; it holds " + held()));
        String folder = pickle.getName().substring(0, pickle.getName().length() - PICKLE.length());
        if (zip.getEntry(folder + "constants.pkl") != null) {
            throw damaged(
                    "it is a TorchScript program: torch.save(torch.jit.load(F).state_dict(), G) writes a file that is"
                            + " read");
        }
        requireLittleEndian(zip.getEntry(folder + "byteorder"));
        if (pickle.getSize() > MAX_PICKLE) {
            throw damaged(
                    "its list of tensors has " + pickle.getSize() + " bytes; at most " + MAX_PICKLE + " are read");
        }
        stateDictionaries(unpickled(pickle)).forEach((dictionary, views) -> {
            List<String> names = new ArrayList<>();
            views.forEach((name, view) -> {
                String full = dictionary.isEmpty() ? name : dictionary + "." + name;
                places.put(full, stored(full, view, folder));
                names.add(full);
            });
            requireLittleSharing(names, bytes);
            dictionaries.put(dictionary, names);
        });
    }

    static PthFile open(Path path) {
        ZipFile zip = null;
        PthFile file = null;
        try {
            zip = new ZipFile(path.toFile());
            file = new PthFile(path, zip);
            return file;
        } catch (ZipException e) {
            throw damaged(
                    path,
                    "it begins as PyTorch's files do, but is no whole archive ("
                            + path.toFile().length()
                            + " bytes): it breaks off, as an incomplete download does, or is damaged");
        } catch (IOException e) {
            throw damaged(path, Shown.of(e.getMessage()));
        } finally {
            if (file == null && zip != null) {
                close(zip);
            }
        }
    }

    /**
     * PyTorch compresses nothing, so no entry is larger than the file, nor are all together.
     *
     * @return bytes of all entries
     */
    private long requireHonestSizes() throws IOException {
        long sum = 0;
        for (ZipEntry entry : Collections.list(zip.entries())) {
            if (entry.getMethod() != ZipEntry.STORED || entry.getSize() < 0) {
                throw damaged("its entry " + Shown.of(entry.getName()) + " is compressed, which PyTorch never does");
            }
            sum += entry.getSize();
        }
        long length = path.toFile().length();
        if (sum > length) {
            throw damaged("its entries claim " + sum + " bytes; the file has " + length);
        }
        return sum;
    }

    private String held() {
        List<String> names =
                zip.stream().limit(4).map(entry -> Shown.of(entry.getName())).toList();
        return names.isEmpty()
                ? "nothing"
                : String.join(", ", names.subList(0, Math.min(3, names.size()))) + (names.size() > 3 ? ", ..." : "");
    }

    private void requireLittleEndian(ZipEntry order) throws IOException {
        if (order != null) { // older files have none
            String name = new String(bytes(order, 0, (int) Math.min(order.getSize(), 8)), StandardCharsets.US_ASCII);
            if (!name.equals("little")) {
                throw damaged("its numbers are in the byte order " + Shown.of(name) + "; only little is read");
            }
        }
    }

    private Object unpickled(ZipEntry pickle) throws IOException {
        byte[] bytes = bytes(pickle, 0, (int) pickle.getSize());
        try {
            return TensorUnpickler.read(bytes);
        } catch (IOException e) {
            throw damaged("its list of tensors breaks off: " + Shown.of(e.getMessage()));
        } catch (PickleException e) {
            throw damaged("its list of tensors is refused: " + Shown.of(e.getMessage()));
        } catch (RuntimeException e) { // whatever a damaged stack leads to, in Java's words
            throw damaged("its list of tensors is refused: its instructions do not fit what they work on");
        }
    }

    private SequencedMap<String, Map<String, View>> stateDictionaries(Object root) {
        if (root instanceof TensorUnpickler.Foreign(String name)) {
            throw damaged("it holds an object of the class " + Shown.of(name) + REMEDY);
        }
        if (!(root instanceof Map<?, ?> whole)) {
            throw damaged("it holds no dictionary");
        }
        SequencedMap<String, Map<String, View>> found = StateDictionaries.of(whole);
        if (found.isEmpty()) {
            List<String> strangers = StateDictionaries.strangers(whole);
            throw damaged("it holds no dictionary of tensors"
                    + (strangers.isEmpty()
                            ? ""
                            : "; there are objects under " + Shown.of(String.join(", ", strangers)) + REMEDY));
        }
        return found;
    }

    private Stored stored(String name, View view, String folder) {
        TensorUnpickler.Storage storage = view.storage();
        TensorType type = storage.type()
                .orElseThrow(() -> damaged("tensor " + Shown.of(name) + " has numbers of PyTorch's "
                        + storage.typeName() + "; only " + Arrays.toString(TensorType.values()) + " are read"));
        ZipEntry entry = zip.getEntry(folder + "data/" + storage.key());
        StridedView strided;
        try {
            strided = new StridedView(view.offset(), view.sizes(), view.strides());
        } catch (IllegalArgumentException e) {
            throw damaged("tensor " + Shown.of(name) + ": " + e.getMessage());
        }
        if (entry == null) {
            throw damaged("the numbers of tensor " + Shown.of(name) + " are missing");
        }
        long held = entry.getSize() / type.bytes();
        if (strided.end() > Math.min(held, storage.elements())) {
            throw damaged("tensor " + Shown.of(name) + " of shape " + strided.shapeText() + " needs " + strided.end()
                    + " elements of storage; there are " + Math.min(held, storage.elements()));
        }
        if (Math.max(strided.elements(), strided.span()) * type.bytes() > Integer.MAX_VALUE) {
            throw damaged("tensor " + Shown.of(name) + " of shape " + strided.shapeText() + " has more than 2 GiB");
        }
        return new Stored(new Info(type, strided.shape()), strided, entry);
    }

    private void requireLittleSharing(List<String> names, long bytes) {
        long sum = 0;
        for (String name : names) {
            Stored stored = places.get(name);
            sum += stored.info.elements() * stored.info.type().bytes();
        }
        if (sum > MAX_SHARING * bytes) {
            throw damaged("its tensors share " + bytes + " bytes to become " + sum + ", more than " + MAX_SHARING
                    + " times as many");
        }
    }

    @Override
    public SequencedMap<String, Info> tensors() {
        SequencedMap<String, Info> tensors = new LinkedHashMap<>();
        places.forEach((name, stored) -> tensors.put(name, stored.info));
        return Collections.unmodifiableSequencedMap(tensors);
    }

    @Override
    public SequencedMap<String, List<String>> dictionaries() {
        return Collections.unmodifiableSequencedMap(dictionaries);
    }

    /** None: PyTorch's files have no place for it. */
    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }

    @Override
    public float[] floats(String name) {
        Stored stored = places.get(name);
        if (stored.info.type().isInteger()) {
            throw damaged("tensor " + Shown.of(name) + " holds integers where weights are wanted");
        }
        return stored.view.gathered(stored.info.type().floats(numbers(name), (int) stored.view.span()));
    }

    @Override
    public long[] integers(String name) {
        Stored stored = places.get(name);
        if (!stored.info.type().isInteger()) {
            throw damaged("tensor " + Shown.of(name) + " holds " + stored.info.type() + " where integers are wanted");
        }
        return stored.view.gathered(stored.info.type().integers(numbers(name), (int) stored.view.span()));
    }

    /** The piece of its storage that a tensor looks at. */
    private ByteBuffer numbers(String name) {
        Stored stored = places.get(name);
        int element = stored.info.type().bytes();
        try {
            byte[] bytes =
                    bytes(stored.entry, stored.view.offset() * element, Math.toIntExact(stored.view.span() * element));
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw damaged("tensor " + Shown.of(name) + ": " + Shown.of(e.getMessage()));
        }
    }

    private byte[] bytes(ZipEntry entry, long from, int count) throws IOException {
        if (intact.contains(entry.getName())) {
            try (InputStream in = zip.getInputStream(entry)) {
                return bytes(in, entry, from, count);
            }
        }
        CRC32 sum = new CRC32();
        try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), sum)) {
            byte[] bytes = bytes(in, entry, from, count);
            in.skipNBytes(entry.getSize() - from - count); // which reads it
            if (sum.getValue() != entry.getCrc()) {
                throw new IOException("its entry " + Shown.of(entry.getName()) + " does not have the checksum that the"
                        + " archive names: the file is damaged, or was saved without checksums"
                        + " (torch.serialization.set_crc32_options)");
            }
            intact.add(entry.getName());
            return bytes;
        }
    }

    private static byte[] bytes(InputStream in, ZipEntry entry, long from, int count) throws IOException {
        in.skipNBytes(from);
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new IOException("its entry " + Shown.of(entry.getName()) + " breaks off");
        }
        return bytes;
    }

    @Override
    public void close() {
        close(zip);
    }

    private static void close(ZipFile zip) {
        try {
            zip.close();
        } catch (IOException e) {
            // It was only read; there is nothing to lose.
            return;
        }
    }

    private LabException damaged(String what) {
        return damaged(path, what);
    }

    private static LabException damaged(Path path, String what) {
        return new LabException("weights file " + path + " cannot be read: " + what);
    }
}
