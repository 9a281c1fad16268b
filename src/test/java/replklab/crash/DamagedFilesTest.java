package replklab.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Files of the runs' folders that are cut, empty or gone, as a kill or a power cut can leave them, and a flipped byte. */
@Tag("crash")
class DamagedFilesTest extends BesideOneServer {
    private static final int CASES = Integer.getInteger("crash.damages", 24);

    /** What can become of a file. */
    private enum Damage {
        CUT,
        EMPTY,
        GONE,
        FLIPPED;

        void to(Path file, Story story) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            if (this == GONE || bytes.length == 0) {
                Files.delete(file);
                return;
            }
            int at = story.random().nextInt(bytes.length);
            story.tell("at byte " + at + " of " + bytes.length);
            switch (this) {
                case CUT -> Files.write(file, Arrays.copyOf(bytes, at));
                case EMPTY -> Files.write(file, new byte[0]);
                default -> {
                    bytes[at] ^= (byte) (1 + story.random().nextInt(255));
                    Files.write(file, bytes);
                }
            }
        }
    }

    /** Half of the cases damage what a killed program left, half what one left that was done. */
    @TestFactory
    Stream<DynamicTest> leadSomewhere() {
        return IntStream.range(Integer.getInteger("crash.first", 0), CASES)
                .mapToObj(n -> CrashCase.of("damage-" + n, () -> damage(n)));
    }

    private static void damage(int number) throws IOException {
        Story story = new Story("damage-" + number);
        String experiment = story.name();
        try (Checkout checkout = Checkout.make(story, experiment)) {
            LabProcess program = checkout.run(experiment, mlflow.environment());
            if (number % 2 == 0) {
                Kills.waitForMoment(story, checkout, experiment, program, 0);
                story.tell("SIGKILL");
                program.kill();
            }
            program.await(story);
            Damage damage = Damage.values()[number / 2 % Damage.values().length];
            List<Path> files = files(checkout.runs(experiment));
            if (!files.isEmpty()) {
                // The truth about a run is one file of many, and its loss costs most.
                List<Path> logs = number % 3 == 0
                        ? files.stream()
                                .filter(file -> file.endsWith("run.log"))
                                .toList()
                        : List.of();
                List<Path> choice = logs.isEmpty() ? files : logs; // a program that died early has left none
                Path file = choice.get(story.random().nextInt(choice.size()));
                story.tell(damage + " " + checkout.root().relativize(file));
                damage.to(file, story);
                Summary.count("files damaged", damage.toString().toLowerCase(Locale.ROOT), 1);
            }
            checkout.finish(experiment, mlflow.environment());
            // A log that was cut may have lost the run's id: the run is done again as another one.
            new Oracle(story).allowing(Oracle.Runs.SUPERSEDED).check(checkout, experiment, mlflow.store());
            checkout.passed();
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
