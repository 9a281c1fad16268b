package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import replklab.experiment.ExperimentSpec;
import replklab.experiment.Experiments;
import replklab.experiment.Profile;

class NewCommandTest {
    @RegisterExtension
    private final ScratchCheckout home = new ScratchCheckout();

    private final StringWriter err = new StringWriter();

    @Test
    void anExperimentAndItsNotebookThatRunAsTheyAre() throws IOException {
        assertThat(CommandOutput.of(err, 0, "new", "kernels-on-leaves"))
                .contains("experiments/kernels-on-leaves.yaml", "./lab run kernels-on-leaves");
        for (Profile profile : Profile.required()) {
            ExperimentSpec spec = Experiments.load("kernels-on-leaves", profile).spec();
            assertThat(spec.title()).isEqualTo("Kernels on leaves");
            assertThat(spec.seeds()).as("enough for an interval").isGreaterThan(1);
            assertThat(spec.inPaper()).isEmpty();
        }
        assertThat(Experiments.statedCosts("kernels-on-leaves", Profile.QUICK)).isEqualTo("1 min");
        Path file = home.resolve("my-notebooks/kernels-on-leaves.ipynb");
        JsonNode notebook = new ObjectMapper().readTree(file.toFile());
        assertThat(notebook.at("/metadata/kernelspec/name").asText()).isEqualTo("replk-lab");
        assertThat(notebook.get("cells")).hasSizeGreaterThan(5);
        assertThat(Files.readString(file))
                .contains("Lab.run(\\\"kernels-on-leaves\\\")")
                .doesNotContain("@name@");
        String before = Files.readString(home.resolve("experiments/kernels-on-leaves.yaml"));
        CommandOutput.of(err, 2, "new", "kernels-on-leaves");
        assertThat(err.toString()).contains("experiments/kernels-on-leaves.yaml is there already");
        assertThat(home.resolve("experiments/kernels-on-leaves.yaml")).hasContent(before);
    }

    @Test
    void imagesOfOnesOwn() throws IOException {
        Path images = home.resolve("my \"leaves\"");
        CommandOutput.of(err, 2, "new", "leaves", "--images", images.toString());
        assertThat(err.toString()).contains("has no folder train", "train/CLASS/");
        for (String folder : new String[] {"train/oak", "train/ash", "val/oak", "val/ash"}) {
            Path place = Files.createDirectories(images.resolve(folder));
            ImageIO.write(
                    new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB),
                    "png",
                    place.resolve("1.png").toFile());
        }
        CommandOutput.of(err, 0, "new", "leaves", "--images", images.toString());
        assertThat(Experiments.load("leaves", Profile.FULL).spec().data().path())
                .isEqualTo(images.toString());
    }

    @Test
    void aNameThatIsNoFileIsRefused() {
        for (String name : new String[] {"../escape", "a/b", "", "-x", "with space", "x".repeat(61)}) {
            StringWriter said = new StringWriter();
            CommandOutput.of(said, 2, "new", "--", name);
            assertThat(said.toString()).contains("cannot be called '");
        }
        assertThat(home.resolve("experiments")).doesNotExist();
    }
}
