package replklab.experiment;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import replklab.data.ContactSheet;
import replklab.data.DenseDataset;
import replklab.data.ImageDataset;
import replklab.nn.Layer;
import replklab.table.Csv;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;
import replklab.train.Answers;
import replklab.train.Evaluation;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** What a network said to each test image, as a table, and to some of them as a picture. */
final class Predictions {
    private static final int COLUMNS = 8;
    private static final int SAMPLES = 24;
    private static final int DENSE_SAMPLES = 8;
    private static final int SIDE = 64;
    private static final double DECIMALS = 1e5;

    private Predictions() {}

    /** The table as CSV: a row an image, with its class, and the predicted class and its probability or the image's own scores. */
    static String csv(ImageDataset test, Answers answers) {
        int images = answers.columns().firstEntry().getValue().size();
        List<Column<?>> columns = new ArrayList<>();
        columns.add(IntColumn.create("image", IntStream.range(0, images).toArray()));
        columns.add(StringColumn.create(
                "label", IntStream.range(0, images).mapToObj(i -> test.classes().get(test.label(i)))));
        answers.columns().forEach((name, values) -> {
            if (name.equals(Answers.PREDICTED)) {
                columns.add(StringColumn.create(
                        name, values.stream().map(label -> test.classes().get(label.intValue()))));
            } else {
                columns.add(DoubleColumn.create(
                        name,
                        values.stream()
                                .mapToDouble(value -> Math.rint(value * DECIMALS) / DECIMALS)
                                .toArray()));
            }
        });
        return Csv.of(Table.create("predictions", columns));
    }

    /** Some test images, each with its class and the predicted one; those that are wrong are framed. */
    static byte[] samples(ImageDataset test, Answers answers) {
        int[] examples = ContactSheet.spread(test, Math.min(SAMPLES, test.size()));
        List<ContactSheet.Answer> said = new ArrayList<>();
        for (int example : examples) {
            int predicted = answers.predicted(example);
            said.add(new ContactSheet.Answer(
                    test.classes().get(predicted), predicted == test.label(example), new byte[0]));
        }
        return png(ContactSheet.draw(test, examples, said, COLUMNS, SIDE));
    }

    /**
     * Some test images, each with the labels of its pixels above those that the network gives them.
     *
     * @param network in evaluation mode
     */
    static byte[] samples(DenseDataset test, Layer network, Answers answers) {
        int[] examples = ContactSheet.spread(test, Math.min(DENSE_SAMPLES, test.size()));
        int pixels = test.shape().pixels();
        List<ContactSheet.Answer> said = new ArrayList<>();
        try (Tape _ = Tape.inference()) {
            Tensor logits = network.forward(DatasetImages.of(test, IntStream.of(examples)));
            float[] values = logits.toArray();
            int classes = logits.shape().channels();
            for (int i = 0; i < examples.length; i++) {
                byte[] labels = new byte[pixels];
                for (int pixel = 0; pixel < pixels; pixel++) {
                    labels[pixel] = (byte) highest(values, (i * pixels + pixel) * classes, classes);
                }
                double iou = answers.columns().get(Evaluation.MEAN_IOU).get(examples[i]);
                said.add(new ContactSheet.Answer("mIoU " + Math.round(iou) + " %", true, labels));
            }
        }
        return png(ContactSheet.draw(test, examples, said, COLUMNS, SIDE));
    }

    private static int highest(float[] logits, int from, int classes) {
        int best = 0;
        for (int k = 1; k < classes; k++) {
            best = logits[from + k] > logits[from + best] ? k : best;
        }
        return best;
    }

    /** Plainly: the smallest file takes six times as long, for every run. */
    private static byte[] png(BufferedImage sheet) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // Not ImageIO's own kind of stream, a temporary file with a shutdown hook, which the JVM refuses once it stops.
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(sheet, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
