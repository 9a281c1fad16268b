package replklab.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import replklab.base.LabException;

/** The formats of weights files, told apart by their first bytes, and what is found in their place. */
enum WeightsFormat {
    /** {@link Safetensors}; also whatever nobody knows, since its beginning may be any number. */
    SAFETENSORS,
    /** A zip archive: {@link PthFile}. */
    PYTORCH;

    private static final int BEGINNING = 512;
    private static final String ARCHIVE = "PK\3\4";
    /** A pickle of the number that PyTorch's files began with before they were archives. */
    private static final String OLD_PYTORCH = "\u0080\2\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019";

    /** Bytes that other files begin with, and what to say of them. */
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry(
                    "version https://git-lfs",
                    "it is a Git LFS pointer, which stands for the file: `git lfs pull` in its repository brings that"),
            Map.entry("\u0089HDF", "it is an HDF5 file, as Keras writes them; only PyTorch's and safetensors are read"),
            Map.entry("\u0093NUMPY", "it is a NumPy array; only PyTorch's files and safetensors are read"),
            Map.entry("GGUF", "it is a GGUF file; only PyTorch's files and safetensors are read"),
            Map.entry("\u001f\u008b", "it is compressed by gzip: unpack it first"),
            Map.entry("BZh", "it is compressed by bzip2: unpack it first"),
            Map.entry("\u00fd7zXZ", "it is compressed by xz: unpack it first"),
            Map.entry("(\u00b5/\u00fd", "it is compressed by zstd: unpack it first"),
            Map.entry("7z\u00bc\u00af", "it is a 7z archive: unpack it first"),
            Map.entry("Rar!", "it is a RAR archive: unpack it first"));

    /**
     * A file's format; {@link #SAFETENSORS} if it cannot be read, so that its reader says why.
     *
     * @throws LabException if it is known to be of another, saying which, and what can be done
     */
    static WeightsFormat of(Path file) {
        String first;
        try (InputStream in = Files.newInputStream(file)) {
            first = new String(in.readNBytes(BEGINNING), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return SAFETENSORS;
        }
        Optional<String> other = other(first);
        if (other.isPresent()) {
            throw new LabException("weights file " + file + " cannot be read: " + other.get());
        }
        return first.startsWith(ARCHIVE) ? PYTORCH : SAFETENSORS;
    }

    private static Optional<String> other(String first) {
        if (first.isEmpty()) {
            return Optional.of("it is empty");
        }
        if (first.startsWith("\0\0\0\0", Integer.BYTES)) { // the upper half of a length: safetensors
            return Optional.empty();
        }
        if (first.startsWith(OLD_PYTORCH)) {
            return Optional.of("it is in PyTorch's format from before version 1.6: with PyTorch at hand,"
                    + " torch.save(torch.load(F, weights_only=False), G) writes a file that is read");
        }
        if (first.startsWith("\u0080") && first.length() > 1 && first.charAt(1) >= 2 && first.charAt(1) <= 5) {
            return Optional.of(
                    "it is a pickle, but not one of PyTorch's: another framework's, or torch.save was not what"
                            + " wrote it; where it can be loaded, torch.save of a dictionary of its tensors writes one that is read");
        }
        for (Map.Entry<String, String> each : OTHERS.entrySet()) {
            if (first.startsWith(each.getKey())) {
                return Optional.of(each.getValue());
            }
        }
        String text = first.strip().toLowerCase(Locale.ROOT);
        if (text.startsWith("\u00ef\u00bb\u00bf")) { // the mark before a text in UTF-8
            text = text.substring(3);
        }
        if (text.startsWith("<")) {
            return Optional.of(
                    "it is a web page (HTML or XML), as is saved where a link leads to a page about the file,"
                            + " a log-in or an error: download the file itself");
        }
        if (text.startsWith("{") || text.startsWith("[")) {
            return Optional.of("it is JSON: a server's answer in place of the file, or the index of a model in several"
                    + " files");
        }
        if (first.chars()
                .allMatch(each -> (each >= ' ' && each < 0x7f) || each == '\n' || each == '\r' || each == '\t')) {
            return Optional.of("it is a text, no file of weights");
        }
        return Optional.empty();
    }
}
