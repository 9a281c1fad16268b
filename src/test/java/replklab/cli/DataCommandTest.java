package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int execute(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void showsScenesOnASheetAndCountsThem() throws IOException {
        Path sheet = folder.resolve("scenes.png");
        assertThat(execute(
                        "data",
                        "fashion-scenes",
                        "--resolution",
                        "32",
                        "--examples",
                        "30",
                        "--sheet",
                        sheet.toString(),
                        "--statistics"))
                .as(err.toString())
                .isZero();
        BufferedImage picture = ImageIO.read(sheet.toFile());
        assertThat(picture.getWidth()).isEqualTo(8 + 8 * (96 + 8));
        assertThat(out.toString())
                .contains("30 images, mean", "Sandal", "3 images   10.0 %", "background", "% of the pixels");
    }

    /** A folder has as many images as it has: a sheet shows them, and says where it is. */
    @Test
    void showsTheEighteenImagesThatThereAre() throws IOException {
        Path images = folder.resolve("images");
        for (String half : new String[] {"train", "val"}) {
            String place = images.resolve(half).toString();
            assertThat(execute("data", "--output", place, "--examples", "18")).isZero();
        }
        Path sheet = folder.resolve("sheet.png");
        assertThat(execute("data", "folder", "--path", images.toString(), "--sheet", sheet.toString()))
                .as(err.toString())
                .isZero();
        assertThat(ImageIO.read(sheet.toFile()).getWidth()).isEqualTo(8 + 6 * (96 + 8));
        assertThat(out.toString()).contains(sheet + ": 18 of 18 images, 632x");
        assertThat(execute("data", "folder", "--path", images.toString(), "--examples", "19", "--sheet", "x.png"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("'folder' has 18");
    }

    @Test
    void asksWhatIsWanted() {
        assertThat(execute("data", "fashion-scenes")).isEqualTo(2);
        assertThat(err.toString()).contains("--output FOLDER, --sheet FILE or --statistics");
    }
}
