package replklab.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.Fuzz;
import replklab.nn.Scrambled;
import replklab.weights.TorchFiles;
import replklab.weights.Weights;

/** Damaged weights files: whatever their bytes, they are read or refused in so many words. */
class FuzzTest {
    private static final long MEMORY = 64 << 20;

    @TempDir
    private static Path folder;

    /** A small network's files, in which most bytes are structure. */
    private static byte[] safetensors;

    private static byte[] pth;

    @BeforeAll
    static void writeGoodFiles() throws IOException {
        RepLKNetConfig config = new RepLKNetConfig(List.of(3), List.of(1), List.of(2), 1, 1, 2, 0, 1, 2);
        RepLKNet network = Scrambled.of(new RepLKNet(config, new SplittableRandom(1)), 1);
        Path file = folder.resolve("good.safetensors");
        Weights.save(network, file, Map.of());
        safetensors = Files.readAllBytes(file);
        assertThat(Checkpoints.load(file).config()).isEqualTo(config);
        pth = Files.readAllBytes(Reference.file("weights.pth"));
    }

    private static Fuzz fuzz(String name) {
        Path file = folder.resolve(name);
        return new Fuzz(file.toString(), MEMORY, input -> Checkpoints.load(Files.write(file, input)));
    }

    private static List<byte[]> words(String... words) {
        return Stream.of(words)
                .map(word -> word.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    @Test
    void damagedSafetensors() {
        fuzz("mutant.safetensors")
                .mutants(
                        List.of(safetensors),
                        words(
                                "{",
                                "}",
                                "[",
                                "]",
                                ",",
                                "-1",
                                "0",
                                "1e9",
                                "9223372036854775807",
                                "\"I64\"",
                                "\"F64\"",
                                "null"))
                .readsSomeAndRefusesSome();
    }

    @Test
    void damagedArchives() {
        fuzz("mutant.pth")
                .mutants(List.of(pth), words("PK\1\2", "PK\3\4", "PK\5\6", "../", "/"))
                .readsSomeAndRefusesSome();
    }

    /** The archive is whole, so that what its checksums would catch reaches the pickle's reader and the tensors'. */
    @Test
    void damagedPicklesInWholeArchives() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(Reference.file("weights.pth").toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        String name = entries.keySet().stream()
                .filter(entry -> entry.endsWith("data.pkl"))
                .findFirst()
                .orElseThrow();
        Path file = folder.resolve("pickle.pth");
        new Fuzz(file.toString(), MEMORY, input -> {
                    entries.put(name, input);
                    Checkpoints.load(TorchFiles.write(file, entries, ZipEntry.STORED));
                })
                .mutants(
                        List.of(entries.get(name)),
                        words(
                                "ctorch\nLongStorage\n",
                                "cos\nsystem\n",
                                "K\0",
                                "J\u00ff\u00ff\u00ff\u007f",
                                "(",
                                "t",
                                "R",
                                "Q",
                                "."))
                .readsSomeAndRefusesSome();
    }

    @Test
    void randomBytes() {
        fuzz("random.pth").all(Fuzz.INPUTS, random -> {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            return bytes;
        });
    }
}
