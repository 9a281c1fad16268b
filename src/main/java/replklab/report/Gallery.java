package replklab.report;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import tech.tablesaw.api.Table;

/**
 * What an experiment's runs kept of their answers, for the HTML page.
 *
 * @param classes names of the images' classes, in order
 * @param answers of runs that kept them, all to the same images; may be empty
 * @param image the PNG of a test image, small; empty where the images are not those that were answered
 * @param notes what is left out, a sentence each
 * @param scores of the classes of pixels, by variant; empty where no pixels were labelled
 * @param sheets pictures of what runs said of pixels; may be empty
 * @param fields the receptive fields of the variants, if they are known
 */
public record Gallery(
        List<String> classes,
        List<RunAnswers> answers,
        IntFunction<Optional<byte[]>> image,
        List<String> notes,
        Optional<Table> scores,
        List<Sheet> sheets,
        Optional<Sheet> fields) {
    /**
     * A picture.
     *
     * @param label what stands above it
     * @param description for who does not see it
     */
    public record Sheet(String label, String description, byte[] png) {}

    public Gallery {
        classes = List.copyOf(classes);
        answers = List.copyOf(answers);
        notes = List.copyOf(notes);
        sheets = List.copyOf(sheets);
        if (answers.stream().map(RunAnswers::truth).distinct().count() > 1) {
            throw new IllegalArgumentException("the answers of a gallery are all to the same images");
        }
    }

    /**
     * What a run's classifier scored on each test image, 100 where it was right and else 0: the mean is its accuracy. A run that diverged
     * has its guess on each.
     *
     * @return empty of runs that kept no answers
     */
    public Optional<double[]> accuracies(RunRow run) {
        if (answers.isEmpty()) {
            return Optional.empty();
        }
        int images = answers.getFirst().truth().size();
        if (run.status() == RunEnd.DIVERGED) {
            double guess = run.metrics().getOrDefault("accuracy", Double.NaN);
            return Optional.of(DoubleStream.generate(() -> guess).limit(images).toArray());
        }
        return answers.stream()
                .filter(each ->
                        each.run().seed() == run.seed() && each.run().variant().equals(run.variant()))
                .findFirst()
                .map(each -> IntStream.range(0, images)
                        .mapToDouble(image -> each.isRight(image) ? 100 : 0)
                        .toArray());
    }
}
