package replklab.crash;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/**
 * A folder of its own for one case, with small images and experiments that a program of its own process works on. It is removed
 * when all went well, and stays for inspection when not.
 */
final class Checkout implements AutoCloseable {
    /** Runs an experiment has: two variants, two seeds. */
    static final int RUNS = 4;

    /** What a program says that could not tell MLflow everything: another must. */
    static final String LATER = "the next start sends it";

    private static final int CLASSES = 3;
    private static final int TRAINING = 16;
    private static final int TEST = 8;

    private static final String TEXT = """
            title: Kernels in small
            question: Do they matter?
            scale: Tiny.
            paper: {place: nowhere, standing: recollected}
            data: {name: folder, path: images, resolution: 8}
            model: {name: convnext, layers: [1], channels: [8], stemSize: 2, layerScale: 0.1, dropPath: 0}
            training: {learningRate: 0.02, epochs: 4, batchSize: 6, emaDecay: 0.9}
            evaluate: {cost: {batch: 2, passes: 1}}
            variants:
              kernels: {3: [3], 5: [5]}
            hypotheses:
              - name: 5 over 3
                metric: accuracy
                of: {kernels: 5}
                minus: {kernels: 3}
                direction: up
                ours: "5x5 {gain|lose} {size}"
                paper: "saw larger kernels {gain|lose}"
            profiles:
              smoke: {seeds: 2}
              quick: {seeds: 2}
              full: {seeds: 2}
            """;

    private final Path root;
    private final Story story;
    private final List<LabProcess> programs = new ArrayList<>();
    private boolean keep = true;

    private Checkout(Path root, Story story) {
        this.root = root;
        this.story = story;
    }

    /**
     * Makes one.
     *
     * @param story of the case
     * @param experiments names of experiments, all with the same contents
     */
    static Checkout make(Story story, String... experiments) throws IOException {
        Path root = Files.createTempDirectory("replklab-crash-").toRealPath();
        for (int label = 0; label < CLASSES; label++) {
            Path train = Files.createDirectories(root.resolve("images/train/class" + label));
            Path test = Files.createDirectories(root.resolve("images/val/class" + label));
            for (int i = 0; i < TRAINING + TEST; i++) {
                Path file = (i < TRAINING ? train : test).resolve(i + ".png");
                ImageIO.write(image(label, i), "png", file.toFile());
            }
        }
        Files.createDirectories(root.resolve("experiments"));
        for (String experiment : experiments) {
            Files.writeString(root.resolve("experiments").resolve(experiment + ".yaml"), TEXT);
        }
        return new Checkout(root, story);
    }

    private static BufferedImage image(int label, int number) {
        SplittableRandom random = new SplittableRandom(label * 100 + number);
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64; i++) {
            image.setRGB(i % 8, i / 8, (16 << (8 * label)) + (random.nextInt() & 0x7F7F7F));
        }
        return image;
    }

    Path root() {
        return root;
    }

    /** The folder with the results of an experiment; made by the program. */
    Path results(String experiment) {
        return root.resolve("results").resolve("smoke").resolve(experiment);
    }

    /** The folder with the experiment's runs; made by the program. */
    Path runs(String experiment) {
        return results(experiment).resolve("runs");
    }

    /** The embedded server's folder. */
    Path mlruns() {
        return root.resolve("mlruns");
    }

    /** Starts {@code ./lab run EXPERIMENT --profile smoke}; more limits of the system may stand before it, as in {@code prlimit}. */
    LabProcess run(String experiment, Map<String, String> environment, String... before) throws IOException {
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(LabProcess.java(root));
        command.addAll(List.of("replklab.cli.Main", "run", experiment, "--profile", "smoke"));
        return start(command, environment);
    }

    /** Starts {@code ./lab} with any arguments; as short runs need it, without the compiler that optimises long ones. */
    LabProcess lab(Map<String, String> environment, String... arguments) throws IOException {
        return lab(List.of(), environment, arguments);
    }

    /** The same with more options of Java's. */
    LabProcess lab(List<String> options, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(LabProcess.java(root));
        command.add(1, "-XX:TieredStopAtLevel=1");
        command.addAll(1, options);
        command.add("replklab.cli.Main");
        command.addAll(List.of(arguments));
        return start(command, environment);
    }

    /** Starts any program on this checkout. */
    LabProcess start(List<String> command, Map<String, String> environment) throws IOException {
        Map<String, String> whole = new LinkedHashMap<>(environment);
        whole.putIfAbsent("REPLKLAB_PROFILE", "smoke");
        LabProcess program = LabProcess.start(command, root, whole, programs.size());
        programs.add(program);
        story.tell("starts program " + programs.size());
        return program;
    }

    /** Runs the experiment until the program says that all went well, a few times at most; the last program. */
    LabProcess finish(String experiment, Map<String, String> environment) throws IOException {
        LabProcess program = null;
        for (int attempt = 0; attempt < 3; attempt++) {
            program = run(experiment, environment);
            int code = program.await(story);
            if (code == 0 && !program.errors().contains(LATER)) {
                return program;
            }
        }
        throw story.failure("the program does not end well any more: " + program.said());
    }

    /** All went well: the folder may go. */
    void passed() {
        keep = false;
    }

    /** Ends what still runs, and removes the folder unless something went wrong. */
    @Override
    public void close() throws IOException {
        for (LabProcess program : programs) {
            program.kill();
        }
        Processes.of(root).forEach(ProcessHandle::destroyForcibly);
        if (keep) {
            System.err.println("kept for inspection: " + root);
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
