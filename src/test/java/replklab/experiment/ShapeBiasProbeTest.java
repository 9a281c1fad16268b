package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.data.CueConflicts;
import replklab.data.DatasetSpec;
import replklab.data.Datasets;
import replklab.data.TrainTest;
import replklab.nn.Layer;
import replklab.tensor.Tensor;

/** The shape bias of a model whose decisions are known. */
class ShapeBiasProbeTest {
    private static final int IMAGES = 200;
    private static final int ALWAYS = 4;

    /** Takes everything for a coat. */
    private static final Layer COATS = new Layer() {
        @Override
        public Tensor forward(Tensor x) {
            int images = x.shape().toArray()[0];
            float[] logits = new float[images * 10];
            for (int i = 0; i < images; i++) {
                logits[i * 10 + ALWAYS] = 1;
            }
            return Tensor.of(logits, images, 10);
        }
    };

    @Test
    void countsTheDecisionsForShapeAndForTexture() {
        TrainTest data = Datasets.open(new DatasetSpec(CueConflicts.DATA_SET, null, 0, 10, 10), 0);
        Map<String, Double> metrics = new ShapeBiasProbe(IMAGES).ask(COATS, data);
        CueConflicts conflicts = Datasets.cueConflicts(data.test(), IMAGES);
        long shapes = Arrays.stream(conflicts.shapes()).filter(c -> c == ALWAYS).count();
        long textures =
                Arrays.stream(conflicts.textures()).filter(c -> c == ALWAYS).count();
        assertThat(shapes).isEqualTo(IMAGES / 10);
        assertThat(metrics.get("shape_decisions")).isEqualTo(100.0 * shapes / IMAGES, within(1e-9));
        assertThat(metrics.get("texture_decisions")).isEqualTo(100.0 * textures / IMAGES, within(1e-9));
        assertThat(metrics.get("shape_bias")).isEqualTo(100.0 * shapes / (shapes + textures), within(1e-9));
    }
}
