package replklab.report;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
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
}
