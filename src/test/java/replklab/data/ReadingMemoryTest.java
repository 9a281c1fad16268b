package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.HeapLevel;
import replklab.base.OtherJvm;
import replklab.base.Resident;

/** What a program holds that reads image files for long: Java's heap, which may grow to a quarter of the machine, and all else. */
@Tag("nightly")
@EnabledOnOs(OS.LINUX)
class ReadingMemoryTest {
    private static final int FILES = 64;
    private static final int PASSES = 100;

    @Test
    void memoryIsLevelOverThousandsOfImages(@TempDir Path folder) throws IOException, InterruptedException {
        for (String format : List.of("jpg", "png")) {
            Path train = write(folder.resolve(format), format);
            List<Long> mib = Stream.of(OtherJvm.run(Reading.class, List.of(OtherJvm.USUAL), train.toString())
                            .succeeded()
                            .split(" "))
                    .map(Long::valueOf)
                    .toList();
            long tenth = mib.get(PASSES / 10 - 1);
            long most = mib.stream().reduce(0L, Math::max);
            Resident.tell("%,d files of %s: %d MiB after a tenth of them, %d after the last, %d at most"
                    .formatted(FILES * PASSES, format, tenth, mib.getLast(), most));
            assertThat(most).isLessThan(tenth + 200);
        }
    }

    /** Noise, the most that a decoder can have to do. */
    private static Path write(Path folder, String format) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        for (String part : List.of("train", "val")) {
            Path images = Files.createDirectories(folder.resolve(part).resolve("images"));
            for (int i = 0; i < (part.equals("train") ? FILES : 1); i++) {
                BufferedImage image = new BufferedImage(500, 375, BufferedImage.TYPE_INT_RGB);
                for (int pixel = 0; pixel < 500 * 375; pixel++) {
                    image.setRGB(pixel % 500, pixel / 500, random.nextInt(1 << 24));
                }
                ImageIO.write(image, format, images.resolve(i + "." + format).toFile());
            }
        }
        return folder;
    }

    /** Reads a folder over and over, as training does, and prints what is resident after each pass. */
    static final class Reading {
        private Reading() {}

        public static void main(String[] arguments) throws IOException {
            HeapLevel.keep();
            TrainTest data = Datasets.open(new DatasetSpec("folder", arguments[0], 224, 0, 0), 0);
            BatchLoader loader = BatchLoader.forTraining(data.train(), 32, Augmentation.NONE, 1, 2);
            for (int pass = 0; pass < PASSES; pass++) {
                try (BatchStream batches = loader.epoch(pass, 0)) {
                    batches.forEachRemaining(_ -> {});
                }
                System.out.print(Resident.mib() + " ");
            }
        }
    }
}
