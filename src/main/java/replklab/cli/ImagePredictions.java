package replklab.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import replklab.base.LabException;
import replklab.data.LooseImages;
import replklab.data.Preprocessing;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;
import replklab.train.Logits;

/** What a classifier takes image files for: the likeliest classes with their probabilities. */
final class ImagePredictions {
    /** Images at once: more take more memory and are no faster. */
    private static final int BATCH = 8;

    private final UnaryOperator<Tensor> network;
    private final Preprocessing preprocessing;
    private final List<String> classes;
    private final int top;

    /**
     * @param network images (n, h, w, c) to logits (n, classes)
     * @param top how many classes of each image are wanted
     */
    ImagePredictions(UnaryOperator<Tensor> network, Preprocessing preprocessing, List<String> classes, int top) {
        this.network = network;
        this.preprocessing = preprocessing;
        this.classes = classes;
        this.top = Math.min(top, classes.size());
    }

    /**
     * One image's answer.
     *
     * @param logits of all classes
     */
    record Answer(Path file, float[] logits) {}

    /** Those of all files that can be read, in their order; of the others it is said on {@code err} why not. */
    List<Answer> of(List<Path> files, PrintWriter err) {
        List<Answer> answers = new ArrayList<>();
        for (int from = 0; from < files.size(); from += BATCH) {
            answers.addAll(batch(files.subList(from, Math.min(files.size(), from + BATCH)), err));
        }
        return answers;
    }

    private List<Answer> batch(List<Path> files, PrintWriter err) {
        int values = preprocessing.shape().values();
        float[] images = new float[files.size() * values];
        List<Path> readable = new ArrayList<>();
        for (Path file : files) {
            try {
                LooseImages.read(file, preprocessing, images, readable.size() * values);
                readable.add(file);
            } catch (LabException e) {
                err.println(e.getMessage());
                err.flush();
            }
        }
        int count = readable.size();
        if (count == 0) {
            return List.of();
        }
        int side = preprocessing.resolution();
        int channels = preprocessing.shape().channels();
        try (Tape _ = Tape.inference()) {
            float[] logits = network.apply(
                            Tensor.of(Arrays.copyOf(images, count * values), count, side, side, channels))
                    .toArray();
            int width = classes.size();
            return IntStream.range(0, count)
                    .mapToObj(i -> new Answer(readable.get(i), Arrays.copyOfRange(logits, i * width, (i + 1) * width)))
                    .toList();
        }
    }

    /** The likeliest classes by name, the likeliest first, with their probabilities. */
    Map<String, Double> likeliest(Answer answer) {
        float[] logits = answer.logits;
        Map<String, Double> likeliest = new LinkedHashMap<>();
        IntStream.range(0, logits.length)
                .boxed()
                .sorted((a, b) -> Float.compare(logits[b], logits[a])) // of equals the first
                .limit(top)
                .forEach(c -> likeliest.put(classes.get(c), Logits.probability(logits, 0, logits.length, c)));
        return likeliest;
    }

    /** The same as lines below the file's name. */
    String text(Answer answer) {
        Map<String, Double> likeliest = likeliest(answer);
        int width = likeliest.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder(answer.file.toString()).append('\n');
        likeliest.forEach((name, probability) ->
                text.append(String.format(Locale.ROOT, "  %-" + width + "s  %5.1f %%%n", name, 100 * probability)));
        return text.toString();
    }
}
