package replklab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import replklab.stats.RunRow;

/** Made-up answers of the made-up runs of {@link Shortcuts}. */
final class Answered {
    static final List<String> CLASSES = List.of("Shirt", "Coat & <hat>", "\"Bag\"");
    static final int IMAGES = 30;

    private Answered() {}

    /** Of each run to the same images, half of them right. */
    static List<RunAnswers> by(List<RunRow> runs) {
        List<RunAnswers> answers = new ArrayList<>();
        for (RunRow run : runs) {
            Random random = new Random(run.seed() + run.label().length());
            List<String> truth = new ArrayList<>();
            List<String> said = new ArrayList<>();
            for (int image = 0; image < IMAGES; image++) {
                truth.add(CLASSES.get(image % 3));
                said.add(CLASSES.get(random.nextBoolean() ? image % 3 : random.nextInt(3)));
            }
            answers.add(new RunAnswers(run, truth, said));
        }
        return answers;
    }

    static Gallery gallery(List<RunAnswers> answers, String... notes) {
        return new Gallery(
                CLASSES,
                answers,
                _ -> Optional.of(new byte[] {1, 2, 3}),
                List.of(notes),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    static String page(Gallery gallery) {
        HtmlPage page = new HtmlPage("t", Map.of(), _ -> Optional.empty());
        GalleryPart.add(gallery, page);
        return page.toString();
    }
}
