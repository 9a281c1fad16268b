package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import replklab.base.UsageException;

class ContactSheetTest {
    @Test
    void showsTheImagesPixelsAndBelowThemTheirLabels() {
        TrainTest data = FashionScenes.of(FashionMnist.open(Path.of("data", "fashion-mnist")), 32);
        DenseDataset test = (DenseDataset) Subset.balanced(data.test(), "testExamples", 4, 1);
        BufferedImage sheet = ContactSheet.draw(test, 4, 1, 32);
        float[] image = new float[32 * 32];
        byte[] labels = new byte[32 * 32];
        test.read(1, image, 0, labels, 0);
        int left = 8 + 32 + 8; // a gap, an image, a gap
        int top = 8 + 18; // a gap and a line of text
        int black = 0xFF101010;
        for (int i = 0; i < 32 * 32; i++) {
            int grey = test.info().normalization().sample(image[i], 0);
            assertThat(sheet.getRGB(left + i % 32, top + i / 32)).isEqualTo(0xFF000000 | grey * 0x010101);
            assertThat(sheet.getRGB(left + i % 32, top + 34 + i / 32) == black).isEqualTo(labels[i] == 0);
        }
    }

    @Test
    void imagesWithoutLabelsHaveNoSecondRow() {
        ImageDataset test = FashionMnist.open(Path.of("data", "fashion-mnist"), Split.TEST);
        assertThat(ContactSheet.draw(test, 2, 3, 28).getHeight()).isEqualTo(8 + 3 * (18 + 28 + 8) + 8);
        assertThatThrownBy(() -> ContactSheet.draw(test, 0, 3, 28)).isInstanceOf(UsageException.class);
    }
}
