package replklab.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.base.Shown;
import replklab.base.UsageException;
import replklab.experiment.Experiments;
import replklab.experiment.Profile;

/** {@code ./lab new}: an experiment of one's own to begin with. */
@Command(
        name = "new",
        description = "Writes an experiment of your own to begin with, and its notebook.",
        mixinStandardHelpOptions = true,
        footer = {"", "Both run as they are; docs/experiments.md tells what else the file can say."})
final class NewCommand implements Callable<Integer> {
    /** A file's name, and a text in YAML, JSON and Java. */
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}_-]{0,59}");

    @Parameters(paramLabel = "NAME", description = "Letters, digits, - and _: kernels-on-leaves.")
    private String name;

    @Option(
            names = "--images",
            paramLabel = "FOLDER",
            description = "Your images, as FOLDER/train/CLASS/ and FOLDER/val/CLASS/; else Fashion-MNIST's.")
    private Path images;

    @Override
    public Integer call() {
        if (!NAME.matcher(name).matches()) {
            throw new UsageException("an experiment cannot be called '" + Shown.of(name)
                    + "' here; a name has up to 60 letters, digits, - and _, and begins with a letter or digit");
        }
        Map<String, String> words = Map.of("name", name, "title", title(name), "data", data());
        Path experiment = LabHome.resolve("experiments", name + ".yaml");
        Path notebook = LabHome.resolve(MyNotebooks.FOLDER, name + ".ipynb");
        for (Path file : new Path[] {experiment, notebook}) {
            if (Files.exists(file)) {
                throw new UsageException(LabHome.root().relativize(file) + " is there already: choose another name");
            }
        }
        String text = filled("experiment.yaml", words);
        Experiments.parse(name, text, Profile.QUICK); // it must run as it is
        write(experiment, text);
        write(notebook, filled("notebook.ipynb", words));
        System.out.println("Wrote  experiments/" + name + ".yaml");
        System.out.println("       " + LabHome.root().relativize(notebook));
        System.out.println("Next   ./lab run " + name + " --profile smoke    (does it run at all?)");
        System.out.println("       ./lab run " + name + "                    (a first answer)");
        System.out.println("       ./lab notebook " + name);
        return 0;
    }

    private String data() {
        if (images == null) {
            return "{name: fashion-mnist}";
        }
        for (String half : new String[] {"train", "val"}) {
            if (!Files.isDirectory(images.resolve(half))) {
                throw new UsageException("--images " + images + " has no folder " + half
                        + "; it needs train/CLASS/ and val/CLASS/ with the images of each class");
            }
        }
        String path = images.toAbsolutePath().normalize().toString();
        return "{name: folder, path: \"" + path.replace("\\", "\\\\").replace("\"", "\\\"") + "\", resolution: 64}";
    }

    /** {@code "Kernels on leaves"} for {@code kernels-on-leaves}. */
    private static String title(String name) {
        String words = name.replaceAll("[-_]+", " ").strip();
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private static String filled(String template, Map<String, String> words) {
        String text;
        try (InputStream file = NewCommand.class.getResourceAsStream("new/" + template)) {
            text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        for (Map.Entry<String, String> word : words.entrySet()) {
            text = text.replace("@" + word.getKey() + "@", word.getValue());
        }
        return text;
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw new LabException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
